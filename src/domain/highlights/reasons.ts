import { z } from 'zod';
import type { BoundReason } from '#generated/prisma/enums.ts';
import { builder } from '#graph/builder.ts';

/** Why a highlight starts or ends where it does. */
export const BoundReasonEnum = builder.enumType('BoundReason', {
  description: 'Why a highlight starts or ends where it does.',
  values: {
    SENTENCE: { description: 'A whole sentence begins or ends there.' },
    WORD: { description: 'A whole word begins or ends there; no sentence does nearby.' },
    RAW: { description: 'Nothing is said nearby.' },
    CHOSEN: { description: 'A person put it there.' },
  } satisfies Record<BoundReason, object>,
});

interface SignalShape {
  readonly name: string;
  readonly value: number;
}

export const Signal = builder.objectRef<SignalShape>('Signal').implement({
  description: 'Something that speaks for or against a span.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description: 'Such as `hook`, `pauses`, `leansBack`; `judged…` where a model marked it. New ones may appear.',
    }),
    value: t.exposeFloat('value', { description: '0 to 1.' }),
  }),
});

const stored = z.record(z.string(), z.unknown());

/** A column of signals as a list; what is no number is left out. */
export const signalsOf = (column: unknown): SignalShape[] =>
  Object.entries(stored.parse(column)).flatMap(([name, value]) => (typeof value === 'number' ? [{ name, value }] : []));
