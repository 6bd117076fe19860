import type { UrlStorage } from 'tus-js-client';
import { asked } from './again.ts';
import type { Caller } from './caller.ts';
import { OffprintError } from './failure.ts';
import {
  type CaptionSidecarInput,
  CreateUploadDocument,
  FinalizeUploadDocument,
  type FinalizeUploadMutation,
  type RecipeInput,
  RenewUploadTargetDocument,
  type SendingFragment,
  SendingStateDocument,
  type UploadProtocol,
} from './generated/graphql.ts';
import type { Outcome, PayloadOf } from './outcome.ts';
import type { Sendable, Sender, Target } from './sender.ts';

/** What becomes of the bytes, and who is told. */
export type Sending = (Announcement | { readonly uploadId: string }) & {
  /** What to make of the recording once it is there. */
  readonly thenRun?: RecipeInput;
  /** Captions that came with it. */
  readonly captions?: CaptionSidecarInput;
  readonly onProgress?: (sentBytes: number, totalBytes: number) => void;
  /** Told once the upload has an id: keep it, and give it as `uploadId` to go on after a reload. */
  readonly onAnnounced?: (uploadId: string) => void;
  /** Stops the sending; what was sent stays, and can be gone on from. */
  readonly signal?: AbortSignal;
  /** Where tus keeps how far it is: by default localStorage, and nowhere outside browsers. */
  readonly urlStorage?: UrlStorage;
};

/** A recording that the API does not know yet. */
export interface Announcement {
  readonly workspaceId: string;
  /** By default the name of the File. */
  readonly fileName?: string;
  /** By default what the Blob says. */
  readonly contentType?: string;
  readonly title?: string;
  /** SHA-256 in hexadecimal; checked when given. */
  readonly sha256?: string;
  /** TUS by default; PUT is one request, for small recordings. */
  readonly protocol?: UploadProtocol;
  /**
   * The same key announces the same recording, for 24 hours; by default each call has its own. Give one where somebody
   * may begin anew before `onAnnounced` told of an id, such as by reloading the page.
   */
  readonly idempotencyKey?: string;
}

/** The finalized upload, and its run where one was asked for. */
export type Uploaded = Outcome<PayloadOf<FinalizeUploadMutation>>;

/** An upload under way. */
export interface UploadTask {
  /** What came of it. Rejects with OffprintError, or the reason of the signal. */
  readonly done: Promise<Uploaded>;
  pause(): void;
  resume(): void;
}

/** Targets renewed in a row without a byte sent in between: more would be a storage that takes none at all. */
const renewalsInARow = 3;

/** Starts to send; the bytes go from here straight to storage. */
export function startUpload(client: Caller, recording: Blob, sending: Sending): UploadTask {
  const gate = openGate(sending.signal);
  return { done: uploaded(client, recording, { sending, gate }), pause: gate.pause, resume: gate.resume };
}

interface Underway {
  readonly sending: Sending;
  readonly gate: Gate;
}

async function uploaded(client: Caller, recording: Blob, { sending, gate }: Underway): Promise<Uploaded> {
  const { signal } = sending;
  const begun = 'uploadId' in sending ? await found(client, sending) : await announced(client, recording, sending);
  if (!begun.ok) return begun;
  const { upload } = begun;
  if (!upload) throw new OffprintError('BAD_ANSWER', { message: 'The API answered without the upload.' });
  sending.onAnnounced?.(upload.id);
  if (upload.target) await sent(client, { upload, target: upload.target, recording }, { sending, gate });
  const input = { uploadId: upload.id, thenRun: sending.thenRun ?? null, captions: sending.captions ?? null };
  return asked(() => client.mutate(FinalizeUploadDocument, input, { signal }), signal);
}

function announced(client: Caller, recording: Blob, sending: Announcement & { readonly signal?: AbortSignal }) {
  const { workspaceId, title, sha256, protocol, signal } = sending;
  const fileName = sending.fileName ?? (recording instanceof File ? recording.name : 'recording');
  const contentType = sending.contentType ?? recording.type;
  const more = { ...(title && { title }), ...(sha256 && { sha256 }), ...(protocol && { protocol }) };
  const { idempotencyKey = crypto.randomUUID() } = sending;
  const input = { workspaceId, fileName, contentType, sizeBytes: recording.size, idempotencyKey, ...more };
  return client.mutate(CreateUploadDocument, input, { signal });
}

/** The upload that is gone on with. Without a target its bytes are all there. */
async function found(
  client: Caller,
  { uploadId, signal }: { readonly uploadId: string; readonly signal?: AbortSignal },
) {
  const { node } = await asked(() => client.request(SendingStateDocument, { uploadId }, { signal }), signal);
  if (node?.__typename !== 'Upload') throw new OffprintError('NOT_FOUND', { message: 'The upload is not there.' });
  return { ok: true as const, upload: node };
}

interface Bytes {
  readonly upload: SendingFragment;
  readonly target: Target;
  readonly recording: Blob;
}

/** Sends, go by go, until all is sent: a pause waits to be resumed, a target that ran out is renewed. */
async function sent(client: Caller, bytes: Bytes, { sending, gate }: Underway): Promise<void> {
  let { target } = bytes;
  let renewals = 0;
  const onProgress = (sentBytes: number, totalBytes: number): void => {
    renewals = 0;
    sending.onProgress?.(sentBytes, totalBytes);
  };
  const sendable = { uploadId: bytes.upload.id, recording: bytes.recording, onProgress };
  const sender = await senderFor(target, sendable, sending.urlStorage);
  for (;;) {
    await gate.opened(sender);
    const end = await sender.send(target);
    if (end === 'sent') return;
    if (end === 'paused') continue;
    renewals += 1;
    if (renewals > renewalsInARow)
      throw new OffprintError('UPLOAD_REFUSED', { message: 'The storage takes no bytes.' });
    const renewed = await renewedTarget(client, bytes.upload.id, sending.signal);
    // The last answer was lost: all of it is there.
    if (!renewed) return;
    target = renewed;
  }
}

/** Loaded with the first upload: a page that only reads does without the two thirds of this package that are tus. */
async function senderFor({ protocol }: Target, sendable: Sendable, urlStorage?: UrlStorage): Promise<Sender> {
  if (protocol === 'PUT') return (await import('./send-by-put.ts')).putSender(sendable);
  return (await import('./send-by-tus.ts')).tusSender(sendable, urlStorage);
}

async function renewedTarget(client: Caller, uploadId: string, signal?: AbortSignal): Promise<Target | null> {
  const renewed = await asked(() => client.mutate(RenewUploadTargetDocument, { uploadId }, { signal }), signal);
  if (renewed.ok) return renewed.upload?.target ?? null;
  const [{ code, message }] = renewed.errors;
  if (code === 'INVALID_STATE') return null;
  throw new OffprintError(code, { message });
}

/** Lets goes at sending begin, but not while they are paused. */
interface Gate {
  readonly pause: () => void;
  readonly resume: () => void;
  /** Waits until nothing is paused; from then on a pause ends what this sender does. */
  readonly opened: (sender: Sender) => Promise<void>;
}

function openGate(signal: AbortSignal | undefined): Gate {
  let closed: PromiseWithResolvers<void> | null = null;
  let current: Sender | null = null;
  const pause = (): void => {
    closed ??= Promise.withResolvers();
    current?.pause();
  };
  const resume = (): void => {
    closed?.resolve();
    closed = null;
  };
  signal?.addEventListener('abort', () => {
    current?.pause();
    resume();
  });
  return {
    pause,
    resume,
    async opened(sender) {
      await closed?.promise;
      signal?.throwIfAborted();
      current = sender;
    },
  };
}
