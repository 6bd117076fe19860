import { z } from 'zod';
import { envFrom } from '#base/env.ts';
import { globalId } from '#base/global-id.ts';
import { openLog } from '#base/log.ts';
import { keysOf, recordOf } from '#base/record.ts';
import { mintServiceKey } from '#embedded/storage/tokens.ts';
import { storageSecret } from '#embedded/storage-secret.ts';
import type { Scope } from '#graph/context.ts';
import { storageFrom } from '#runtime.ts';
import { type House, openHouse } from '../support/house.ts';
import { type Filled, fill } from './fill.ts';
import type { Rows } from './fill-upload.ts';
import { openTap, type Tap } from './tap.ts';
import { type Marks, marksOf } from './traces.ts';

/** Who asks: by role in the first workspace; the owner of the second one; who looks after the deployment; nobody. */
type Person = 'owner' | 'admin' | 'editor' | 'viewer' | 'stranger' | 'root' | 'nobody';

/** Keys that the owner of the first workspace made, by what they may; and one of the stranger that may everything. */
export const keyScopes = {
  reader: ['read'],
  writer: ['read', 'write'],
  manager: ['read', 'write', 'manage'],
  'a key of the stranger': ['read', 'write', 'manage'],
} as const satisfies Record<string, readonly Scope[]>;
export type KeyCaller = keyof typeof keyScopes;

export type Caller = Person | KeyCaller;

/** What came back, as it was sent. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly data: Record<string, unknown> | null;
  readonly errors: z.output<typeof answered>['errors'];
  /** What the database was asked for it. */
  readonly statements: readonly string[];
}

/** Two workspaces that have one row of everything, behind an API whose statements are noted. */
export interface World extends AsyncDisposable {
  readonly house: House;
  readonly url: string;
  readonly tap: Tap;
  /** The workspace that must not leak. */
  readonly theirs: Filled;
  /** The one whose owner tries. */
  readonly own: Filled;
  readonly tokens: Readonly<Record<Caller, string | null>>;
  ask(caller: Caller, query: string, variables?: object): Promise<Answer>;
  /** Everything by which a text can be told to be of a workspace. */
  readonly marks: { readonly theirs: Marks; readonly own: Marks };
}

/** Gives a global id for a name such as `Upload`, `Upload.unsent` or `TranscriptSegment#1`. */
export type Names = (name: string) => string;

/** The type that a name is of. */
const typeOf = (name: string): string => name.split(/[.#]/)[0] ?? '';

/** Names of the rows of a filled workspace. */
export const namesOf =
  ({ rows }: Filled): Names =>
  (name) => {
    const [key = '', at = '0'] = name.split('#');
    const id = rows[key]?.[Number(at)];
    if (id === undefined) throw new Error(`no row is called ${name}`);
    return globalId(typeOf(name), id);
  };

/** Names of nothing: each an id that no row has, the same each time. */
export function namesOfNothing(): Names {
  const ids = new Map<string, string>();
  return (name) => {
    const id = ids.get(name) ?? globalId(typeOf(name), crypto.randomUUID());
    ids.set(name, id);
    return id;
  };
}

const words = { theirs: 'alphasecret', own: 'bravosecret' } as const;

/** Opens the world; a house's worth of time. */
export async function openWorld(): Promise<World> {
  await using cleanup = new AsyncDisposableStack();
  const house = cleanup.use(
    await openHouse({ worker: false, env: { RATE_LIMITS: 'off', ADMIN_USER_IDS: 'user_root' } }),
  );
  const tap = cleanup.use(await openTap(house.database.url));
  const { url } = cleanup.use(await house.openServer({ DATABASE_URL: tap.url }));
  const mint = (role: string, word: string) => house.keys.mint({ user: `${word}-${role}`, workspace: word, role });
  const people = {
    owner: await mint('owner', words.theirs),
    admin: await mint('admin', words.theirs),
    editor: await mint('editor', words.theirs),
    viewer: await mint('viewer', words.theirs),
    stranger: await mint('owner', words.own),
    root: await house.keys.mint({ user: 'root', workspace: 'operations', role: 'viewer' }),
    nobody: null,
  } satisfies Record<Person, string | null>;
  const tokens: Partial<Record<Caller, string | null>> = { ...people };
  const ask = asker({ url, tap, tokens });
  for (const caller of keysOf(people)) await ask(caller, '{ viewer { user { id } } }');
  const env = envFrom({ OFFPRINT_HOME: house.home });
  const serviceKey = await mintServiceKey(await storageSecret(env));
  const storage = storageFrom(env, { serverUrl: url, publicUrl: url, serviceKey }, openLog('silent'));
  const ground = { database: house.database, storage };
  const filledAs = async (word: string, caller: Caller) => {
    const filled = await fill(ground, await ownerOf(house, word));
    return { ...filled, rows: { ...filled.rows, ...(await edit(house, ask, { caller, filled })) } };
  };
  const theirs = await filledAs(words.theirs, 'owner');
  const own = await filledAs(words.own, 'stranger');
  for (const caller of keysOf(keyScopes)) {
    const [maker, filled] =
      caller === 'a key of the stranger' ? (['stranger', own] as const) : (['owner', theirs] as const);
    tokens[caller] = await newKey(ask, { maker, caller, workspaceId: namesOf(filled)('Workspace') });
    await ask(caller, '{ viewer { admin } }');
  }
  const marked = ({ owner }: Filled) => marksOf(house.database, owner.workspaceId, owner.word);
  const marks = { theirs: await marked(theirs), own: await marked(own) };
  const kept = cleanup.move();
  const all = { ...people, ...recordOf(keysOf(keyScopes), (caller) => tokens[caller] ?? null) };
  return { house, url, tap, theirs, own, marks, tokens: all, ask, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function ownerOf({ database: { prisma } }: House, word: string) {
  const { workspaceId, userId } = await prisma.workspaceMembership.findFirstOrThrow({
    where: { workspace: { slug: word }, role: 'OWNER' },
  });
  return { word, workspaceId, userId };
}

async function newKey(
  ask: World['ask'],
  { maker, caller, workspaceId }: { maker: Caller; caller: KeyCaller; workspaceId: string },
): Promise<string> {
  const query = `mutation ($workspaceId: ID!, $scopes: [ApiKeyScope!]!) {
    createApiKey(input: { workspaceId: $workspaceId, name: "A key", scopes: $scopes }) { token errors { message } }
  }`;
  const scopes = keyScopes[caller].map((scope) => scope.toUpperCase());
  const { text } = await ask(maker, query, { workspaceId, scopes });
  const token = /"token":"([^"]+)"/.exec(text)?.[1];
  if (token === undefined) throw new Error(text);
  return token;
}

/** One id for all requests, so that two answers can be compared byte by byte. */
const requestId = 'leaks';

const answered = z.object({
  data: z.record(z.string(), z.unknown()).nullish().default(null),
  errors: z
    .array(
      z.looseObject({
        message: z.string(),
        path: z.array(z.union([z.string(), z.number()])).optional(),
        extensions: z.looseObject({ code: z.string().optional() }).optional(),
      }),
    )
    .default([]),
});

const asker =
  ({ url, tap, tokens }: Pick<World, 'url' | 'tap'> & { tokens: Partial<World['tokens']> }): World['ask'] =>
  async (caller, query, variables = {}) => {
    tap.take();
    const token = tokens[caller] ?? null;
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-request-id': requestId,
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    const text = await answer.text();
    const { data, errors } = answered.parse(JSON.parse(text));
    return { status: answer.status, text, data, errors, statements: tap.take() };
  };

const corrections = {
  edit: `mutation ($id: ID!, $segmentId: ID!) {
    editTranscript(input: {
      transcriptId: $id, baseRevision: 1, operations: [{ replaceText: { segmentId: $segmentId, text: "Hi there." } }]
    }) { errors { message } }
  }`,
  undo: `mutation ($id: ID!) {
    undoTranscriptEdit(input: { transcriptId: $id, baseRevision: 2 }) { errors { message } }
  }`,
};

/** Corrects one transcript, and another one too, which is taken back: what can be undone, and what redone. */
async function edit(
  { database }: House,
  ask: World['ask'],
  { caller, filled }: { caller: Caller; filled: Filled },
): Promise<Rows> {
  const name = namesOf(filled);
  for (const state of ['edited', 'undone'])
    await done(
      ask(caller, corrections.edit, { id: name(`Transcript.${state}`), segmentId: name(`TranscriptSegment.${state}`) }),
    );
  await done(ask(caller, corrections.undo, { id: name('Transcript.undone') }));
  const { workspaceId } = filled.owner;
  const edits = await database.prisma.transcriptEdit.findMany({ where: { workspaceId }, orderBy: { id: 'asc' } });
  return { TranscriptEdit: edits.map(({ id }) => id) };
}

async function done(answer: Promise<Answer>): Promise<void> {
  const { text } = await answer;
  if (!text.includes('"errors":[]')) throw new Error(text);
}
