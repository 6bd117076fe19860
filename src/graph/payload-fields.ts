import type { Types } from './builder.ts';
import type { Payload } from './mutation.ts';

type PayloadBuilder<Done extends object> = PothosSchemaTypes.ObjectFieldBuilder<Types, Payload<Done>>;

// Pothos hands resolvers four things; where we need the fourth they are taken as one tuple. It refuses a resolver that
// leaves its query alone, so that is taken up also where there is no row.

/** The `upload` of a payload. */
export const uploadField = <Done extends { uploadId: string }>(t: PayloadBuilder<Done>) =>
  t.prismaField({
    type: 'Upload',
    nullable: true,
    description: 'The upload as it is now.',
    resolve: (...[query, { uploadId }, , { api }]) => {
      const selected = { ...query };
      return uploadId ? api.database.prisma.upload.findUnique({ ...selected, where: { id: uploadId } }) : null;
    },
  });

/** The `run` of a payload. */
export const runField = <Done extends { runId: string }>(t: PayloadBuilder<Done>) =>
  t.prismaField({
    type: 'Run',
    nullable: true,
    description: 'The run as it is now.',
    resolve: (...[query, { runId }, , { api }]) => {
      const selected = { ...query };
      return runId ? api.database.prisma.run.findUnique({ ...selected, where: { id: runId } }) : null;
    },
  });

/** The `clip` of a payload. */
export const clipField = <Done extends { clipId: string }>(t: PayloadBuilder<Done>) =>
  t.prismaField({
    type: 'Clip',
    nullable: true,
    description: 'The clip as it is now.',
    resolve: (...[query, { clipId }, , { api }]) => {
      const selected = { ...query };
      return clipId ? api.database.prisma.clip.findUnique({ ...selected, where: { id: clipId } }) : null;
    },
  });
