import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { openFolder } from '#base/temp.ts';
import { type SourceMs, type Span, sourceMs } from '#base/time.ts';
import type { SpeechSource } from '#providers/speech-to-text.ts';
import { type Tone, writeTones } from './tones.ts';

/** A recording of tone words with what the analysis would know of it. */
export interface Recording extends AsyncDisposable {
  readonly source: SpeechSource;
  /** Path of a file beside the recording. */
  scratch(name: string): string;
}

/** Writes a recording in which these words can be heard, in a folder that is gone at the end of its scope. */
export async function openRecording(tones: readonly Tone[], durationMs: number): Promise<Recording> {
  const folder = await openFolder();
  const file = folder.file('talk.wav');
  await writeTones(file, tones, durationMs);
  await mkdir(folder.file('chunks'));
  return {
    source: {
      file,
      sha256: createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
      durationMs: sourceMs(durationMs),
      hasAudio: true,
      textTracks: [],
      sidecar: null,
      silences: silencesBetween(tones, sourceMs(durationMs)),
      language: null,
      folder: folder.file('chunks'),
    },
    scratch: (name) => folder.file(name),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

function silencesBetween(tones: readonly Tone[], durationMs: SourceMs): Span[] {
  const edges = [0, ...tones.flatMap((tone) => [tone.startMs, tone.endMs]), durationMs];
  const gaps = edges.flatMap((edge, at) => (at % 2 === 0 ? [[edge, edges[at + 1] ?? durationMs] as const] : []));
  return gaps
    .filter(([from, to]) => to - from >= 350)
    .map(([from, to]) => ({ startMs: sourceMs(from), endMs: sourceMs(to) }));
}
