import { openAsBlob } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { graphql } from '#generated/client/gql.ts';
import type { RecipeInput } from '#generated/client/graphql.ts';
import { parseGlobalId } from '#graph/ids.ts';
import type { House } from './house.ts';

const announceDocument = graphql(`
  mutation BenchAnnounce($input: CreateUploadInput!) {
    createUpload(input: $input) {
      errors { message }
      upload { id target { url headers { name value } } }
    }
  }
`);

const finalizeDocument = graphql(`
  mutation BenchFinalize($input: FinalizeUploadInput!) {
    finalizeUpload(input: $input) {
      errors { message }
      run { id }
    }
  }
`);

const startDocument = graphql(`
  mutation BenchStart($input: StartRunInput!) {
    startRun(input: $input) {
      errors { message }
      run { id }
    }
  }
`);

/** A run as clients know it, and its row's id. */
export interface StartedRun {
  readonly globalId: string;
  readonly id: string;
}

const sampleTalk = path.resolve(import.meta.dirname, '../../samples/talk.mp4');

/** Uploads a talk (by default the sample: two and a half minutes, with captions) and starts a run; without a recipe it only ingests. */
export async function sendTalk(
  { send, workspaceId }: House,
  recipe: RecipeInput | null,
  file = sampleTalk,
): Promise<{ uploadId: string; run: StartedRun }> {
  const bytes = await openAsBlob(file);
  const { createUpload } = await send(announceDocument, {
    input: {
      workspaceId,
      fileName: 'talk.mp4',
      contentType: 'video/mp4',
      sizeBytes: bytes.size,
      protocol: 'PUT',
      idempotencyKey: crypto.randomUUID(),
    },
  });
  const upload = given(createUpload?.upload, createUpload?.errors);
  const target = given(upload.target);
  const headers = Object.fromEntries(target.headers.map(({ name, value }) => [name, value]));
  const answer = await fetch(target.url, { method: 'PUT', headers, body: bytes });
  if (!answer.ok) throw new Error(`the bytes were refused: ${await answer.text()}`);
  const { finalizeUpload } = await send(finalizeDocument, { input: { uploadId: upload.id, thenRun: recipe } });
  return { uploadId: upload.id, run: startedRun(given(finalizeUpload?.run, finalizeUpload?.errors).id) };
}

/** Starts another run of an upload. */
export async function startRun({ send }: House, uploadId: string, recipe: RecipeInput): Promise<StartedRun> {
  const { startRun } = await send(startDocument, {
    input: { uploadId, recipe, idempotencyKey: crypto.randomUUID() },
  });
  return startedRun(given(startRun?.run, startRun?.errors).id);
}

/** Waits until the run is final; its status, and the milliseconds from its start to its end by its row. */
export async function finalState({ database: { prisma } }: House, run: StartedRun, limitMs = 300_000) {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const { status, createdAt, finishedAt } = await prisma.run.findUniqueOrThrow({ where: { id: run.id } });
    if (finishedAt) return { status, tookMs: finishedAt.getTime() - createdAt.getTime() };
    if (performance.now() > deadline) throw new Error(`The run was still ${status} after ${limitMs} ms.`);
    await wait(20);
  }
}

const startedRun = (globalId: string): StartedRun => ({ globalId, id: given(parseGlobalId(globalId)).id });

function given<T>(value: T | null | undefined, errors: readonly { message: string }[] = []): T {
  if (value === null || value === undefined) throw new Error(errors.map(({ message }) => message).join('; ') || 'none');
  return value;
}
