import * as tus from 'tus-js-client';
import type { SignedTarget } from '#providers/object-storage.ts';

/** A request of the client that the server answered, with the offset it answered. */
export interface TusStep {
  readonly method: string;
  readonly offset: number;
}

export interface TusSending {
  /** Cuts the connection once this many bytes are on their way. */
  readonly stopAt?: number;
  /** Continues the upload at this address. */
  readonly resume?: string;
  /** Collects what was answered. */
  readonly steps?: TusStep[];
}

/** Sends bytes to a TUS target with the client that browsers use. Resolves when all are sent, or when it has stopped. */
export async function sendByTus(
  target: SignedTarget,
  bytes: Buffer,
  { stopAt, resume, steps }: TusSending = {},
): Promise<{ uploadUrl: string }> {
  const done = Promise.withResolvers<void>();
  const upload = new tus.Upload(bytes, {
    endpoint: target.url,
    ...(resume !== undefined && { uploadUrl: resume }),
    headers: { ...target.headers },
    metadata: { ...target.metadata },
    chunkSize: target.chunkSizeBytes ?? Number.POSITIVE_INFINITY,
    retryDelays: [],
    onSuccess: () => done.resolve(),
    onError: (error) => done.reject(error),
    onProgress: (sent) => {
      if (stopAt !== undefined && sent >= stopAt) void upload.abort().then(() => done.resolve());
    },
    onAfterResponse: (request, response) => {
      steps?.push({ method: request.getMethod(), offset: Number(response.getHeader('upload-offset')) });
    },
  });
  upload.start();
  await done.promise;
  return { uploadUrl: upload.url ?? '' };
}
