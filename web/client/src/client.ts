import { asked } from './again.ts';
import type { Caller } from './caller.ts';
import { type Following, followRun } from './follow-run.ts';
import { sendDocument } from './http.ts';
import { outcomeOf } from './outcome.ts';
import type { RunState } from './run-state.ts';
import { type ClientOptions, type Settings, settingsOf } from './settings.ts';
import { openSocket } from './socket.ts';
import { subscribe } from './subscribe.ts';
import { type Sending, startUpload, type UploadTask } from './upload.ts';

/** The API as one caller sees it. All it throws is OffprintError, or the reason of a signal. */
export interface Client extends Caller, AsyncDisposable {
  readonly settings: Settings;
  /** Follows a run, state by state, to its end. */
  followRun(runId: string, following?: Following): AsyncGenerator<RunState, void, undefined>;
  /** Announces a recording, sends its bytes straight to storage and finalizes it. */
  upload(recording: Blob, sending: Sending): UploadTask;
  /** Ends the subscriptions and the connection under them. */
  close(): Promise<void>;
}

/** Opens the API for one caller. Nothing is sent before something is asked. */
export function createClient(options: ClientOptions): Client {
  const settings = settingsOf(options);
  let socket: ReturnType<typeof openSocket> | undefined;
  const close = async (): Promise<void> => {
    await socket?.dispose();
    socket = undefined;
  };
  const client: Client = {
    settings,
    request: (document, variables, calling) => sendDocument(settings, document, { variables, calling }),
    async mutate(document, input, calling) {
      const ask = () => client.request(document, { input }, calling);
      return outcomeOf(isOnce(input) ? await asked(ask, calling?.signal) : await ask());
    },
    subscribe(document, variables, calling) {
      socket ??= openSocket(settings);
      return subscribe(socket, document, { variables, byId: settings.trustedDocuments, calling });
    },
    followRun: (runId, following) => followRun(client, runId, following),
    upload: (recording, sending) => startUpload(client, recording, sending),
    close,
    [Symbol.asyncDispose]: close,
  };
  return client;
}

/** With an idempotency key the API does it once, however often it is asked. */
const isOnce = (input: unknown): boolean =>
  typeof input === 'object' && input !== null && 'idempotencyKey' in input && typeof input.idempotencyKey === 'string';
