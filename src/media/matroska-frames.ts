import { type SourceMs, sourceMs } from '#base/time.ts';

/** A raw picture and when it is shown. */
export interface TimedFrame {
  readonly atMs: SourceMs;
  /** As its format lays them out; a copy that may be kept. */
  readonly pixels: Uint8Array;
}

/**
 * Takes Matroska in pieces of any size and hands on its frames. One pipe then carries raw pictures and their times, which
 * no simpler container does. Made for what our own ffmpeg writes: one stream of pictures, a tick of 1 ms.
 */
export function framesTo(take: (frame: TimedFrame) => void): (chunk: Buffer) => void {
  let held: Buffer = Buffer.alloc(0);
  let clusterMs = 0;
  let toSkip = 0;
  const skip = (length: number) => {
    const here = Math.min(length, held.length);
    held = held.subarray(here);
    toSkip = length - here;
  };
  const next = (): boolean => {
    const element = toSkip === 0 ? elementOf(held) : undefined;
    if (!element) return false;
    const { id, start, end } = element;
    if (read.has(id) && held.length < end) return false;
    if (id === ids.clusterTime) clusterMs = numberIn(held.subarray(start, end));
    else if (read.has(id)) take(frameOf(held.subarray(start, end), clusterMs));
    skip(holders.has(id) ? start : end);
    return true;
  };
  return (chunk) => {
    held = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
    skip(toSkip);
    while (next());
  };
}

const ids = {
  segment: 0x18538067,
  cluster: 0x1f43b675,
  group: 0xa0,
  clusterTime: 0xe7,
  simpleBlock: 0xa3,
  block: 0xa1,
};
/** Those that only hold others are walked into, whatever their size says; what is in neither list is passed over. */
const holders = new Set([ids.segment, ids.cluster, ids.group]);
const read = new Set([ids.clusterTime, ids.simpleBlock, ids.block]);

/** The element that begins the bytes, if its name and size are there: where its content starts and ends. */
function elementOf(bytes: Buffer): { id: number; start: number; end: number } | undefined {
  const idLength = lengthOf(bytes[0]);
  const start = idLength + lengthOf(bytes[idLength]);
  if (bytes.length <= idLength || bytes.length < start) return undefined;
  const [first = 0, ...rest] = bytes.subarray(idLength, start);
  const size = numberIn([first & (0xff >> (rest.length + 1)), ...rest]);
  return { id: numberIn(bytes.subarray(0, idLength)), start, end: start + size };
}

/** How many bytes a name or size has: its first one tells by the zeros that it begins with. */
const lengthOf = (first = 0): number => Math.clz32(first) - 23;

const numberIn = (bytes: Iterable<number>): number => {
  let number = 0;
  for (const byte of bytes) number = number * 256 + byte;
  return number;
};

/** Before the pixels: the track's number in a byte, the time since the cluster's in 16 bit, flags. */
const frameOf = (block: Buffer, clusterMs: number): TimedFrame => ({
  atMs: sourceMs(clusterMs + block.readInt16BE(1)),
  pixels: new Uint8Array(block.subarray(4)),
});
