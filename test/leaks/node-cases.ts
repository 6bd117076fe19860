import { expect } from 'vitest';
import { z } from 'zod';
import type { Filled } from './fill.ts';
import { codesOf } from './pairs.ts';
import { nodeReadings, nodeTypes, type Reading, rootReadings } from './readings.ts';
import { holds } from './seen.ts';
import { rowsOf } from './texts.ts';
import { type Answer, type Caller, type Names, namesOf, type World } from './world.ts';

/** Every type of node, and how all of its fields are asked for. */
export const nodeCases = nodeTypes.map((type) => ({
  type,
  name: type.name,
  readings: nodeReadings(type),
  batches: nodeReadings(type, 'nodes'),
}));

/** What somebody reads of a workspace that they are in: all of every row. */
export async function readAll(
  world: World,
  { caller, filled, names }: { caller: Caller; filled: Filled; names: Names },
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const read = async ({ query, variables, title }: Reading, of: Names) => {
    const answer = await world.ask(caller, query, variables(of));
    expect({ title, errors: answer.errors }).toEqual({ title, errors: [] });
    answers.push(answer);
  };
  for (const { type, readings } of nodeCases)
    for (const row of rowsOf(filled, type, names)) for (const reading of readings) await read(reading, row);
  for (const reading of rootReadings('query')) await read(reading, names);
  return answers;
}

const nodesAnswer = z.union([
  z.strictObject({ node: z.looseObject({}).nullable() }).transform(({ node }) => [node]),
  z.strictObject({ nodes: z.array(z.looseObject({}).nullable()).min(1) }).transform(({ nodes }) => nodes),
]);

/** What was found by ids: alone, or with others. */
export const nodesOf = ({ data }: Answer) => nodesAnswer.parse(data);

/** A field as somebody asks for it. */
interface AskedField {
  readonly caller: Caller;
  readonly type: string;
  readonly field: string;
}

/** Whether a field of the caller, or of any of the rows of a type of nodes, has something in it for the caller. */
export async function shows(world: World, asked: AskedField): Promise<boolean> {
  if (asked.type === 'Viewer') return showsOfCaller(world, asked);
  const { caller, field } = asked;
  const type = typeNamed(asked.type);
  const reading = nodeReadings(type).find(({ title }) => title.includes(` ${field} `));
  const found = rowsOf(world.theirs, type, namesOf(world.theirs)).map(async (row) => {
    const { data } = await world.ask(caller, reading?.query ?? '', reading?.variables(row));
    return holds(z.record(z.string(), z.unknown()).parse(data?.node)[field]);
  });
  return (await Promise.all(found)).includes(true);
}

/** What an API key may not read of a caller takes the whole of them with it, and is told. */
async function showsOfCaller(world: World, { caller, field }: AskedField): Promise<boolean> {
  const answer = await world.ask(caller, `{ viewer { ${field} { __typename } } }`);
  const refused = answer.data?.viewer === null;
  expect(codesOf(answer)).toEqual(refused ? ['FORBIDDEN'] : []);
  return !refused;
}

const typeNamed = (name: string) => {
  const type = nodeTypes.find((known) => known.name === name);
  if (!type) throw new Error(`no node is called ${name}`);
  return type;
};
