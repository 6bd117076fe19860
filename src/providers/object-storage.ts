import type { Readable } from 'node:stream';

/**
 * The buckets. The layout inside each is `{workspaceId}/{uploadId}/{artifact}/{uuid or hash}.{ext}`; what belongs to a
 * person and no workspace lies in `exports` as `{userId}/{uuid}.json`.
 */
export const buckets = ['uploads', 'transcripts', 'clips', 'subtitles', 'images', 'exports'] as const;
export type Bucket = (typeof buckets)[number];

/** Names one stored object. */
export interface ObjectName {
  readonly bucket: Bucket;
  readonly key: string;
}

/** What storage knows about an object. */
export interface ObjectInfo {
  readonly sizeBytes: number;
  readonly contentType: string;
}

/** One line of a listing. */
export interface ListedObject {
  readonly key: string;
  readonly sizeBytes: number;
  /** When its bytes were last written. */
  readonly storedAt: Date;
}

/** What is to be sent, and how. */
interface WantedTarget {
  readonly protocol: 'PUT' | 'TUS';
  readonly contentType: string;
  readonly sizeBytes: number;
}

/** Everything a client needs to send bytes straight to storage; it copies url, headers and metadata blindly. */
export interface SignedTarget {
  readonly protocol: 'PUT' | 'TUS';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Pairs for tus Upload-Metadata; empty for PUT. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly chunkSizeBytes: number | null;
  readonly expiresAt: Date;
}

/**
 * Where bytes live. Every call has a timeout; reads are tried once more on a fresh connection. Failures are Problems:
 * NOT_FOUND, MEDIA_TOO_LARGE, CONFLICT (the key exists), PROVIDER_UNAVAILABLE, PROVIDER_REJECTED.
 * A key that leaves its bucket (`..`, empty segments, control characters) throws INVALID_INPUT before any call.
 */
export interface ObjectStorage {
  /** Makes the buckets that are missing. */
  ensureBuckets(): Promise<void>;
  /**
   * A place a client may send one object of at most `sizeBytes` to; calling again for the same name continues a tus upload.
   * A Supabase project knows only the limit of its bucket: compare the size again once the bytes are there.
   */
  signUpload(name: ObjectName, wanted: WantedTarget): Promise<SignedTarget>;
  /** Size and type, or null when there is no such object. */
  info(name: ObjectName): Promise<ObjectInfo | null>;
  /** The object's bytes as a stream, or the given byte range of it (end excluded). */
  read(name: ObjectName, options?: { range?: { start: number; end: number }; signal?: AbortSignal }): Promise<Readable>;
  /** Stores a local file, replacing what was there. */
  putFile(name: ObjectName, file: string, options: { contentType: string; signal?: AbortSignal }): Promise<void>;
  /** Stores a short text or buffer, replacing what was there. */
  put(
    name: ObjectName,
    body: string | Uint8Array,
    options: { contentType: string; signal?: AbortSignal },
  ): Promise<void>;
  /** A short-lived download link. `downloadName` makes browsers save instead of show. */
  signDownload(
    name: ObjectName,
    options: { expiresInSeconds: number; downloadName?: string },
  ): Promise<{ url: string; expiresAt: Date }>;
  /** Removes objects of one bucket; those that are missing are skipped. Their bytes are gone when it resolves. */
  remove(bucket: Bucket, keys: readonly string[]): Promise<void>;
  /** Keys below a prefix, all of them, in order. */
  list(bucket: Bucket, prefix: string): AsyncIterable<ListedObject>;
}
