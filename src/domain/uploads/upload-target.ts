import { Problem } from '#base/problem.ts';
import type { UploadProtocol, UploadStatus } from '#generated/prisma/enums.ts';
import { builder } from '#graph/builder.ts';
import type { Context } from '#graph/context.ts';
import { allows } from '#graph/permissions.ts';
import type { SignedTarget } from '#providers/object-storage.ts';

export const Protocol = builder.enumType('UploadProtocol', {
  description: 'TUS can pause and resume; PUT is one request.',
  values: {
    PUT: { description: 'One request with all bytes.' },
    TUS: { description: 'The tus protocol, 1.0.0.' },
  } satisfies Record<UploadProtocol, object>,
});

const HttpHeader = builder.objectRef<{ name: string; value: string }>('HttpHeader').implement({
  description: 'A header or metadata pair.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'As sent.' }),
    value: t.exposeString('value', { description: 'As sent; may be a secret.' }),
  }),
});

const pairs = (record: Readonly<Record<string, string>>) =>
  Object.entries(record).map(([name, value]) => ({ name, value }));

export const UploadTarget = builder.objectRef<SignedTarget>('UploadTarget').implement({
  description: 'Everything a client needs to send bytes straight to storage; it copies the values blindly.',
  fields: (t) => ({
    protocol: t.expose('protocol', { type: Protocol, description: 'How to send.' }),
    url: t.expose('url', { type: 'URL', description: 'Where to send; a secret.' }),
    headers: t.field({
      type: [HttpHeader],
      description: 'To be sent with every request.',
      resolve: ({ headers }) => pairs(headers),
    }),
    metadata: t.field({
      type: [HttpHeader],
      description: 'Pairs for the tus Upload-Metadata header; empty for PUT.',
      resolve: ({ metadata }) => pairs(metadata),
    }),
    chunkSizeBytes: t.expose('chunkSizeBytes', {
      type: 'ByteSize',
      nullable: true,
      description: 'Send chunks of exactly this size.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When the target stops working; renew it then.',
    }),
  }),
});

interface Awaiting {
  readonly workspaceId: string;
  readonly status: UploadStatus;
  readonly storageKey: string;
  readonly protocol: UploadProtocol;
  readonly contentType: string;
  readonly announcedBytes: bigint;
}

/** A target is a right to write, so who only reads the workspace gets none. */
export async function targetOf(upload: Awaiting, { api, viewer }: Context): Promise<SignedTarget | null> {
  const { workspaceId, status, storageKey, protocol, contentType, announcedBytes } = upload;
  if (status !== 'AWAITING_BYTES' || !allows(viewer, workspaceId, 'Upload.target')) return null;
  try {
    const wanted = { protocol, contentType, sizeBytes: Number(announcedBytes) };
    return await api.storage.signUpload({ bucket: 'uploads', key: storageKey }, wanted);
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code === 'CONFLICT') return null;
    throw thrown;
  }
}
