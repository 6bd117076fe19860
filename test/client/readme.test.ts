import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Window } from 'happy-dom';
import type { FunctionComponent } from 'react';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type Client, createClient } from '#client/client.ts';
import { CancelRunDocument } from '#client/generated/graphql.ts';
import { type House, openHouse } from '../support/house.ts';
import { apiKeyOf } from './api-key.ts';
import { type Application, openApplication, tsc } from './readme-package.ts';

let house: House;
let application: Application;

beforeAll(async () => {
  [house, application] = await Promise.all([openHouse({ worker: false }), openApplication()]);
  const session = `export const apiUrl = '${house.url}';\nexport const getToken = async () => '${house.token}';\n`;
  await writeFile(path.join(application.folder, 'session.ts'), session);
}, 180_000);

afterAll(async () => {
  await application[Symbol.asyncDispose]();
  await house[Symbol.asyncDispose]();
});

test('the examples of the README have no fault of types, against the package as it is published', async () => {
  expect(await tsc(['-p', application.folder])).toBe('');
}, 180_000);

test('the first example brings a recording all the way, in an API and a worker, also for an API key', async () => {
  await using _worker = await house.startWorker();
  const env = { OFFPRINT_URL: house.url, OFFPRINT_TOKEN: await apiKeyOf(house, 'WRITE') };
  const lines = (await application.run([path.join(application.folder, 'example.ts')], env)).trim().split('\n');
  const sent = lines.filter((line) => line.startsWith('sent '));
  expect(sent.at(-1)).toBe('sent 100 %');
  expect(lines).toContain('SUCCEEDED 100 %');
  expect(lines.filter((line) => /^\d+ ms: \S/.test(line))).toHaveLength(2);
  expect(lines.at(-1)).toMatch(/^LINKEDIN: \d+ sentences$/);
}, 240_000);

test('the example for React shows what a workspace holds, and follows a run to its end', async () => {
  await using client = createClient({ url: house.url, token: house.token });
  const runId = await waitingRun(client);
  using page = await openPage();
  page.show(await studio());
  await vi.waitFor(() => expect(page.text()).toContain('Unseen: QUEUED'), { timeout: 20_000 });
  await client.mutate(CancelRunDocument, { runId });
  await vi.waitFor(() => expect(page.text()).toContain('Unseen: CANCELED'), { timeout: 20_000 });
}, 120_000);

/** A run that no worker takes up. */
async function waitingRun(client: Client): Promise<string> {
  const recording = new Blob([new Uint8Array(1_000)], { type: 'video/mp4' });
  const announcement = { workspaceId: house.workspaceId, fileName: 'unseen.mp4', title: 'Unseen' };
  const uploaded = await client.upload(recording, announcement).done;
  return uploaded.ok ? (uploaded.run?.id ?? '') : '';
}

type Studio = FunctionComponent<{ workspaceId: string }>;
const Studio = z.custom<Studio>((value) => typeof value === 'function');

/** The component of the README, bundled as an application would be. */
async function studio(): Promise<Studio> {
  const build = await rolldown({
    input: path.join(application.folder, 'studio.tsx'),
    external: ['react', 'react/jsx-runtime', 'urql', '@urql/core'],
    platform: 'node',
  });
  const file = path.join(application.folder, 'studio.js');
  await build.write({ format: 'esm', dir: application.folder, entryFileNames: 'studio.js' });
  return z.object({ Studio }).parse(await import(/* @vite-ignore */ file)).Studio;
}

interface Page extends Disposable {
  show(component: Studio): void;
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
    show: (component) => root.render(createElement(component, { workspaceId: house.workspaceId })),
    text: () => container.textContent ?? '',
    // The globals stay: React still looks at them after it was unmounted.
    [Symbol.dispose]: () => root.unmount(),
  };
}
