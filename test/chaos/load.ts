import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { globalId } from '#base/global-id.ts';
import type { RecipeInput } from '#generated/client/graphql.ts';
import { rowIdOf } from '../support/talk-run.ts';
import { type ChaosClient, expectTwins } from './client.ts';
import type { Dice } from './dice.ts';
import { cancelRun, createUpload, deleteUpload, finalizeUpload, retryRun, startRun } from './documents.ts';
import type { History, KnownRun } from './history.ts';
import type { Recordings } from './recordings.ts';
import type { Subscribers } from './subscribers.ts';

/** What the people of the load need. */
export interface LoadRig {
  readonly client: ChaosClient;
  readonly history: History;
  readonly subscribers: Subscribers;
  readonly recordings: Recordings;
  readonly workspaceId: string;
  readonly dice: Dice;
}

/**
 * People who send recordings and have runs made of them, each one thing after the other, until `enough` aborts.
 * Resolves when all that they began has ended.
 */
export async function carryLoad(rig: LoadRig, people: number, enough: AbortSignal): Promise<void> {
  const one = async (person: number): Promise<void> => {
    const own = { ...rig, dice: rig.dice.of(`person ${person}`) };
    while (!enough.aborted) await sendAndMake(own);
  };
  await Promise.all(Array.from({ length: people }, (_, person) => one(person)));
}

/** One recording, with one or two runs over it; one in ten is deleted in the middle of its first. */
async function sendAndMake(rig: LoadRig): Promise<void> {
  const recipe = someRecipe(rig.dice);
  const uploadId = await sendRecording(rig, rig.recordings.next());
  const run = await finalized(rig, uploadId, recipe);
  const deleting = rig.dice.chance(0.1);
  await Promise.all([makeRun(rig, uploadId, run), deleting && deleteSoon(rig, uploadId)]);
  if (deleting || !rig.dice.chance(0.35)) return;
  const again = rig.dice.chance(0.5) ? recipe : someRecipe(rig.dice);
  await makeRun(rig, uploadId, await started(rig, uploadId, again));
}

/** Follows a run to its end; one in five is canceled on the way. */
async function makeRun(rig: LoadRig, uploadId: string, run: StartedRun | null): Promise<void> {
  if (!run) return;
  const known = knownRun(rig, uploadId, run);
  const followed = followRun(rig, run);
  if (rig.dice.chance(0.2)) await cancelSoon(rig, run, known);
  await followed;
}

function knownRun({ history }: LoadRig, uploadId: string, run: StartedRun): KnownRun {
  const ids = { runId: rowIdOf(run.id), uploadId: rowIdOf(uploadId) };
  const known: KnownRun = { ...ids, cancelAskedAt: null, canceled: false, retriedAs: null };
  history.runs.set(known.runId, known);
  return known;
}

function followRun({ subscribers }: LoadRig, { id, eventCursor }: StartedRun): Promise<void> {
  const sequence = Number(Buffer.from(eventCursor, 'base64url').toString().split(':')[1]);
  return subscribers.follow({ runId: rowIdOf(id), globalId: id, cursor: eventCursor, sequence });
}

/**
 * What gave up in bad weather is run again in good weather: all of it must go well. Resolves when these runs have ended.
 */
export async function retryFailed(rig: LoadRig, failed: readonly string[]): Promise<void> {
  const retries = failed.map(async (runId) => {
    const known = rig.history.runs.get(runId);
    const input = { runId: globalId('Run', runId), idempotencyKey: randomUUID() };
    const { payload, twin } = await rig.client.deliver(retryRun, { input });
    expectTwins(rig.history, 'retryRun', [payload.run?.id, twin.run?.id]);
    const run = orViolation(rig.history, 'retryRun', payload);
    if (!run || !known) return;
    known.retriedAs = rowIdOf(run.id);
    knownRun(rig, globalId('Upload', known.uploadId), run);
    await followRun(rig, run);
  });
  await Promise.all(retries);
}

interface StartedRun {
  readonly id: string;
  readonly eventCursor: string;
}

/** Announces a recording and sends its bytes until the storage has them; gives the upload's id. */
async function sendRecording({ client, history, workspaceId }: LoadRig, bytes: Buffer): Promise<string> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const announced = { workspaceId, fileName: 'talk.mp4', contentType: 'video/mp4', sizeBytes: bytes.length, sha256 };
  const input = { ...announced, protocol: 'PUT' as const, idempotencyKey: randomUUID() };
  const { payload, twin } = await client.deliver(createUpload, { input });
  expectTwins(history, 'createUpload', [payload.upload?.id, twin.upload?.id]);
  const { upload } = payload;
  if (!upload?.target) throw new Error(`no upload: ${JSON.stringify(payload.errors)}`);
  const headers = Object.fromEntries(upload.target.headers.map(({ name, value }) => [name, value]));
  await put(upload.target.url, headers, bytes);
  history.uploads.set(rowIdOf(upload.id), { uploadId: rowIdOf(upload.id), sha256, deleted: false });
  return upload.id;
}

/** Sends until it is told that the bytes are there; they may be although nobody was told. */
async function put(url: string, headers: Record<string, string>, bytes: Buffer): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(url, { method: 'PUT', headers, body: new Uint8Array(bytes) }).catch(() => null);
    if (answer?.ok || (answer?.status === 400 && (await answer.text()).includes('Duplicate'))) return;
    if (attempt > 200) throw new Error(`the bytes were refused ${attempt} times`);
    await wait(150);
  }
}

async function finalized(
  { client, history }: LoadRig,
  uploadId: string,
  recipe: RecipeInput,
): Promise<StartedRun | null> {
  const { payload, twin } = await client.deliver(finalizeUpload, { input: { uploadId, thenRun: recipe } });
  expectTwins(history, 'finalizeUpload', [payload.run?.id, twin.run?.id]);
  return orViolation(history, 'finalizeUpload', payload);
}

async function started(
  { client, history }: LoadRig,
  uploadId: string,
  recipe: RecipeInput,
): Promise<StartedRun | null> {
  const { payload, twin } = await client.deliver(startRun, {
    input: { uploadId, recipe, idempotencyKey: randomUUID() },
  });
  expectTwins(history, 'startRun', [payload.run?.id, twin.run?.id]);
  // What was never verified cannot be worked on: its first run was canceled or failed before.
  if (payload.errors.some(({ code }) => code === 'INVALID_STATE')) return null;
  return orViolation(history, 'startRun', payload);
}

interface RunPayload {
  readonly errors: readonly { readonly code: string }[];
  readonly run?: StartedRun | null;
}

function orViolation(history: History, check: string, { run, errors }: RunPayload): StartedRun | null {
  if (!run) history.violations.push({ check, kind: 'broken', detail: `was refused: ${JSON.stringify(errors)}` });
  return run ?? null;
}

async function cancelSoon({ client, history, dice }: LoadRig, run: StartedRun, known: KnownRun): Promise<void> {
  await wait(dice.between(0, 4_000));
  known.cancelAskedAt = Date.now();
  const { payload, twin } = await client.deliver(cancelRun, { input: { runId: run.id } });
  const codes = [...payload.errors, ...twin.errors].map(({ code }) => code);
  known.canceled = codes.length < 2;
  // The recording may have been deleted meanwhile.
  if (codes.every((code) => code === 'INVALID_STATE' || code === 'NOT_FOUND')) return;
  history.violations.push({ check: 'cancelRun', kind: 'broken', detail: `was refused: ${codes.join(', ')}` });
}

async function deleteSoon({ client, history, dice }: LoadRig, uploadId: string): Promise<void> {
  await wait(dice.between(0, 8_000));
  const known = history.uploads.get(rowIdOf(uploadId));
  if (known) known.deleted = true;
  const { payload, twin } = await client.deliver(deleteUpload, { input: { uploadId } });
  const codes = [...payload.errors, ...twin.errors].map(({ code }) => code);
  if (codes.every((code) => code === 'NOT_FOUND')) return;
  history.violations.push({ check: 'deleteUpload', kind: 'broken', detail: `was refused: ${codes.join(', ')}` });
}

/** Sound is cheap and pictures are dear: one run in three encodes pictures. */
function someRecipe(dice: Dice): RecipeInput {
  const presets = dice.chance(0.35) ? (['LANDSCAPE_720P', 'AUDIO_ONLY'] as const) : (['AUDIO_ONLY'] as const);
  return {
    highlights: { count: 2, minDurationMs: 3_000, maxDurationMs: 15_000 },
    clips: { presets: [...presets], captionStyle: 'SIDECAR', removeSilences: dice.chance(0.5), reel: dice.chance(0.4) },
    contents: dice.chance(0.5) ? [{ kind: 'TWITTER' }, { kind: 'LINKEDIN' }] : [{ kind: 'INSTAGRAM' }],
  };
}
