import { createReadStream } from 'node:fs';
import * as tus from 'tus-js-client';
import { graphql } from '#generated/client/gql.ts';
import { accepted, type Client, refusal } from './client.ts';
import type { Recording } from './recording.ts';

const membershipDocument = graphql(`
  query Membership {
    viewer { workspaces(first: 1) { nodes { workspace { id } } } }
  }
`);

const announceDocument = graphql(`
  mutation AnnounceRecording($input: CreateUploadInput!) {
    createUpload(input: $input) {
      errors { code message }
      upload {
        id
        target { url chunkSizeBytes headers { name value } metadata { name value } }
      }
    }
  }
`);

interface Target {
  readonly url: string;
  readonly chunkSizeBytes?: number | null;
  readonly headers: readonly Pair[];
  readonly metadata: readonly Pair[];
}

interface Pair {
  readonly name: string;
  readonly value: string;
}

/** Who is told how far the sending is, in bytes. */
export interface SendingReader {
  sent(bytes: number, total: number): void;
}

/** Announces a recording, then sends its bytes straight to storage. Gives the upload's id. */
export async function sendRecording(client: Client, recording: Recording, reader: SendingReader): Promise<string> {
  const { viewer } = await client.request(membershipDocument, {});
  const workspaceId = viewer?.workspaces.nodes[0]?.workspace.id;
  if (!workspaceId) throw refusal([{ message: 'The token belongs to no workspace.' }]);
  const { createUpload } = await client.request(announceDocument, { input: announcementOf(recording, workspaceId) });
  const { upload } = accepted(createUpload);
  if (!upload?.target) throw refusal([{ message: 'The upload has no target.' }]);
  await sendBytes(upload.target, { file: recording.file, reader, signal: client.signal });
  return upload.id;
}

const announcementOf = ({ name, title, contentType, sizeBytes }: Recording, workspaceId: string) => ({
  workspaceId,
  title,
  contentType,
  sizeBytes,
  fileName: name,
  protocol: 'TUS' as const,
  idempotencyKey: crypto.randomUUID(),
});

/** URL, headers, metadata and chunk size are the target's; a broken connection continues where it broke. */
async function sendBytes(
  target: Target,
  { file, reader, signal }: { file: string; reader: SendingReader; signal: AbortSignal },
): Promise<void> {
  signal.throwIfAborted();
  const done = Promise.withResolvers<void>();
  const upload = new tus.Upload(createReadStream(file), {
    endpoint: target.url,
    headers: pairs(target.headers),
    metadata: pairs(target.metadata),
    chunkSize: target.chunkSizeBytes ?? Number.POSITIVE_INFINITY,
    retryDelays: [0, 1_000, 3_000, 5_000],
    onProgress: (sent, total) => reader.sent(sent, total),
    onSuccess: () => done.resolve(),
    onError: (error) => done.reject(error),
  });
  const stop = (): void => {
    done.reject(signal.reason);
    void upload.abort();
  };
  signal.addEventListener('abort', stop);
  upload.start();
  await done.promise.finally(() => signal.removeEventListener('abort', stop));
}

const pairs = (list: readonly Pair[]): Record<string, string> =>
  Object.fromEntries(list.map(({ name, value }) => [name, value]));
