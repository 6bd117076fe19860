import { readFileSync } from 'node:fs';
import path from 'node:path';
import { GraphQLError, isEnumType } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openLog } from '#base/log.ts';
import { Problem, problems } from '#base/problem.ts';
import { keysOf } from '#base/record.ts';
import { codes, type TopCode, topCodes } from '#graph/codes.ts';
import { maskError } from '#http/masked-errors.ts';
import { schema } from '#schema.ts';
import { openDrivenRun } from '../support/driven-run.ts';
import { openHouse } from '../support/house.ts';
import { tenantOf } from '../support/seed.ts';
import { type Place, refusals } from './refusals.ts';

const cleanup = new AsyncDisposableStack();
let place: Place;

beforeAll(async () => {
  const house = cleanup.use(await openHouse({ worker: false, env: { SOCKETS_PER_USER: '1' } }));
  place = {
    house,
    run: cleanup.use(await openDrivenRun(house.database, await tenantOf(house.database, 'analytical'))),
  };
});
afterAll(() => cleanup[Symbol.asyncDispose]());

const answer = z.looseObject({
  errors: z.array(z.looseObject({ extensions: z.looseObject({ code: z.string(), correlationId: z.string() }) })),
});

/** The codes of an answer in one piece, or of the events of a stream. */
function codesIn(body: string): string[] {
  const pieces = body.startsWith('{') ? [body] : [...body.matchAll(/^data: (.+)$/gm)].map(([, data = '']) => data);
  return pieces.flatMap((piece) => answer.parse(JSON.parse(piece)).errors.map(({ extensions }) => extensions.code));
}

test.each(refusals)('%s with status %i is what is told of %s', async (...[code, status, , ask]) => {
  const { status: got, body } = await ask(place);
  const told = codesIn(body);
  expect({ got, last: told.at(-1), body }).toEqual({ got: status, last: code, body });
  expect(told.filter((one) => !(one in codes))).toEqual([]);
});

/** Told where a service fails that a link or a target is had from. */
const ofServices: readonly TopCode[] = ['PROVIDER_UNAVAILABLE', 'PROVIDER_BAD_ANSWER', 'PROVIDER_REJECTED'];

test.each(topCodes.filter((code) => !ofServices.includes(code)))('%s is told with each of its statuses', (code) => {
  const told = refusals.filter(([refusal]) => refusal === code).map(([, status]) => status);
  expect(new Set(told)).toEqual(new Set(codes[code].status));
});

const log = openLog('silent');

test('a problem stands at the top under a code of the table, or as a fault of ours', () => {
  const told = keysOf(problems).map((code) => maskError(new Problem(code), log).extensions.code);
  const alsoInPayloads = ['FORBIDDEN', 'NOT_FOUND', 'RATE_LIMITED', 'TIMED_OUT'];
  expect(new Set(told)).toEqual(new Set([...ofServices, ...alsoInPayloads, 'BAD_USER_INPUT', 'INTERNAL_SERVER_ERROR']));
});

test('a code that a library made up is BAD_REQUEST', () => {
  const made = new GraphQLError('No.', { extensions: JSON.parse('{"code":"REQUEST_ENTITY_TOO_LARGE"}') });
  expect(maskError(made, log)).toMatchObject({ message: 'No.', extensions: { code: 'BAD_REQUEST' } });
});

/** What happens on the way to the API, and to the storage. */
const ofTheClient = ['NETWORK', 'BAD_ANSWER', 'UPLOAD_REFUSED'];

test('the client knows the codes of payloads, those at the top and its own, and no other', () => {
  const source = readFileSync(path.resolve(import.meta.dirname, '../../web/client/src/failure.ts'), 'utf8');
  const [, known = ''] = /^export type FailureCode =([^;]+);/m.exec(source) ?? [];
  const named = [...known.matchAll(/\| '(\w+)'/g)].map(([, code]) => code);
  const payloads = schema.getType('ApiErrorCode');
  const ofPayloads = isEnumType(payloads) ? payloads.getValues().map(({ name }) => name) : [];
  expect(known).toContain('| ApiErrorCode');
  expect(new Set([...named, ...ofPayloads])).toEqual(new Set([...topCodes, ...ofPayloads, ...ofTheClient]));
});
