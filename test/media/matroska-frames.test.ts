import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { framesTo, type TimedFrame } from '#media/matroska-frames.ts';

/** An element with its size in as few bytes as it needs, or in eight. */
function element(id: string, content: Buffer, long: boolean): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(content.length) | (1n << 56n));
  const short = Buffer.of(0x80 | content.length);
  return Buffer.concat([Buffer.from(id, 'hex'), content.length < 127 && !long ? short : size, content]);
}

/** A container whose size nobody knew when it was begun. */
const begun = (id: string, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${id}01ffffffffffffff`, 'hex'), content]);

function cluster(atMs: number, frames: readonly { sinceMs: number; pixels: Uint8Array; grouped: boolean }[]): Buffer {
  const time = Buffer.alloc(4);
  time.writeUInt32BE(atMs);
  const blocks = frames.map(({ sinceMs, pixels, grouped }) => {
    const head = Buffer.of(0x81, 0, 0, 0x80);
    head.writeInt16BE(sinceMs, 1);
    const block = Buffer.concat([head, pixels]);
    return grouped ? element('a0', element('a1', block, true), false) : element('a3', block, false);
  });
  return begun('1f43b675', Buffer.concat([element('e7', time, false), ...blocks]));
}

const frame = fc.record({
  sinceMs: fc.integer({ min: -300, max: 30_000 }),
  pixels: fc.uint8Array({ minLength: 1, maxLength: 200 }),
  grouped: fc.boolean(),
});
const clusters = fc.array(fc.record({ atMs: fc.integer({ min: 300, max: 10_800_000 }), frames: fc.array(frame) }), {
  maxLength: 6,
});

it('reads every frame with its time, however the bytes are cut and whatever else stands between', () => {
  fc.assert(
    fc.property(clusters, fc.array(fc.nat(3_000), { maxLength: 30 }), (made, cuts) => {
      const other = element('ec', Buffer.alloc(300), true);
      const body = made.flatMap(({ atMs, frames }) => [other, cluster(atMs, frames)]);
      const bytes = Buffer.concat([
        element('1a45dfa3', Buffer.from('head'), false),
        begun('18538067', Buffer.concat(body)),
      ]);
      const taken: TimedFrame[] = [];
      const push = framesTo((one) => taken.push(one));
      const edges = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
      for (const [at, edge] of edges.slice(1).entries()) push(bytes.subarray(edges[at], edge));
      const wanted = made.flatMap(({ atMs, frames }) =>
        frames.map(({ sinceMs, pixels }) => ({ atMs: atMs + sinceMs, pixels })),
      );
      expect(taken).toEqual(wanted);
    }),
  );
});
