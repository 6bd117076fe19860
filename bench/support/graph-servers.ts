import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type Page, pages, peerPages } from './graph-pages.ts';
import type { House } from './house.ts';
import { type Started, startProcess } from './processes.ts';

/** A server that shows the pages, and how it is asked for one. */
export interface Shown extends AsyncDisposable {
  readonly name: 'ours' | 'peer' | 'floor';
  readonly url: string;
  readonly pid: number;
  readonly headers: Readonly<Record<string, string>>;
  body(page: Page, of: { readonly rowId: string; readonly globalId: string }): string;
}

const json = { 'content-type': 'application/json' };

/** The API of the house: signed in, and a member of the workspace that is shown. */
export const ours = ({ api, url, token }: House): Shown => ({
  name: 'ours',
  url: `${url}/graphql`,
  pid: api.pid,
  headers: { ...json, authorization: `Bearer ${token}` },
  body: (page, { globalId: id }) => JSON.stringify({ query: pages[page], variables: { id } }),
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

/** PostGraphile on the same database, without any authorization. Installs it the first time. */
export async function openPeer({ ground }: House): Promise<Shown> {
  const folder = path.resolve(import.meta.dirname, '../graph');
  if (!existsSync(path.join(folder, 'node_modules'))) {
    await promisify(execFile)('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder });
  }
  const started = await startProcess(ground, { entry: { file: 'bench/graph/postgraphile.js' }, ready: 'peer listens' });
  const body: Shown['body'] = (page, { rowId: id }) => JSON.stringify({ query: peerPages[page], variables: { id } });
  return { ...at(started), name: 'peer', url: `${urlOf(started)}/graphql`, body };
}

/** One statement by hand for each page, on the same database. */
export async function openFloor({ ground }: House): Promise<Shown> {
  const started = await startProcess(ground, {
    entry: { file: 'bench/support/graph-floor.ts' },
    ready: 'floor listens',
  });
  return {
    ...at(started),
    name: 'floor',
    url: urlOf(started),
    body: (page, { rowId: id }) => JSON.stringify({ page, id }),
  };
}

const at = (started: Started) => ({
  pid: started.pid,
  headers: json,
  [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
});

const urlOf = ({ ready }: Started): string => z.object({ at: z.string() }).parse(JSON.parse(ready)).at;
