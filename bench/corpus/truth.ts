import { z } from 'zod';

const span = { s: z.number(), e: z.number() };

const spokenShape = z.object({
  duration: z.number(),
  rate: z.number(),
  words: z.array(
    z.object({ w: z.string(), ...span, sentence: z.int(), speaker: z.string(), merged: z.literal(true).optional() }),
  ),
  sentences: z.array(
    z.object({ id: z.int(), ...span, text: z.string(), topic: z.int(), tag: z.string(), speaker: z.string() }),
  ),
  silences: z.array(z.object(span)),
  slides: z.array(
    z.object({ at: z.number(), topic: z.int(), title: z.string(), bullets: z.array(z.string()).readonly() }),
  ),
});

/** What is known of a made talk: `truth.json`. Times (`s`, `e`, `at`) are seconds of the recording, boxes its pixels. */
export const truthShape = z.object({
  seed: z.int(),
  ...spokenShape.shape,
  camera: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
  frame: z.object({ w: z.int(), h: z.int(), fps: z.number() }),
});

/** What is known once a talk is spoken. */
export type Spoken = z.output<typeof spokenShape>;
export type Truth = z.output<typeof truthShape>;
