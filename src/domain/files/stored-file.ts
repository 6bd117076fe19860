import path from 'node:path';
import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import { builder, owned } from '#graph/builder.ts';
import { buckets } from '#providers/object-storage.ts';

const Disposition = builder.enumType('FileDisposition', {
  description: 'How a browser should treat the bytes.',
  values: { INLINE: { description: 'Show them.' }, ATTACHMENT: { description: 'Save them.' } },
});

export const SignedLink = builder.objectRef<{ url: string; expiresAt: Date }>('SignedLink').implement({
  description: 'A link that stops working at `expiresAt`.',
  fields: (t) => ({
    url: t.expose('url', { type: 'URL', description: 'Where the bytes are; a secret.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it stops working.' }),
  }),
});

const longestSeconds = 24 * 3600;
const bucketColumn = z.enum(buckets);

/** An artifact's bytes as every room shows them. */
export const StoredFile = builder.prismaObject('Artifact', {
  name: 'StoredFile',
  description: 'A stored artifact. Identity is its content hash; the link is minted on demand.',
  select: owned.select,
  authScopes: owned.authScopes,
  runScopesOnType: true,
  fields: (t) => ({
    contentType: t.exposeString('contentType', { description: 'Media type of the bytes.' }),
    sizeBytes: t.expose('sizeBytes', { type: 'ByteSize', description: 'How many bytes.' }),
    sha256: t.exposeString('sha256', { description: 'Content hash, hexadecimal.' }),
    link: t.field({
      type: SignedLink,
      nullable: true,
      description: 'Short-lived link; null when the bytes were removed by retention.',
      args: {
        expiresInSeconds: t.arg.int({ defaultValue: 900, description: 'Life of the link, 1 second to 24 hours.' }),
        disposition: t.arg({ type: Disposition, defaultValue: 'INLINE', description: 'Show or save.' }),
      },
      select: { bucket: true, storageKey: true, removedAt: true },
      resolve: ({ bucket, storageKey, removedAt }, { expiresInSeconds, disposition }, { api }) => {
        const lifeSeconds = expiresInSeconds ?? 900;
        if (lifeSeconds < 1 || lifeSeconds > longestSeconds)
          throw new Problem('INVALID_INPUT', { reason: 'A link lives 1 second to 24 hours.' });
        if (removedAt) return null;
        return api.storage.signDownload(
          { bucket: bucketColumn.parse(bucket), key: storageKey },
          {
            expiresInSeconds: lifeSeconds,
            ...(disposition === 'ATTACHMENT' && { downloadName: path.posix.basename(storageKey) }),
          },
        );
      },
    }),
  }),
});
