import { readFile } from 'node:fs/promises';
import type { RecipeInput } from '#generated/client/graphql.ts';
import { parseGlobalId } from '#graph/ids.ts';
import { finalize, type House, sendBytes } from './house.ts';
import { recording } from './media.ts';

/** What is said in `talk.mp4`: a sentence in each of its stretches of sound. */
export const talkCaptions = {
  format: 'SRT',
  language: 'en',
  text: [
    'We lost a recording of three hours and nobody noticed.',
    'The disk was full because logs filled it every night.',
    'So we measured how many bytes each worker writes.',
    'The answer was eleven gigabytes for one hour of video.',
    'Now every job counts its bytes before it starts.',
  ]
    .map((text, at) => `${at + 1}\n${clock(at * 2700)} --> ${clock(at * 2700 + 2000)}\n${text}\n`)
    .join('\n'),
} as const;

function clock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 23).replace('.', ',');
}

type Clips = NonNullable<RecipeInput['clips']>;

/** Two sentences of the talk as one clip in the shapes asked for. */
export const shortClip = (...presets: Clips['presets']): RecipeInput => ({
  highlights: { count: 1, minDurationMs: 3_000, maxDurationMs: 7_000 },
  clips: { presets, captionStyle: 'SIDECAR', removeSilences: false, reel: false },
});

/** Two clips of two sentences each, in the shapes asked for. */
export const shortClips = (...presets: Clips['presets']): RecipeInput => ({
  ...shortClip(...presets),
  highlights: { count: 2, minDurationMs: 3_000, maxDurationMs: 5_000 },
});

/** A run that was started, from the first moment on. */
export interface StartedRun {
  /** As clients know it. */
  readonly runId: string;
  readonly uploadId: string;
  /** Its row's id. */
  readonly id: string;
  /** The cursor from before any worker saw it. */
  readonly after: string;
}

/** Sends the talk with its captions and starts a run of it. */
export const startTalk = (house: House, recipe: RecipeInput): Promise<StartedRun> =>
  startRecording(house, recipe, talkCaptions);

/** Sends the talk and starts a run of it; without captions it must be listened to. */
export async function startRecording(
  house: House,
  recipe: RecipeInput,
  captions?: typeof talkCaptions,
): Promise<StartedRun> {
  const uploadId = await sendBytes(house, await readFile(await recording('talk.mp4')));
  const { run, errors } = await finalize(house, uploadId, recipe, captions);
  if (!run) throw new Error(errors.map((error) => error.message).join('; '));
  return { runId: run.id, uploadId, id: rowIdOf(run.id), after: run.eventCursor };
}

/** The row's id inside a global one. */
export function rowIdOf(globalId: string): string {
  const parsed = parseGlobalId(globalId);
  if (!parsed) throw new Error(`${globalId} is no global id`);
  return parsed.id;
}
