import { z } from 'zod';
import { parseGlobalId } from '#graph/ids.ts';

/**
 * An answer in the one form that all servers' answers have in common: ids of rows, instants and numbers as numbers, and
 * of PostGraphile's names and nestings what ours have in their place.
 */
export function common(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(common);
  if (typeof value === 'string') return text(value);
  const object = z.record(z.string(), z.unknown()).safeParse(value).data;
  if (!object) return value;
  const entries = Object.entries(object).flatMap(([key, given]) => entry(key, given));
  return Object.fromEntries(entries.toSorted(([a], [b]) => a.localeCompare(b)));
}

const instant = /^\d{4}-\d\d-\d\dT/;

function text(value: string): unknown {
  if (instant.test(value)) return Date.parse(value);
  return /^\d+$/.test(value) ? Number(value) : (parseGlobalId(value)?.id ?? value);
}

const nodes = z.object({ nodes: z.array(z.unknown()) });

/** A field of PostGraphile under our name; spans and media lie one level deeper with us. */
function entry(key: string, given: unknown): [string, unknown][] {
  if (key === 'rowId') return [['id', common(given)]];
  if (key === 'transcripts') return [['transcript', common(nodes.parse(given).nodes[0])]];
  if (key === 'startMs' || key === 'endMs') return [[key, given]];
  if (key === 'range') return Object.entries(z.record(z.string(), z.unknown()).parse(given));
  if (key === 'media') return [['media', z.object({ durationMs: z.number() }).parse(given)]];
  if (key === 'renditions' || key === 'stageRuns') return [[key, common(nodes.safeParse(given).data?.nodes ?? given)]];
  if (key === 'file') return withMedia(given);
  return [[key, key === 'subject' ? given || null : common(given)]];
}

/** Where PostGraphile shows media below the file, it stands beside it. */
function withMedia(given: unknown): [string, unknown][] {
  const { media, ...file } = z.record(z.string(), z.unknown()).parse(given ?? {});
  const shown: [string, unknown][] = Object.keys(file).length > 0 ? [['file', common(file)]] : [];
  return media === undefined ? shown : [...shown, ...entry('media', media)];
}
