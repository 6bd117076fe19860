import { globalId } from '#base/global-id.ts';
import { SignedLink } from '#domain/files/stored-file.ts';
import { ViewerType } from '#domain/workspaces/viewer.ts';
import { builder } from '#graph/builder.ts';
import { mutation, payloadType } from '#graph/mutation.ts';
import { requireScope } from '#graph/permissions.ts';
import { exportMyData, exportMyDataInput } from './export-my-data.ts';

const linkSeconds = 15 * 60;

/** No node: only the person it is about reaches it, through `viewer`. */
const Export = builder.prismaObject('DataExport', {
  description: 'Everything that is here of a person, as one JSON file for that person.',
  select: { id: true },
  fields: (t) => ({
    id: t.id({ description: 'Globally unique, opaque.', resolve: ({ id }) => globalId('DataExport', id) }),
    requestedAt: t.expose('requestedAt', { type: 'DateTime', description: 'When it was asked for.' }),
    readyAt: t.expose('readyAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was made; null until then.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it is removed.' }),
    sizeBytes: t.expose('sizeBytes', { type: 'ByteSize', nullable: true, description: 'How many bytes.' }),
    link: t.field({
      type: SignedLink,
      nullable: true,
      select: { storageKey: true },
      description: 'Where to get it, for a quarter of an hour; null until it is ready.',
      resolve: ({ storageKey }, _args, { api }) => {
        if (!storageKey) return null;
        const wanted = { expiresInSeconds: linkSeconds, downloadName: 'offprint-data.json' };
        return api.storage.signDownload({ bucket: 'exports', key: storageKey }, wanted);
      },
    }),
  }),
});

builder.objectField(ViewerType, 'exports', (t) =>
  t.prismaField({
    type: [Export],
    description: "Exports of the caller's data that were not removed yet, newest first; refused to an API key.",
    resolve: (...[query, viewer, , { api }]) => {
      requireScope(viewer, 'Viewer.exports');
      return api.database.prisma.dataExport.findMany({
        ...query,
        where: { userId: viewer.userId, expiresAt: { gt: new Date() } },
        orderBy: { requestedAt: 'desc' },
      });
    },
  }),
);

mutation('exportMyData', {
  about: 'Ask for everything that is here of the caller, as one file.',
  check: exportMyDataInput,
  perform: exportMyData,
  payload: payloadType<{ exportId: string }>('ExportMyDataPayload', (t) => ({
    export: t.prismaField({
      type: Export,
      nullable: true,
      description: 'The export; ask `viewer` for it until it is ready.',
      resolve: (...[query, { exportId }, , { api }]) => {
        const selected = { ...query };
        return exportId ? api.database.prisma.dataExport.findUnique({ ...selected, where: { id: exportId } }) : null;
      },
    }),
  })),
  input: builder.inputType('ExportMyDataInput', {
    description: 'How to ask.',
    fields: (t) => ({
      again: t.boolean({ defaultValue: false, description: 'Make a new one though one is ready.' }),
      idempotencyKey: t.string({ description: 'The same key asks for one export; 1 to 64 characters.' }),
    }),
  }),
});
