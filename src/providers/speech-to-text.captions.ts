import { Problem } from '#base/problem.ts';
import { type SourceMs, sourceMs, type Word } from '#base/time.ts';
import { parseSubtitles } from '#captions/subtitles.ts';
import type { SubtitleCue } from '#captions/subtitles-text.ts';
import { inTurn } from '#captions/subtitles-turns.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import { requireRoomFor } from '#timeline/speakable.ts';
import { spreadWords } from '#timeline/word-timing.ts';
import { isSoundNote } from './inventions.ts';
import { languageTag, sameLanguage } from './language-tag.ts';
import type { SpeechSource, SpeechToText, SpokenSegment, Transcription } from './speech-to-text.ts';

/** Whether somebody has written down already what is said. An embedded track may still turn out to be empty. */
export const hasCaptions = (source: SpeechSource): boolean => source.sidecar !== null || source.textTracks.length > 0;

/**
 * Takes the captions that came with the upload, else a text track of the file (the wanted language first). Cues without
 * word times get estimated ones. Throws TRANSCRIBER_NOT_CONFIGURED when no track holds a cue, INVALID_INPUT for captions
 * sent that cannot be read or hold more than anybody could say, MEDIA_NO_SPEECH when they only describe sounds.
 */
export const captionsSpeechToText = ({ ffmpeg }: { ffmpeg: Ffmpeg }): SpeechToText => ({
  version: 'captions:1',
  async transcribe(source, { signal, onProgress }) {
    signal.throwIfAborted();
    const captions = await findCaptions(ffmpeg, source, signal);
    const cues = captions.cues.filter((cue) => cue.startMs < source.durationMs);
    requireRoomFor(cues, { startMs: sourceMs(0), endMs: source.durationMs });
    const segments = inTurn(cues).flatMap((cue) => segmentOf(cue, source));
    if (segments.length === 0) throw new Problem('MEDIA_NO_SPEECH', { cues: captions.cues.length });
    onProgress(1);
    return {
      provider: 'captions',
      model: captions.origin,
      language: languageTag(captions.language ?? source.language),
      wordTiming: captions.cues.every((cue) => cue.words !== undefined) ? 'MEASURED' : 'ESTIMATED',
      segments,
      inventedWords: 0,
    } satisfies Transcription;
  },
});

interface Captions {
  readonly origin: 'sidecar' | 'embedded';
  readonly language: string | null;
  readonly cues: readonly SubtitleCue[];
}

async function findCaptions(ffmpeg: Ffmpeg, source: SpeechSource, signal: AbortSignal): Promise<Captions> {
  if (source.sidecar !== null) {
    const { format, language, text } = source.sidecar;
    return { origin: 'sidecar', language, cues: parseSubtitles(text, format).cues };
  }
  for (const { index, language } of tracksByLanguage(source)) {
    const text = await extractTrack(ffmpeg, { file: source.file, index, signal });
    const cues = readableCues(text);
    if (cues.length > 0) return { origin: 'embedded', language, cues };
  }
  throw new Problem('TRANSCRIBER_NOT_CONFIGURED');
}

/** The wanted language first; otherwise as the file orders them. */
function tracksByLanguage({ textTracks, language }: SpeechSource): SpeechSource['textTracks'] {
  const fits = (tag: string | null): number => Number(language !== null && tag !== null && sameLanguage(tag, language));
  return textTracks.toSorted((a, b) => fits(b.language) - fits(a.language));
}

/** Three hours of dense captions are half a megabyte; 16 took 16 s to read, after which a worker counts as lost. */
const mostTrackBytes = 4_000_000;

async function extractTrack(
  ffmpeg: Ffmpeg,
  { file, index, signal }: { file: string; index: number; signal: AbortSignal },
): Promise<string> {
  const parts: Buffer[] = [];
  const flood = new AbortController();
  let size = 0;
  const onOutput = (part: Buffer) => {
    size += part.length;
    if (size <= mostTrackBytes) parts.push(part);
    else flood.abort(new Problem('MEDIA_UNSUPPORTED', { found: 'a caption track of more than 4 MB' }));
  };
  await ffmpeg.run({
    inputs: [{ file }],
    outputs: [{ file: 'pipe', options: ['-map', `0:${index}`, '-c:s', 'webvtt', '-f', 'webvtt'], onOutput }],
    expectedMs: 0,
    kind: 'light',
    signal: AbortSignal.any([signal, flood.signal]),
  });
  return Buffer.concat(parts).toString('utf8');
}

/** An empty track is common (players write one for chapters) and no reason to fail. */
function readableCues(vtt: string): readonly SubtitleCue[] {
  try {
    return parseSubtitles(vtt, 'VTT').cues;
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code === 'INVALID_INPUT') return [];
    throw thrown;
  }
}

/** The cue as a segment inside the recording; none when it starts after the end or only describes a sound. */
function segmentOf(cue: SubtitleCue, { durationMs, silences }: SpeechSource): SpokenSegment[] {
  if (cue.startMs >= durationMs || isSoundNote(cue.text)) return [];
  const span = { startMs: cue.startMs, endMs: sourceMs(Math.min(cue.endMs, durationMs)) };
  const words = cue.words ?? spreadWords({ ...span, text: cue.text }, silences);
  return [
    {
      ...span,
      text: cue.text,
      words: words.map((word) => clamped(word, span.startMs, span.endMs)),
      ...(cue.speaker !== undefined && { speaker: cue.speaker }),
    },
  ];
}

const clamped = (word: Word, from: SourceMs, to: SourceMs): Word => ({
  ...word,
  startMs: sourceMs(Math.min(Math.max(word.startMs, from), to)),
  endMs: sourceMs(Math.min(Math.max(word.endMs, from), to)),
});
