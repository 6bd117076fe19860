import type { GraphQLObjectType } from 'graphql';
import type { Filled } from './fill.ts';
import { type ArgumentCase, cursorsReading } from './readings.ts';
import { type Names, namesOf, type World } from './world.ts';

/** Each of the rows of a type, as names that take it where the type is asked for. */
export const rowsOf = (filled: Filled, type: GraphQLObjectType, names: Names): Names[] =>
  (filled.rows[type.name] ?? []).map((_, at) => (name) => names(name === type.name ? `${name}#${at}` : name));

/** What a text argument is given: something of theirs, and the same of nobody. */
export async function textsFor(
  world: World,
  found: ArgumentCase,
  nothing: Names,
): Promise<(readonly [theirs: string, nothing: string])[]> {
  const { place, argument } = found;
  const theirs = namesOf(world.theirs);
  if (place.name !== null) return [[theirs(place.name), nothing(place.name)]];
  if (!['after', 'before'].includes(argument.name)) return [[world.theirs.owner.word, 'nobodysecret']];
  const { query, variables } = cursorsReading(found);
  const rows = rowsOf(world.theirs, found.type, theirs);
  const texts: string[] = [];
  for (const row of rows.length > 0 ? rows : [theirs])
    texts.push((await world.ask('owner', query, variables(row))).text);
  const cursors = [...texts.join('').matchAll(/"cursor":"([^"]+)"/g)].flatMap(([, cursor]) => cursor ?? []).slice(0, 3);
  if (cursors.length === 0) throw new Error(`${found.title} has nothing to go on from`);
  return cursors.map((cursor) => [cursor, withoutIds(cursor)]);
}

/**
 * The same cursor of rows that are not there: each id in it is the next one. It stands at the same place among others, so
 * that a cursor that is a place by itself, and looks no row up, is no leak.
 */
export function withoutIds(cursor: string): string {
  const told = Buffer.from(cursor, 'base64').toString('utf8');
  const changed = told.replaceAll(/([0-9a-f]{8}-[0-9a-f-]{26})([0-9a-f])/g, (_all, head: string, last: string) => {
    return `${head}${(Number.parseInt(last, 16) ^ 1).toString(16)}`;
  });
  return Buffer.from(changed).toString(/[-_]/.test(cursor) || !cursor.endsWith('=') ? 'base64url' : 'base64');
}
