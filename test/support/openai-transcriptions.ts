import { type Answer, refused, type SeenRequest } from './openai-wire.ts';

/** What the recogniser heard in one file. Times are seconds of that file, as on the wire. */
export interface Heard {
  /** The service's own word, such as `english`. */
  readonly language: string;
  readonly words: readonly { readonly word: string; readonly start: number; readonly end: number }[];
  /** By default one segment over all words. */
  readonly segments?: readonly HeardSegment[];
  /** What a model that tells voices apart answers; by default one turn of A over all words. */
  readonly turns?: readonly HeardTurn[];
}

/** What one voice said, as a model that tells voices apart answers it. */
export interface HeardTurn {
  readonly speaker: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface HeardSegment {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly avg_logprob?: number;
  readonly compression_ratio?: number;
  readonly no_speech_prob?: number;
}

const known = [
  'model',
  'language',
  'prompt',
  'response_format',
  'temperature',
  'timestamp_granularities[]',
  'chunking_strategy',
];

/** Checks a transcription request as the service does and answers it from what `hear` says. */
export async function answerTranscription(
  seen: SeenRequest,
  hear: (request: SeenRequest) => Heard | Promise<Heard>,
): Promise<Answer> {
  const fault = faultOf(seen);
  if (fault !== null) return fault;
  const heard = await hear(seen);
  const granularities = seen.fields['timestamp_granularities[]'] ?? ['segment'];
  const text = heard.words.map(({ word }) => word).join(' ');
  const seconds = heard.words.at(-1)?.end ?? 0;
  if (seen.fields.response_format?.[0] === 'diarized_json') return { status: 200, body: diarized(heard, text) };
  if (seen.fields.response_format?.[0] !== 'verbose_json') return { status: 200, body: { text } };
  return {
    status: 200,
    body: {
      task: 'transcribe',
      language: heard.language,
      duration: seconds,
      text,
      ...(granularities.includes('segment') && { segments: segmentsOf(heard, text) }),
      ...(granularities.includes('word') && { words: heard.words }),
      usage: { type: 'duration', seconds: Math.ceil(seconds) },
    },
  };
}

function faultOf(seen: SeenRequest): Answer | null {
  const model = seen.fields.model?.[0];
  const format = seen.fields.response_format?.[0] ?? 'json';
  const unknown = Object.keys(seen.fields).find((name) => !known.includes(name));
  if (unknown !== undefined) return refused(400, `Unknown parameter: ${unknown}`);
  if (seen.file === null) return refused(400, 'file is required');
  if (!/\.(flac|mp3|mp4|m4a|ogg|wav|webm)$/.test(seen.file.name)) return refused(400, 'Invalid file format.');
  if (model === undefined) return refused(400, 'you must provide a model parameter');
  if (seen.fields['timestamp_granularities[]'] && format !== 'verbose_json') {
    return refused(400, 'timestamp_granularities needs response_format verbose_json');
  }
  const told = model.includes('diarize') ? ['json', 'text', 'diarized_json'] : ['json', 'text'];
  if (model.startsWith('gpt-4o') ? !told.includes(format) : format === 'diarized_json') {
    return refused(400, `response_format '${format}' is not compatible with model '${model}'`, 'unsupported_value');
  }
  if (model.includes('diarize') && seen.fields.chunking_strategy === undefined) {
    return refused(400, 'chunking_strategy is required for diarization models');
  }
  return null;
}

function diarized(heard: Heard, text: string): unknown {
  const turn = { speaker: 'A', start: heard.words[0]?.start ?? 0, end: heard.words.at(-1)?.end ?? 0, text };
  const turns = heard.turns ?? (heard.words.length > 0 ? [turn] : []);
  return {
    task: 'transcribe',
    duration: turns.at(-1)?.end ?? 0,
    text: turns.map((each) => each.text).join(' '),
    segments: turns.map((each, at) => ({ type: 'transcript.text.segment', id: `seg_${at}`, ...each })),
    usage: { type: 'duration', seconds: Math.ceil(turns.at(-1)?.end ?? 0) },
  };
}

function segmentsOf(heard: Heard, text: string): unknown[] {
  const whole = { start: heard.words[0]?.start ?? 0, end: heard.words.at(-1)?.end ?? 0, text };
  const segments: readonly HeardSegment[] = heard.segments ?? (heard.words.length > 0 ? [whole] : []);
  return segments.map((segment, id) => ({
    id,
    seek: 0,
    tokens: [],
    temperature: 0,
    avg_logprob: -0.2,
    compression_ratio: 1.4,
    no_speech_prob: 0.01,
    ...segment,
  }));
}
