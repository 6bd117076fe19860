import { builder, type Types } from '#graph/builder.ts';
import { mutation, type Payload, payloadType } from '#graph/mutation.ts';
import { deleteMe, deleteMeInput } from './delete-me.ts';
import { deleteUpload, deleteUploadInput } from './delete-upload.ts';
import { deleteWorkspace, deleteWorkspaceInput } from './delete-workspace.ts';
import { Receipt } from './receipt.ts';

type PayloadBuilder<Done extends object> = PothosSchemaTypes.ObjectFieldBuilder<Types, Payload<Done>>;

const deletedField = <Done extends { deletedId: string }>(t: PayloadBuilder<Done>) =>
  t.id({
    nullable: true,
    description: 'The global id that it had.',
    resolve: ({ deletedId }) => deletedId ?? null,
  });

interface Deleted {
  readonly deletedId: string;
  readonly receiptId: string;
}

const deletedPayload = (name: string) =>
  payloadType<Deleted>(name, (t) => ({
    deletedId: deletedField(t),
    receipt: t.prismaField({
      type: Receipt,
      nullable: true,
      description: 'How much it was; the bytes follow within moments.',
      resolve: (...[query, { receiptId }, , { api }]) => {
        const selected = { ...query };
        return receiptId
          ? api.database.prisma.erasureReceipt.findUnique({ ...selected, where: { id: receiptId } })
          : null;
      },
    }),
  }));

mutation('deleteUpload', {
  about:
    'Erase an upload and everything made of it, also while a run is under way. Who sent it may, and admins of the workspace.',
  check: deleteUploadInput,
  perform: deleteUpload,
  payload: deletedPayload('DeleteUploadPayload'),
  input: builder.inputType('DeleteUploadInput', {
    description: 'The upload to erase.',
    fields: (t) => ({ uploadId: t.id({ required: true, description: 'Which one.' }) }),
  }),
});

mutation('deleteWorkspace', {
  about: 'Erase a workspace and everything in it. Its owner may.',
  check: deleteWorkspaceInput,
  perform: deleteWorkspace,
  payload: deletedPayload('DeleteWorkspacePayload'),
  input: builder.inputType('DeleteWorkspaceInput', {
    description: 'The workspace to erase.',
    fields: (t) => ({
      workspaceId: t.id({ required: true, description: 'Which one.' }),
      confirmSlug: t.string({ required: true, description: 'Its slug, typed once more.' }),
    }),
  }),
});

mutation('deleteMe', {
  about:
    'Erase the caller: the own workspace, memberships, exports, and the name on what stays with others. Refused while the caller is the only owner of a workspace that others are in.',
  check: deleteMeInput,
  perform: deleteMe,
  payload: payloadType<{ deletedId: string; receiptIds: readonly string[] }>('DeleteMePayload', (t) => ({
    deletedId: deletedField(t),
    receipts: t.prismaField({
      type: [Receipt],
      description: 'How much it was: of the person, and of the own workspace.',
      resolve: (...[query, { receiptIds = [] }, , { api }]) =>
        api.database.prisma.erasureReceipt.findMany({
          ...query,
          where: { id: { in: [...receiptIds] } },
          orderBy: { kind: 'asc' },
        }),
    }),
  })),
  input: builder.inputType('DeleteMeInput', {
    description: 'A deliberate act.',
    fields: (t) => ({ confirm: t.string({ required: true, description: 'The words `delete me`.' }) }),
  }),
});
