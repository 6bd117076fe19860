import { randomUUID } from 'node:crypto';
import { type Problem, problemFrom } from '#base/problem.ts';
import type { UploadStatus } from '#generated/prisma/enums.ts';
import { type Api, type Viewer, visibleTo } from '#graph/context.ts';
import type { Recipe } from '#pipeline/recipe.ts';
import { refusalOfRun } from '#pipeline/reserve.ts';
import { requireStartable } from '#pipeline/startable.ts';
import { paidModels } from '#usage/paid-models.ts';
import { findWork } from './find-work.ts';
import { type StagePlan, stagePlans } from './stage-plan.ts';
import { versionsOf } from './versions.ts';

/** What a run would do, found out without starting it. */
export interface RunPlan {
  readonly stages: readonly StagePlan[];
  /** Why starting it now would be refused; null where it would not. */
  readonly refusal: Problem | null;
}

/** Plans a run over an upload that the caller sees; null for any other. Writes nothing and asks nobody. */
export async function planRun(
  api: Api,
  viewer: Viewer,
  asked: { uploadId: string; recipe: Recipe; fresh: boolean },
): Promise<RunPlan | null> {
  const { prisma } = api.database;
  const upload = await prisma.upload.findFirst({
    where: { id: asked.uploadId, ...visibleTo({ viewer }) },
    select: {
      id: true,
      workspaceId: true,
      status: true,
      durationMs: true,
      sourceArtifact: { select: { contentType: true } },
    },
  });
  if (!upload) return null;
  const id = randomUUID();
  const recipe = asked.fresh ? { ...asked.recipe, fresh: id } : asked.recipe;
  const run = { id, workspaceId: upload.workspaceId, uploadId: upload.id, recipe };
  const versions = await versionsOf(api.database, api.env);
  const models = paidModels(api.env);
  const { durationMs, sourceArtifact } = upload;
  const picture = sourceArtifact?.contentType.startsWith('video/') ?? true;
  const length = durationMs === null ? null : { durationMs, picture };
  const verified = upload.status === 'READY';
  const found = verified && versions ? await findWork(api, { ...run, versions }) : ingestOnly(verified);
  return {
    stages: stagePlans({ recipe, length, models }, found),
    refusal: refusalOfState(upload.status) ?? (await refusalOfRun(prisma, run, models)),
  };
}

/** Without a worker to say what it works with, only the verified bytes are sure to be there. */
const ingestOnly = (verified: boolean): Awaited<ReturnType<typeof findWork>> =>
  new Map(verified ? [['ingest', { count: 1, reused: 1 }]] : []);

function refusalOfState(status: UploadStatus): Problem | null {
  try {
    requireStartable(status);
    return null;
  } catch (thrown) {
    return problemFrom(thrown);
  }
}
