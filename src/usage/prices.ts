import { keysOf } from '#base/record.ts';
import type { UsageUnit } from '#generated/prisma/enums.ts';

/** What a million units cost, from a day on; of one model where `model` is named. */
interface Price {
  readonly unit: UsageUnit;
  readonly model?: string;
  /** Since when, as YYYY-MM-DD (UTC). */
  readonly from: string;
  /** Millionths of a US dollar for a million units. */
  readonly microsPerMillion: number;
}

/** A price in force: whole millionths of a US dollar for a million units, and the day of its row. */
export interface UnitPrice {
  readonly microsPerMillion: number;
  readonly pricedOn: Date;
}

const dollar = 1_000_000;
/** A price for each minute, as one for a million milliseconds. */
const perMinute = (dollars: number): number => Math.round((dollars * dollar * 1_000_000) / 60_000);

/** Prices of a language model, in dollars for a million tokens. */
const tokens = (model: string, from: string, [input, output]: readonly [number, number]): Price[] => [
  { unit: 'INPUT_TOKENS', model, from, microsPerMillion: input * dollar },
  { unit: 'OUTPUT_TOKENS', model, from, microsPerMillion: output * dollar },
  // Only where a server tells no tokens: four characters are about one, here at the dearer of both prices.
  { unit: 'CHARACTERS', model, from, microsPerMillion: (output * dollar) / 4 },
];

/**
 * The prices, oldest first. Changed by adding rows, never by editing one: an entry of the ledger names its row's day.
 * A model that is not listed costs 0, and so does everything that this machine does for a model (captions, whisper,
 * extractive): it is counted, and its CPU is the deployment's own.
 */
const prices: readonly Price[] = [
  // OpenAI's public list prices, from the day each model or price was announced.
  { unit: 'AUDIO_MS', model: 'whisper-1', from: '2023-03-01', microsPerMillion: perMinute(0.006) },
  { unit: 'AUDIO_MS', model: 'gpt-4o-transcribe', from: '2025-03-20', microsPerMillion: perMinute(0.006) },
  { unit: 'AUDIO_MS', model: 'gpt-4o-mini-transcribe', from: '2025-03-20', microsPerMillion: perMinute(0.003) },
  { unit: 'AUDIO_MS', model: 'gpt-4o-transcribe-diarize', from: '2025-10-15', microsPerMillion: perMinute(0.006) },
  ...tokens('gpt-4o-mini', '2024-07-18', [0.15, 0.6]),
  ...tokens('gpt-4o', '2024-10-01', [2.5, 10]),
  ...tokens('gpt-4.1', '2025-04-14', [2, 8]),
  ...tokens('gpt-4.1-mini', '2025-04-14', [0.4, 1.6]),
  ...tokens('gpt-4.1-nano', '2025-04-14', [0.1, 0.4]),
  ...tokens('gpt-5', '2025-08-07', [1.25, 10]),
  ...tokens('gpt-5-mini', '2025-08-07', [0.25, 2]),
  ...tokens('gpt-5-nano', '2025-08-07', [0.05, 0.4]),
  // The deployment's own cost, at what rented machines cost: a core at $0.04 an hour; a gigabyte at $0.021 a month,
  // charged once when it is stored.
  { unit: 'ENCODE_CPU_MS', from: '2026-11-01', microsPerMillion: Math.round((0.04 * dollar * 1_000_000) / 3_600_000) },
  { unit: 'STORED_BYTES', from: '2026-11-01', microsPerMillion: 21 },
];

const free: UnitPrice = { microsPerMillion: 0, pricedOn: new Date('2026-11-01') };

/** The price of a unit on a day; before its first row the first one counts. Dated names of a model have its price. */
export function priceOf(of: { unit: UsageUnit; model?: string | null }, at: Date): UnitPrice {
  const model = of.model?.replace(/-\d{4}-\d{2}-\d{2}$/, '');
  const rows = prices.filter((row) => row.unit === of.unit && (row.model === undefined || row.model === model));
  const row = rows.findLast(({ from }) => new Date(from) <= at) ?? rows[0];
  return row ? { microsPerMillion: row.microsPerMillion, pricedOn: new Date(row.from) } : free;
}

/** What several quantities of one model cost at an instant's prices, in whole millionths of a dollar. */
export function costMicrosOf(
  quantities: Readonly<Partial<Record<UsageUnit, number>>>,
  { model, at }: { model: string | null; at: Date },
): number {
  return keysOf(quantities).reduce((sum, unit) => sum + costOf(quantities[unit] ?? 0, priceOf({ unit, model }, at)), 0);
}

/** What a whole quantity costs in whole millionths of a dollar, rounded half up once. Nothing is paid back for less. */
export function costOf(quantity: number, { microsPerMillion }: UnitPrice): number {
  if (quantity <= 0) return 0;
  return Number((BigInt(quantity) * BigInt(microsPerMillion) + 500_000n) / 1_000_000n);
}
