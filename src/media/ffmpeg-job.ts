import path from 'node:path';
import { spokenOf } from './location.ts';

/** What to read, with the options that stand before its `-i`. */
export interface Input {
  /** A local file, or the address of a recording behind our own server of ranges. */
  readonly file: string;
  readonly options?: readonly string[];
  /** A text of our own that holds chapters, and no media. */
  readonly isChapters?: true;
}

/** Where a result goes: an absolute path, `pipe` (in pieces to its `onOutput`) or `null` (decoded and dropped). */
export interface Output {
  readonly file: string;
  readonly options: readonly string[];
  readonly onOutput?: (chunk: Buffer) => void;
  /** Which input holds the chapters of a video file; without one it has none, whatever its sources have. */
  readonly chaptersFrom?: number | undefined;
}

/** One call of ffmpeg. */
export interface Job {
  readonly inputs: readonly Input[];
  readonly filterGraph?: string;
  /** Where the graph is written if it is too long for an argument: in the work folder. */
  readonly graphFile?: string;
  readonly outputs: readonly Output[];
  /** Length of the result in milliseconds: progress is the reached time over it. 0 where unknown. */
  readonly expectedMs: number;
  /** `encode` waits for one of the machine's encoding places; `light` starts at once. */
  readonly kind: 'encode' | 'light';
  readonly signal: AbortSignal;
  /** 0 to 1, rising, about twice a second. */
  readonly onProgress?: (fraction: number) => void;
  /** By default ten minutes and thirty times the expected length. */
  readonly timeoutMs?: number;
}

/** Options as ffmpeg takes them, from a table of names and values. */
export function flags(values: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [`-${name}`, String(value)]);
}

/**
 * A graph that must be read from a file: Linux takes no argument above 128 KiB (870 cuts), and no newer ffmpeg than 7
 * takes the option for files.
 */
export function longGraph({ filterGraph, graphFile }: Job): { text: string; file: string } | null {
  if (filterGraph === undefined || filterGraph.length < 100_000) return null;
  if (graphFile === undefined) throw new TypeError('the filter graph is too long for an argument');
  return { text: filterGraph, file: graphFile };
}

/** The options that give ffmpeg its filter graph. */
export function graphOptions(job: Job): string[] {
  const long = longGraph(job);
  if (long) return ['-filter_complex_script', long.file];
  return job.filterGraph === undefined ? [] : ['-filter_complex', job.filterGraph];
}

/** Names with a meaning of their own. */
export const isFile = (output: Output): boolean => output.file !== 'pipe' && output.file !== 'null';

/** Where an output is written until it is whole. */
export const partOf = (output: Output): string => `${path.resolve(output.file)}.part`;

/** The muxer of a file name; `.part` files cannot be told by their names. */
function muxerOf(file: string): string {
  const muxer = muxers[path.extname(file).toLowerCase()];
  if (muxer === undefined) throw new TypeError(`no muxer for ${path.extname(file)}`);
  return muxer;
}

const muxers: Readonly<Record<string, string>> = {
  '.mp4': 'mp4',
  '.m4a': 'ipod',
  '.flac': 'flac',
  '.wav': 'wav',
  '.jpg': 'mjpeg',
  '.mkv': 'matroska',
};

/**
 * The options that say how a file is written. With chapters the MP4 muxer adds a track of text, which platforms refuse;
 * the one for F4V writes the same file without it, and says so by its brand unless it is told another one.
 */
export function muxerOptions({ file, chaptersFrom }: Output): string[] {
  if (file === 'null') return ['-f', 'null'];
  if (file === 'pipe') return [];
  return chaptersFrom === undefined ? ['-f', muxerOf(file)] : ['-f', 'f4v', '-brand', 'isom'];
}

/** Every file the job names, for keeping them out of logs. */
export const filesOf = (job: Job): string[] => [
  ...job.inputs.map((input) => spokenOf(input.file)),
  ...job.outputs.filter(isFile).map((output) => path.resolve(output.file)),
];
