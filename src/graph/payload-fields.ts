import type { Types } from './builder.ts';
import type { Payload } from './mutation.ts';

type PayloadBuilder<Done extends object> = PothosSchemaTypes.ObjectFieldBuilder<Types, Payload<Done>>;

// Pothos hands resolvers four things; where we need the fourth they are taken as one tuple.

/** The `upload` of a payload. */
export const uploadField = <Done extends { uploadId: string }>(t: PayloadBuilder<Done>) =>
  t.prismaField({
    type: 'Upload',
    nullable: true,
    description: 'The upload as it is now.',
    resolve: (...[query, { uploadId }, , { api }]) =>
      uploadId ? api.database.prisma.upload.findUnique({ ...query, where: { id: uploadId } }) : null,
  });

/** The `run` of a payload. */
export const runField = <Done extends { runId: string }>(t: PayloadBuilder<Done>) =>
  t.prismaField({
    type: 'Run',
    nullable: true,
    description: 'The run as it is now.',
    resolve: (...[query, { runId }, , { api }]) =>
      runId ? api.database.prisma.run.findUnique({ ...query, where: { id: runId } }) : null,
  });
