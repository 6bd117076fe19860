import type { UsageKind, UsageUnit } from '#generated/prisma/enums.ts';

/** How one kind of use is read from the ledger, and how it is told. */
interface Meter {
  /** Which units it counts, and how many of each make one whole of its own. */
  readonly counts: Partial<Record<UsageUnit, number>>;
  /** Word for what is shown. */
  readonly unit: string;
  /** How many wholes make one that is shown. */
  readonly perShown: number;
  /** `month`: what a month added. `level`: what is there, of all time. */
  readonly span: 'month' | 'level';
  readonly about: string;
}

/** The meters. Reservations and limits are in their wholes: pieces, milliseconds, bytes, tokens. */
export const meters = {
  UPLOADS: { counts: { UPLOADS: 1 }, unit: 'uploads', perShown: 1, span: 'month', about: 'Recordings taken in.' },
  MEDIA_MINUTES: {
    counts: { AUDIO_MS: 1 },
    unit: 'minutes',
    perShown: 60_000,
    span: 'month',
    about: 'Recording transcribed.',
  },
  RENDERED_MINUTES: {
    counts: { RENDERED_MS: 1 },
    unit: 'minutes',
    perShown: 60_000,
    span: 'month',
    about: 'Video and sound encoded.',
  },
  STORED_BYTES: {
    counts: { STORED_BYTES: 1 },
    unit: 'bytes',
    perShown: 1,
    span: 'level',
    about: 'Bytes kept now, whenever they came.',
  },
  MODEL_TOKENS: {
    counts: { INPUT_TOKENS: 1, OUTPUT_TOKENS: 1, CHARACTERS: 4 },
    unit: 'tokens',
    perShown: 1,
    span: 'month',
    about: 'Tokens read and written by language models.',
  },
} as const satisfies Record<UsageKind, Meter>;

/** A meter's wholes as they are shown. */
export const shown = (kind: UsageKind, quantity: number): number => quantity / meters[kind].perShown;

/** Sums of units as one meter's wholes; parts of a whole are cut off. */
export function measured(kind: UsageKind, sums: ReadonlyMap<string, number>): number {
  const counts: Meter['counts'] = meters[kind].counts;
  const wholes = Object.entries(counts).map(([unit, perWhole]) => (sums.get(unit) ?? 0) / perWhole);
  return Math.floor(wholes.reduce((sum, part) => sum + part, 0));
}

/** A month in UTC: from its first instant to the next one's. */
export interface Period {
  readonly start: Date;
  readonly end: Date;
}

/** The month in which an instant lies. */
export const periodOf = (at: Date): Period => ({
  start: new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1)),
  end: new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1)),
});
