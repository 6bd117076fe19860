import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { samplesTo } from '#media/pcm.ts';

it('gives every sample once and in order, however its bytes are cut and wherever they lie', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 200 }),
      fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 10 }),
      fc.integer({ min: 0, max: 3 }),
      (samples, cuts, shift) => {
        const bytes = Buffer.alloc(shift + samples.length * 2).subarray(shift);
        samples.forEach((sample, at) => bytes.writeInt16LE(sample, at * 2));
        const taken: number[] = [];
        const push = samplesTo((some) => taken.push(...some));
        const edges = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        for (const [at, edge] of edges.slice(1).entries()) push(bytes.subarray(edges[at], edge));
        expect(taken).toEqual(samples);
      },
    ),
  );
});
