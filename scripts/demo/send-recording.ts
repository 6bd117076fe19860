import { openAsBlob } from 'node:fs';
import { type RecipeInput, ViewerDocument } from '#client/offprint.ts';
import { type Client, refusal } from './client.ts';
import type { Recording } from './recording.ts';

/** Everything that Offprint makes. */
const recipe: RecipeInput = {
  highlights: { count: 4, minDurationMs: 15_000, maxDurationMs: 60_000 },
  clips: {
    presets: ['LANDSCAPE_720P', 'PORTRAIT_1080P'],
    captionStyle: 'BURNED_KARAOKE',
    removeSilences: true,
    reel: true,
  },
  contents: [{ kind: 'BLOG' }, { kind: 'LINKEDIN' }, { kind: 'TWITTER' }, { kind: 'INSTAGRAM' }],
};

/** Who is told how far the sending is, in bytes. */
export interface SendingReader {
  sent(bytes: number, total: number): void;
}

/** Ids of what was begun. */
export interface Begun {
  readonly uploadId: string;
  readonly runId: string;
}

/** Announces a recording, sends its bytes straight to storage and says what to make of them. */
export async function sendRecording(client: Client, recording: Recording, reader: SendingReader): Promise<Begun> {
  const { file, name: fileName, title, contentType, captions } = recording;
  const sent = await client.upload(await openAsBlob(file, { type: contentType }), {
    workspaceId: await workspaceOf(client),
    fileName,
    title,
    thenRun: recipe,
    ...(captions && { captions }),
    onProgress: (bytes, total) => reader.sent(bytes, total),
    signal: client.signal,
  }).done;
  if (!sent.ok) throw refusal(sent.errors);
  if (!sent.upload || !sent.run) throw refusal([{ message: 'The upload was finalized without a run.' }]);
  return { uploadId: sent.upload.id, runId: sent.run.id };
}

async function workspaceOf(client: Client): Promise<string> {
  const { viewer } = await client.request(ViewerDocument, {}, client);
  const workspaceId = viewer?.workspaces.nodes[0]?.workspace.id;
  if (!workspaceId) throw refusal([{ message: 'The token belongs to no workspace.' }]);
  return workspaceId;
}
