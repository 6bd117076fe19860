import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createClient } from '#client/client.ts';
import {
  CancelRunDocument,
  DashboardDocument,
  RunPageDocument,
  ViewerDocument,
  WorkspacesDocument,
} from '#client/generated/graphql.ts';
import { type House, openHouse } from '../support/house.ts';
import { apiKeyOf } from './api-key.ts';
import { openGate } from './gate.ts';

describe('against the API', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({ worker: false });
  });
  afterAll(() => house[Symbol.asyncDispose]());

  const open = (token: string | null = house.token) => createClient({ url: house.url, token: () => token });

  test('a query gives its data, typed as its document says', async () => {
    const { viewer } = await open().request(ViewerDocument, {});
    expect(viewer?.workspaces.nodes[0]).toMatchObject({ role: 'ADMIN', workspace: { id: house.workspaceId } });
    const { workspace } = await open().request(DashboardDocument, { workspaceId: house.workspaceId });
    expect(workspace?.uploads).toMatchObject({ totalCount: 0, nodes: [] });
  });

  test('people and API keys alike are told where they are', async () => {
    const here = { role: 'ADMIN', workspace: { id: house.workspaceId } };
    const person = await open().request(WorkspacesDocument, {});
    expect(person.viewer).toMatchObject({ key: null, workspaces: { nodes: [here] } });
    const key = await open(await apiKeyOf(house, 'WRITE')).request(WorkspacesDocument, {});
    expect(key.viewer).toMatchObject({ key: { scopes: ['READ', 'WRITE'] }, workspaces: { nodes: [here] } });
  });

  test('what the API has against a change is returned, to branch on', async () => {
    const outcome = await open().mutate(CancelRunDocument, { runId: 'nothing' });
    expect(outcome.ok).toBe(false);
    expect(outcome.ok ? [] : outcome.errors).toMatchObject([{ __typename: 'GeneralError', path: ['input', 'runId'] }]);
  });

  test('without a token a change is refused with a code, and with the id that finds its log lines', async () => {
    const failure = await failureOf(open(null).mutate(CancelRunDocument, { runId: 'nothing' }));
    expect(failure).toMatchObject({ name: 'OffprintError', correlationId: expect.stringMatching(/^[\w-]{36}$/) });
    expect(['FORBIDDEN', 'UNAUTHENTICATED']).toContain(failure.code);
  });

  test('variables that do not fit are BAD_USER_INPUT', async () => {
    const failure = await failureOf(open().request(RunPageDocument, { runId: JSON.parse('{"no":"id"}') }));
    expect(failure.code).toBe('BAD_USER_INPUT');
  });

  test('a signal stops a request with its own reason', async () => {
    const leaving = AbortSignal.abort(new Error('the page was left'));
    await expect(open().request(ViewerDocument, {}, { signal: leaving })).rejects.toThrow('the page was left');
  });
});

describe('against what stands before an API', () => {
  test('an overloaded one says when to come back', async () => {
    await using gate = await openGate((_, response) => {
      response.writeHead(429, { 'retry-after': '7', 'x-request-id': 'gate-1' }).end('slow down');
    });
    expect(await failureOf(createClient({ url: gate.url, token: 'x' }).request(ViewerDocument, {}))).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterMs: 7_000,
      correlationId: 'gate-1',
      status: 429,
    });
  });

  test.each([401, 200])(
    'a token that does not hold is UNAUTHENTICATED, also in the midst of an upload (%s)',
    async (status) => {
      const errors = [{ message: 'The token does not hold.', extensions: { code: 'UNAUTHENTICATED' } }];
      await using gate = await openGate((_, response) => response.writeHead(status).end(JSON.stringify({ errors })));
      const client = createClient({ url: gate.url, token: 'old' });
      const refusal = { code: 'UNAUTHENTICATED', status, errors };
      await expect(client.request(WorkspacesDocument, {})).rejects.toMatchObject(refusal);
      const announcement = { workspaceId: 'w', fileName: 'a.mp4', contentType: 'video/mp4' };
      await expect(client.upload(new Blob(['a']), announcement).done).rejects.toMatchObject(refusal);
      await expect(client.upload(new Blob(['a']), { uploadId: 'u' }).done).rejects.toMatchObject(refusal);
    },
  );

  test('a page of HTML is no answer, and nobody at all is a failure of the network', async () => {
    const gate = await openGate((_, response) => response.end('<html>It works!</html>'));
    const client = createClient({ url: `${gate.url}/graphql/`, token: 'x' });
    expect(await failureOf(client.request(ViewerDocument, {}))).toMatchObject({ code: 'BAD_ANSWER', status: 200 });
    await gate[Symbol.asyncDispose]();
    expect(await failureOf(client.request(ViewerDocument, {}))).toMatchObject({ code: 'NETWORK', status: null });
  });

  test('an answer that came in part is thrown with what came, and with all that failed', async () => {
    const data = { viewer: { workspaces: { nodes: [] } }, node: null };
    const errors = ['FORBIDDEN', 'NOT_FOUND'].map((code) => ({ message: code, path: ['node'], extensions: { code } }));
    await using gate = await openGate((_, response) => response.end(JSON.stringify({ data, errors })));
    const failure = await failureOf(createClient({ url: gate.url, token: 'x' }).request(ViewerDocument, {}));
    expect(failure).toMatchObject({ code: 'FORBIDDEN', data, errors });
  });

  test('with trusted documents only the id of a document is sent', async () => {
    const bodies: unknown[] = [];
    await using gate = await openGate((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => bodies.push(JSON.parse(text)));
      request.on('end', () => response.end('{"data":{"viewer":null}}'));
    });
    await createClient({ url: gate.url, token: 'x', trustedDocuments: true }).request(ViewerDocument, {});
    const sha256Hash = expect.stringMatching(/^[\da-f]{64}$/);
    expect(bodies).toEqual([{ query: '', variables: {}, extensions: { persistedQuery: { version: 1, sha256Hash } } }]);
  });
});

const Failure = z.looseObject({ code: z.string() });

const failureOf = async (asked: Promise<unknown>) =>
  Failure.parse(
    await asked.then(
      () => 'no failure at all',
      (error: unknown) => error,
    ),
  );
