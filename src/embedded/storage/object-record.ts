import { z } from 'zod';

/** What is kept about an object beside its bytes. */
export const objectRecord = z.object({
  id: z.string(),
  /** Names the bytes; a new one with every write, so it is the ETag too. */
  version: z.string(),
  bucket: z.string(),
  key: z.string(),
  sizeBytes: z.number().int(),
  contentType: z.string(),
  cacheControl: z.string(),
  /** The tus upload that made it, so that its last step can be repeated. */
  tusId: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

export type ObjectRecord = z.output<typeof objectRecord>;

/** Quoted, as the header wants it. */
export const etagOf = (record: ObjectRecord): string => `"${record.version}"`;
