import type * as tus from 'tus-js-client';
import { OffprintError } from './failure.ts';
import { isExpiry, recordOf, type Sendable, type Sender, type SendingEnd } from './sender.ts';
import { storageRequests } from './storage-requests.ts';

/**
 * Sends everything with one PUT, for small recordings: a pause ends it, and going on starts it over. Sent by the HTTP of
 * tus, which tells of progress in browsers and in Node, where `fetch` does not.
 */
export function putSender({ recording, onProgress }: Sendable): Sender {
  let request: tus.HttpRequest | null = null;
  let end = Promise.withResolvers<SendingEnd>();
  return {
    async send(target) {
      end = Promise.withResolvers();
      const put = storageRequests().createRequest('PUT', target.url);
      request = put;
      for (const [name, value] of Object.entries(recordOf(target.headers))) put.setHeader(name, value);
      put.setProgressHandler((sent) => onProgress(sent, recording.size));
      const body = await bodyOf(recording);
      void put.send(body).then(answered, (cause: unknown) => broken(cause));
      return end.promise;
    },
    pause() {
      void request?.abort();
      end.resolve('paused');
    },
  };

  function answered(response: tus.HttpResponse): void {
    const status = response.getStatus();
    if (isExpiry(status)) return end.resolve('expired');
    if (status >= 300) return broken(response.getBody(), status);
    onProgress(recording.size, recording.size);
    end.resolve('sent');
  }

  function broken(cause: unknown, status?: number): void {
    const code = status === undefined ? 'NETWORK' : 'UPLOAD_REFUSED';
    end.reject(
      new OffprintError(code, { message: 'The storage did not take the bytes.', status: status ?? null, cause }),
    );
  }
}

/** A browser reads the file while it sends it; Node's HTTP knows no Blob. */
const bodyOf = async (recording: Blob): Promise<Blob | Uint8Array> =>
  'XMLHttpRequest' in globalThis ? recording : new Uint8Array(await recording.arrayBuffer());
