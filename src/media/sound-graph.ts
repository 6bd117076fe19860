import { durationOf } from '#base/time.ts';
import { halfCrossfadeMs } from './crossfade.ts';
import type { Reach } from './reach.ts';

/** How joined sound is shaped. */
export interface SoundShape {
  readonly sampleRate: number;
  readonly layout: 'mono' | 'stereo';
  /** Milliseconds of fade on both sides of every join, so that none clicks; 0 for a recogniser. */
  readonly fadeMs: number;
  /** Which cuts come in over the one before; they are read with more on that side (`withHandles`). */
  readonly fadesIn?: ReadonlySet<number>;
}

/**
 * Filter chains that join the cuts of all reaches, exact to the sample, into `[sound]`. Input n is reach n.
 * Holes in the source's sound become silence, so that sound stays where the container says it is.
 */
export function soundGraph(reaches: readonly Reach[], shape: SoundShape): string {
  const chains = reaches.map((reach, input) => reachChains(reach, input, shape));
  const labels = reaches.flatMap((reach, input) => reach.cuts.map((_, cut) => `[s${input}_${cut}]`));
  return [...chains, ...joined(labels, shape)].join(';');
}

function reachChains(reach: Reach, input: number, shape: SoundShape): string {
  const parts = reach.cuts.map((_, cut) => `[r${input}_${cut}]`);
  const whole = [
    `[${input}:a:0]aresample=${shape.sampleRate}:async=1:first_pts=0`,
    `aformat=sample_rates=${shape.sampleRate}:channel_layouts=${shape.layout}`,
    `apad=pad_len=${samples(durationOf(reach), shape)}`,
    `asplit=${parts.length}${parts.join('')}`,
  ].join(',');
  return [whole, ...parts.map((part, cut) => cutChain(part, { reach, input, cut }, shape))].join(';');
}

function cutChain(part: string, at: { reach: Reach; input: number; cut: number }, shape: SoundShape): string {
  const { startMs, endMs } = at.reach.cuts[at.cut] ?? at.reach;
  const from = samples(startMs - at.reach.startMs, shape);
  const to = samples(endMs - at.reach.startMs, shape);
  const trim = `${part}atrim=start_sample=${from}:end_sample=${to},asetpts=PTS-STARTPTS`;
  return `${trim}${fades(to - from, shape)}[s${at.input}_${at.cut}]`;
}

function fades(length: number, shape: SoundShape): string {
  const fade = Math.min(samples(shape.fadeMs, shape), Math.floor(length / 2));
  return fade === 0 ? '' : `,afade=t=in:ss=0:ns=${fade},afade=t=out:ss=${length - fade}:ns=${fade}`;
}

/** Cuts one after the other; where one fades in, what came so far fades out, at equal power. */
function joined(labels: readonly string[], shape: SoundShape): string[] {
  const { fadesIn = new Set() } = shape;
  const groups: string[][] = [];
  for (const [cut, label] of labels.entries()) {
    const group = groups.at(-1);
    if (group && !fadesIn.has(cut)) group.push(label);
    else groups.push([label]);
  }
  const output = (at: number) => (at === groups.length - 1 ? '[sound]' : `[g${at}]`);
  const concat = (group: readonly string[]) => `${group.join('')}concat=n=${group.length}:v=0:a=1`;
  return groups.flatMap((group, at) => {
    if (at === 0) return [`${concat(group)}${output(0)}`];
    const over = `acrossfade=ns=${samples(2 * halfCrossfadeMs, shape)}:c1=qsin:c2=qsin`;
    return [`${concat(group)}[f${at}]`, `[g${at - 1}][f${at}]${over}${output(at)}`];
  });
}

const samples = (ms: number, { sampleRate }: SoundShape): number => Math.round((ms * sampleRate) / 1000);
