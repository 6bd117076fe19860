import path from 'node:path';
import { Window } from 'happy-dom';
import type { FunctionComponent } from 'react';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createClient } from '#client/client.ts';
import type { TypedDocument } from '#client/document.ts';
import { DashboardDocument, RunEventsDocument, ViewerDocument } from '#client/generated/graphql.ts';
import type { ApiServer } from '#server.ts';
import { openDrivenRun } from '../support/driven-run.ts';
import { type House, openHouse } from '../support/house.ts';
import { tenantOf } from '../support/seed.ts';

/** What the package ships, and an API is given. */
const trusted = path.resolve(import.meta.dirname, '../../web/client/src/generated/persisted-documents.json');

let house: House;
let strict: ApiServer;

beforeAll(async () => {
  house = await openHouse({ worker: false });
  strict = await house.openServer({ TRUSTED_DOCUMENTS: trusted });
});
afterAll(async () => {
  await strict[Symbol.asyncDispose]();
  await house[Symbol.asyncDispose]();
});

const open = (trustedDocuments = true) => createClient({ url: strict.url, token: () => house.token, trustedDocuments });

/** A document with the types of another, as an application would write it itself. */
const ownWords = <Result, Variables>(_like: TypedDocument<Result, Variables>, text: string) =>
  ({ toString: () => text }) satisfies TypedDocument<Result, Variables>;

test('queries of the package go by their ids', async () => {
  await using client = open();
  const { viewer } = await client.request(ViewerDocument, {});
  expect(viewer?.workspaces.nodes[0]).toMatchObject({ workspace: { id: house.workspaceId } });
  const { workspace } = await client.request(DashboardDocument, { workspaceId: house.workspaceId });
  expect(workspace).toMatchObject({ id: house.workspaceId });
});

test('so does a subscription over the socket, to its end', async () => {
  await using client = open();
  await using run = await openDrivenRun(house.database, await tenantOf(house.database, 'analytical'));
  const statuses: string[] = [];
  for await (const { status } of client.followRun(run.globalId)) {
    statuses.push(status);
    if (statuses.length === 1) await run.begin();
    if (status === 'RUNNING') await run.finish();
  }
  expect(statuses[0]).toBe('QUEUED');
  expect(statuses.at(-1)).toBe('SUCCEEDED');
});

test('anything else is refused over HTTP and over the socket, also with an id that nobody listed', async () => {
  await using client = open();
  const refusal = { code: 'PERSISTED_QUERY_NOT_FOUND' };
  const query = ownWords(ViewerDocument, 'query Mine { viewer { user { id } } }');
  await expect(client.request(query, {})).rejects.toMatchObject(refusal);
  const unlisted = Object.assign(query, { __meta__: { hash: `sha256:${'0'.repeat(64)}` } });
  await expect(client.request(unlisted, {})).rejects.toMatchObject(refusal);
  const text = 'subscription Mine($runId: ID!) { runEvents(runId: $runId) { sequence } }';
  const events = client.subscribe(ownWords(RunEventsDocument, text), { runId: 'any' });
  await expect(events.next()).rejects.toMatchObject(refusal);
});

test('the hooks of urql ask and subscribe by id, and a text of their own is refused', async () => {
  await using client = open();
  await using run = await openDrivenRun(house.database, await tenantOf(house.database, 'analytical'));
  using page = await openPage();
  const { OffprintProvider, useDashboard, useRunEvents } = await import('#client/urql.ts');
  const { useQuery } = await import('urql');
  const { createElement } = await import('react');
  const Studio = (): string => {
    const [{ data }] = useDashboard({ workspaceId: house.workspaceId });
    const [{ data: events }] = useRunEvents({ runId: run.globalId });
    const [{ error }] = useQuery({ query: '{ viewer { user { id } } }' });
    return [data?.workspace?.id, events?.runEvents?.__typename, error?.message].join(' ');
  };
  page.show(() => createElement(OffprintProvider, { client }, createElement(Studio)));
  const shown = `${house.workspaceId} RunSnapshotEvent`;
  await vi.waitFor(() => expect(page.text()).toContain(shown), { timeout: 20_000 });
  await vi.waitFor(() => expect(page.text()).toContain('Only documents that were agreed on may run.'), {
    timeout: 20_000,
  });
});

interface Page extends Disposable {
  show(component: FunctionComponent): void;
  text(): string;
}

/** A page of a browser's, as far as React needs one. */
async function openPage(): Promise<Page> {
  const window = new Window();
  vi.stubGlobal('window', window);
  vi.stubGlobal('document', window.document);
  const [{ createElement }, { createRoot }] = await Promise.all([import('react'), import('react-dom/client')]);
  const container = document.createElement('main');
  const root = createRoot(container);
  return {
    show: (component) => root.render(createElement(component)),
    text: () => container.textContent ?? '',
    // The globals stay: React still looks at them after it was unmounted.
    [Symbol.dispose]: () => root.unmount(),
  };
}
