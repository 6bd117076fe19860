import { globalId } from '#base/global-id.ts';
import { Workspace } from '#domain/workspaces/graph.ts';
import type { ErasedKind } from '#generated/prisma/enums.ts';
import { builder, connectionOf } from '#graph/builder.ts';

const Kind = builder.enumType('ErasedKind', {
  description: 'What was erased.',
  values: {
    UPLOAD: { description: 'A recording with everything made of it.' },
    WORKSPACE: { description: 'A workspace with everything in it.' },
    PERSON: { description: 'A person.' },
  } satisfies Record<ErasedKind, object>,
});

const typeNames = { UPLOAD: 'Upload', WORKSPACE: 'Workspace', PERSON: 'User' } as const satisfies Record<
  ErasedKind,
  string
>;

/** No node: it is reached through its workspace, or in the answer to who erased, and outlives both. */
export const Receipt = builder.prismaObject('ErasureReceipt', {
  description: 'What was erased, how much, and when. It names no person and nothing that was said.',
  select: { id: true },
  fields: (t) => ({
    id: t.id({ description: 'Globally unique, opaque.', resolve: ({ id }) => globalId('ErasureReceipt', id) }),
    kind: t.expose('kind', { type: Kind, description: 'What it was.' }),
    subjectId: t.id({
      select: { kind: true, subjectId: true },
      description: 'The global id that it had.',
      resolve: ({ kind, subjectId }) => globalId(typeNames[kind], subjectId),
    }),
    rows: t.exposeInt('rows', { description: 'Rows of the database that went.' }),
    objects: t.exposeInt('objects', { description: 'Stored objects that went so far.' }),
    bytes: t.expose('bytes', { type: 'ByteSize', description: 'Their bytes.' }),
    requestedAt: t.expose('requestedAt', { type: 'DateTime', description: 'When the rows went.' }),
    completedAt: t.expose('completedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last bytes had gone and none could come any more; null until then.',
    }),
  }),
});

const ReceiptConnection = connectionOf(Receipt, 'ErasureReceipt');

builder.prismaObjectField(Workspace, 'erasureReceipts', (t) =>
  t.relatedConnection(
    'receipts',
    {
      cursor: 'id',
      totalCount: true,
      description: 'What was erased from the workspace, newest first.',
      query: { orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }] },
    },
    ReceiptConnection,
  ),
);
