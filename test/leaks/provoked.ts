import { z } from 'zod';
import { rates } from '#graph/rates.ts';
import { changes } from './changes.ts';
import { inputOf } from './inputs.ts';
import { rootReadings } from './readings.ts';
import type { Seen } from './seen.ts';
import { type Names, namesOf, namesOfNothing, type World } from './world.ts';

/** What only a program reads of itself, and what is kept of rates where rates are kept. */
export async function seeKeysAndRates(world: World, seen: Seen): Promise<void> {
  const { data } = await world.ask('manager', '{ viewer { __typename key { __typename id scopes } } }');
  seen.note(data, 'Query');
  await using limited = await world.house.openServer({ RATE_LIMITS: 'on' });
  const reading = rootReadings('query').find(({ title }) => title === 'Query.rateLimit');
  seen.note((await asked(world, limited.url, { query: reading?.query })).data, 'Query');
  await seeRateLimit(world, seen, limited.url);
}

/** Asks for the same once more than it may be asked for. */
async function seeRateLimit(world: World, seen: Seen, url: string): Promise<void> {
  const change = changes.find(({ name }) => name === 'finalizeUpload');
  if (!change) throw new Error('nothing is limited');
  for (let turn = 0; turn <= rates.finalize.most; turn += 1) {
    const variables = { input: inputOf(change.type, namesOfNothing()) };
    const { data } = await asked(world, url, { query: change.query, variables });
    seen.note(data, 'Mutation');
  }
}

async function asked(world: World, url: string, body: object): Promise<{ data?: unknown }> {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${world.tokens.owner}` },
    body: JSON.stringify(body),
  });
  return z.object({ data: z.unknown() }).parse(await answer.json());
}

/** Provokes what only refusals show: a plan that is used up, a revision that is old, a place in the input. */
export async function seeRefusals(world: World, seen: Seen): Promise<void> {
  const theirs = namesOf(world.theirs);
  const change = (name: string) => changes.find((known) => known.name === name);
  const [upload, clip] = [change('createUpload'), change('updateClip')];
  if (!upload || !clip) throw new Error('two changes');
  const { workspaceId } = world.theirs.owner;
  const refused = async ({ query, type }: typeof upload, put: { path: string[]; value: unknown }) => {
    const { data } = await world.ask('owner', query, { input: inputOf(type, theirs, { ...put, name: null }) });
    seen.note(data, 'Mutation');
  };
  await refused(clip, { path: ['baseRevision'], value: 99 });
  await refused(upload, { path: ['contentType'], value: 'text/plain' });
  await world.house.database.prisma.workspace.update({ where: { id: workspaceId }, data: { plan: 'free' } });
  const entry = { unit: 'UPLOADS' as const, quantity: 1_000n, priceMicrosPerMillion: 0n, costMicros: 0n };
  await world.house.database.prisma.usageEntry.create({
    data: { workspaceId, dedupeKey: 'all', pricedOn: new Date(), ...entry },
  });
  await refused(upload, { path: ['title'], value: 'One too many' });
  const plan = rootReadings('query').find(({ title }) => title === 'Query.planRun');
  const unsent: Names = (name) => theirs(name === 'Upload' ? 'Upload.unsent' : name);
  const { data } = await world.ask('owner', plan?.query ?? '', plan?.variables(unsent));
  seen.note(data, 'Query');
}
