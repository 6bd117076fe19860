import { z } from 'zod';
import { type Database, openDatabase } from '#base/database.ts';
import { openLog } from '#base/log.ts';
import { openDevelopmentKeys } from '#embedded/development-keys.ts';
import { graphql } from '#generated/client/gql.ts';
import type { TypedDocumentString } from '#generated/client/graphql.ts';
import { type Ground, openGround } from './ground.ts';
import { type Started, startProcess } from './processes.ts';

/** An API in a process of its own, and a client that is signed in. */
export interface House extends AsyncDisposable {
  readonly ground: Ground;
  readonly api: Started;
  readonly url: string;
  readonly database: Database;
  readonly token: string;
  /** A token of somebody else in the same workspace. */
  readonly tokenOf: (user: string) => Promise<string>;
  readonly workspaceId: string;
  readonly send: Send;
}

/** Sends a document. Throws when it is answered with errors. */
type Send = <Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
) => Promise<Result>;

const whoDocument = graphql(`query BenchWho { viewer { workspaces { nodes { workspace { id } } } } }`);

/** Opens the house; `options` are those of the API's Node, `env` words of its environment. */
export async function openHouse(
  options: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<House> {
  await using stack = new AsyncDisposableStack();
  const ground = stack.use(await openGround());
  const database = stack.use(openDatabase(ground.url, openLog('error')));
  const api = stack.use(await startProcess(ground, { entry: 'server', ready: 'API listens', options, env }));
  const { at: url } = z.object({ at: z.string() }).parse(JSON.parse(api.ready));
  const keys = await openDevelopmentKeys({ home: ground.home, production: false });
  const tokenOf = (user: string) => keys.mint({ user, workspace: 'bench', ttlSeconds: 24 * 3600 });
  const token = await tokenOf('bench');
  const send = senderTo(url, token);
  const { viewer } = await send(whoDocument, {});
  const workspaceId = viewer?.workspaces.nodes[0]?.workspace.id ?? '';
  const kept = stack.move();
  const parts = { ground, api, url, database, token, tokenOf, workspaceId, send };
  return { ...parts, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** The same house, asked by somebody else. */
export const signedInAs = async (house: House, user: string): Promise<House> => {
  const token = await house.tokenOf(user);
  return { ...house, token, send: senderTo(house.url, token) };
};

/** Starts a worker of the house. */
export const startWorker = ({ ground, url }: House, env: Readonly<Record<string, string>> = {}): Promise<Started> =>
  startProcess(ground, { entry: 'worker', ready: 'worker waits for jobs', env: { ...env, STORAGE_URL: url } });

const answered = z.object({ data: z.unknown(), errors: z.array(z.object({ message: z.string() })).default([]) });

const senderTo =
  (url: string, token: string): Send =>
  async <Result, Variables>(document: TypedDocumentString<Result, Variables>, variables: Variables) => {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: document.toString(), variables }),
    });
    const { data, errors } = answered.parse(await answer.json());
    if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('; '));
    // What its document promises; the API checks each value against its schema.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return data as Result;
  };
