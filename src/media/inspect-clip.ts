import { rm } from 'node:fs/promises';
import { Problem } from '#base/problem.ts';
import { blackShare } from './black-share.ts';
import type { EncodedSound } from './clip-sound.ts';
import { type CutList, inputsOf, reachesIn } from './cut-list.ts';
import { type EncodedQuality, faultsOf } from './encoded-quality.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { joinedPicture } from './joined-picture.ts';
import { mp4Layout } from './mp4-layout.ts';
import { type MediaFacts, probe } from './probe.ts';
import { totalOf } from './reach.ts';

/** An encoded file and what it was ordered to be. */
interface Ordered extends CutList {
  readonly out: string;
  readonly source: string;
  /** Whether the recording has a picture. */
  readonly pictured: boolean;
  /** Kinds of its streams, in order. */
  readonly streams: readonly string[];
  /** Its sound, as it was encoded; null for none. */
  readonly sound: EncodedSound | null;
  readonly target: number;
  readonly graphFile: string;
  readonly signal: AbortSignal;
}

/** A file that may be handed out. */
interface Inspected {
  readonly facts: MediaFacts;
  readonly quality: EncodedQuality;
}

/** Loudness is measured in blocks of 0.4 s; of half a second the ffmpeg of 2018 finds none. */
const shortestMs = 1_000;

/** Measures what was encoded. A file with a fault is removed and refused: ENCODE_FAILED with the faults and all figures. */
export async function inspectClip(ffmpeg: Ffmpeg, ordered: Ordered): Promise<Inspected> {
  const { out, sound, signal } = ordered;
  const { facts, streams } = await probe(ffmpeg, out, signal);
  const quality = await qualityOf(ffmpeg, ordered, facts);
  const faults = faultsOf(quality, {
    blackInSource: await blackInSource(ffmpeg, ordered, quality),
    soundExpected: sound !== null && !sound.silentInSource && totalOf(ordered.cuts) >= shortestMs,
    streams: { wanted: ordered.streams, found: streams },
  });
  if (faults.length > 0) {
    await rm(out, { force: true });
    throw new Problem('ENCODE_FAILED', { faults, streams, ...quality });
  }
  const audio = facts.audio && { ...facts.audio, integratedLoudness: quality.loudness?.integrated ?? null };
  return { facts: { ...facts, audio }, quality };
}

async function qualityOf(ffmpeg: Ffmpeg, ordered: Ordered, facts: MediaFacts): Promise<EncodedQuality> {
  const { out, cuts, sound, target, signal } = ordered;
  const watched = { inputs: [{ file: out, options: ['-skip_frame', 'nokey'] }], signal, graph: '[0:V:0]null[watched]' };
  return {
    durationErrorMs: facts.durationMs - totalOf(cuts),
    loudness: sound?.loudness ? { ...sound.loudness, target, limitedByPeaks: sound.limitedByPeaks } : null,
    blackShare: facts.video && (await blackShare(ffmpeg, watched)),
    constantFrameRate: facts.video && !facts.video.variableFrameRate,
    ...(await mp4Layout(out)),
  };
}

/** Only asked where much is black: then the clip's frames are decoded again, one for each second. */
async function blackInSource(ffmpeg: Ffmpeg, ordered: Ordered, quality: EncodedQuality): Promise<number> {
  if (!ordered.pictured || !quality.blackShare) return 0;
  const { fadesIn, graphFile, signal } = ordered;
  const rate = { above: 1, below: 1 };
  const graph = `${joinedPicture({ reaches: reachesIn(ordered), fadesIn, rate })};[joined]null[watched]`;
  return blackShare(ffmpeg, { inputs: inputsOf(ordered), graph, graphFile, signal });
}
