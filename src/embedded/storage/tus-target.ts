import { Metadata, type Upload } from '@tus/server';
import { z } from 'zod';
import { contentTypeFrom } from './content-type.ts';
import { bucketName, objectKey } from './names.ts';
import { cacheControlOf } from './receive.ts';
import { Refusal } from './refusal.ts';

/** The object a tus upload will become. */
export interface Target {
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
  readonly cacheControl: string;
  /** Decided once, when the upload is created. */
  readonly upsert: boolean;
}

const pairs = z.object({
  bucketName,
  objectName: objectKey,
  contentType: z.string().nullish(),
  cacheControl: z.string().nullish(),
  upsert: z.string().nullish(),
});

/** The target in the metadata of an upload. Throws InvalidKey. */
export function targetOf(metadata: Upload['metadata']): Target {
  const parsed = pairs.safeParse(metadata);
  if (!parsed.success) throw new Refusal('InvalidKey', parsed.error);
  const { bucketName, objectName, contentType, cacheControl, upsert } = parsed.data;
  return {
    bucket: bucketName,
    key: objectName,
    contentType: contentTypeFrom(contentType),
    cacheControl: cacheControlOf(cacheControl),
    upsert: upsert === 'true',
  };
}

/** The target that a new upload declares in its Upload-Metadata header. Throws InvalidKey, InvalidRequest. */
export function declaredTarget(header: string | string[] | undefined): Target {
  return targetOf(parsed(String(header ?? '')));
}

function parsed(header: string): Upload['metadata'] {
  try {
    return Metadata.parse(header);
  } catch (thrown) {
    throw new Refusal('InvalidRequest', thrown);
  }
}
