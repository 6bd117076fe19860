import { z } from 'zod';

/** What the parent asks of the child: first to open a model, then to listen to files, one at a time. */
export const order = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open'), engine: z.string(), model: z.string() }),
  z.object({ kind: z.literal('listen'), file: z.string(), language: z.string() }),
]);

/** A token as the engine heard it: part of a word unless its text begins with a space. Times are milliseconds. */
export const piece = z.object({ text: z.string(), t0: z.number(), t1: z.number() });

/** What the child answers. Any report shows that it is alive. */
export const report = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('opened') }),
  z.object({ kind: z.literal('progress'), fraction: z.number() }),
  z.object({ kind: z.literal('heard'), language: z.string().nullable(), pieces: z.array(piece) }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
]);

export type Order = z.output<typeof order>;
export type Piece = z.output<typeof piece>;
export type Report = z.output<typeof report>;
