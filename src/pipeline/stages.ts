import { keysOf } from '#base/record.ts';

/**
 * THE declaration of the pipeline. The API's enum, the worker's task list, a run's progress and docs/pipeline.md are
 * all derived from it; nothing else names the order of the work.
 *
 *     ingest ── transcribe ─┬─ highlight ─┬─ cut   (per clip)
 *                           │             └─ reel  (per clip)
 *                           └─ write (per content kind)
 *
 * A tree: one parent each, so the end of a stage never asks about its siblings.
 */
interface Stage {
  readonly parent: string | null;
  /** `media` stages encode and share FFMPEG_CONCURRENCY; `provider` stages mostly wait for somebody else. */
  readonly concurrency: 'media' | 'provider';
  /** When a required stage fails nothing usable came out: the run is FAILED. Otherwise it is PARTIAL. */
  readonly required: boolean;
  /** Share of the run's progress bar, in parts: roughly the seconds it takes for an hour of recording. */
  readonly weight: number;
  /** What repeats it; null where it runs once. */
  readonly subject: 'clip' | 'content' | null;
  readonly timeoutMinutes: number;
  readonly about: string;
}

export const stages = {
  ingest: {
    parent: null,
    concurrency: 'media',
    required: true,
    weight: 10,
    subject: null,
    timeoutMinutes: 60,
    about:
      'Checks the bytes against what was announced, probes them, reads them once for silences, loudness, waveform, ' +
      'storyboard, scenes and layout.',
  },
  transcribe: {
    parent: 'ingest',
    concurrency: 'provider',
    required: true,
    weight: 30,
    subject: null,
    timeoutMinutes: 120,
    about: 'Makes timed words and sentences from captions or speech.',
  },
  highlight: {
    parent: 'transcribe',
    concurrency: 'provider',
    required: false,
    weight: 5,
    subject: null,
    timeoutMinutes: 15,
    about: 'Chooses the moments worth sharing and lays out their clips.',
  },
  cut: {
    parent: 'highlight',
    concurrency: 'media',
    required: false,
    weight: 40,
    subject: 'clip',
    timeoutMinutes: 60,
    about: 'Encodes one clip in all its shapes, with captions and a poster; the best clip goes first.',
  },
  reel: {
    parent: 'highlight',
    concurrency: 'media',
    required: false,
    weight: 10,
    subject: 'clip',
    timeoutMinutes: 60,
    about: 'Encodes the chosen highlights in timeline order as one video.',
  },
  write: {
    parent: 'transcribe',
    concurrency: 'provider',
    required: false,
    weight: 10,
    subject: 'content',
    timeoutMinutes: 15,
    about: 'Writes one post, each sentence with the words of the recording that support it.',
  },
} as const satisfies Record<string, Stage>;

export type StageName = keyof typeof stages;

/** Stage names in the order of the declaration. */
export const stageNames = keysOf(stages);

/** The name under which the API shows a stage. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what toUpperCase does, its type does not say
export const stageEnum = (stage: StageName): Uppercase<StageName> => stage.toUpperCase() as Uppercase<StageName>;

/** The stage a stored row names. Rows are only written by us, so another name is a fault of ours. */
export function stageNamed(name: string): StageName {
  const stage = stageNames.find((known) => known === name);
  if (!stage) throw new TypeError(`no stage is named ${name}`);
  return stage;
}

/** Attempts at one stage, the first included: with RETRY_BASE_MS of 5 s they spread over about 3 to 4 minutes. */
export const maxAttempts = 5;
