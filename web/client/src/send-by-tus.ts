import * as tus from 'tus-js-client';
import { blobReader } from './blob-reader.ts';
import { OffprintError } from './failure.ts';
import { isExpiry, recordOf, type Sendable, type Sender, type SendingEnd, type Target } from './sender.ts';
import { storageRequests } from './storage-requests.ts';

/** How long is waited before each try after a broken connection; a try that sent something starts them anew. */
const retryDelaysMs = [0, 1_000, 3_000, 5_000, 10_000, 20_000, 30_000];

/** Thrown into tus when the target is refused, so that it neither tries again nor starts the upload over. */
class Expired extends Error {}

/**
 * Sends by tus, chunk by chunk. Where it stands is kept under the upload's id (in a browser in localStorage), so that it
 * goes on after a pause, a broken connection and a reload of the page.
 */
export function tusSender({ uploadId, recording, onProgress }: Sendable, urlStorage?: tus.UrlStorage): Sender {
  let end = Promise.withResolvers<SendingEnd>();
  // What was dropped is begun anew with the next target.
  let dropped = false;
  const upload = new tus.Upload(recording, {
    ...blobReader(),
    httpStack: storageRequests(),
    ...(urlStorage && { urlStorage }),
    fingerprint: () => Promise.resolve(`offprint:${uploadId}`),
    removeFingerprintOnSuccess: true,
    retryDelays: retryDelaysMs,
    onProgress,
    onAfterResponse: (request, response) => {
      const status = response.getStatus();
      if (!isExpiry(status)) return;
      dropped = request.getMethod() !== 'POST' && (status === 404 || status === 410);
      throw new Expired(`storage answered ${status}`);
    },
    onShouldRetry: (error) => !isExpired(error) && mayPass(error.originalResponse?.getStatus() ?? 0),
    onSuccess: () => end.resolve('sent'),
    onError: (error) => (isExpired(error) ? end.resolve('expired') : end.reject(refusedBy(error))),
  });
  const remembered = upload.findPreviousUploads().then(([last]) => last && upload.resumeFromPreviousUpload(last));
  return {
    async send(target) {
      await remembered.catch(() => undefined);
      end = Promise.withResolvers();
      Object.assign(upload.options, optionsOf(target));
      if (dropped) upload.url = null;
      dropped = false;
      upload.start();
      return end.promise;
    },
    pause() {
      void upload.abort();
      end.resolve('paused');
    },
  };
}

const optionsOf = ({ url, headers, metadata, chunkSizeBytes }: Target) => ({
  endpoint: url,
  headers: recordOf(headers),
  metadata: recordOf(metadata),
  ...(typeof chunkSizeBytes === 'number' && { chunkSize: chunkSizeBytes }),
});

const isExpired = (error: Error): boolean =>
  error instanceof tus.DetailedError && error.causingError instanceof Expired;

/** As the library judges, but for its question whether the browser is online: a phone says no for a moment. */
const mayPass = (status: number): boolean => status < 400 || status >= 500 || status === 409 || status === 423;

function refusedBy(error: Error | tus.DetailedError): OffprintError {
  const status = error instanceof tus.DetailedError ? (error.originalResponse?.getStatus() ?? null) : null;
  const code = status === null ? 'NETWORK' : 'UPLOAD_REFUSED';
  return new OffprintError(code, { message: 'The storage did not take the bytes.', status, cause: error });
}
