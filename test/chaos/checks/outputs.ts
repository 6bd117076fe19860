import { plannedStages, recipe } from '#pipeline/recipe.ts';
import type { Check } from './check.ts';

/** Whatever a stage says it has made is there: each planned stage of a run that succeeded, and each output of a stage that did. */
export const checkOutputs: Check = async ({ database: { prisma } }) => {
  const runs = await prisma.run.findMany({
    where: { status: 'SUCCEEDED' },
    select: {
      id: true,
      recipe: true,
      upload: { select: { status: true, sourceArtifactId: true, transcripts: { select: { id: true } } } },
      stageRuns: { select: { id: true, stage: true, subject: true, status: true } },
    },
  });
  const made = await madeSubjects(prisma);
  const missing = runs.flatMap(({ id, upload, stageRuns, ...run }) => {
    const planned = plannedStages(recipe.parse(run.recipe));
    const stages = planned.filter((stage) => !stageRuns.some((row) => row.stage === stage));
    const outputs = stageRuns.filter(({ stage, subject }) => subject !== '' && !made.has(`${stage} ${subject}`));
    return [
      ...(upload.status === 'READY' && upload.sourceArtifactId ? [] : [`run ${id}: its upload is ${upload.status}`]),
      ...(upload.transcripts.length === 1 ? [] : [`run ${id}: ${upload.transcripts.length} transcripts`]),
      ...stages.map((stage) => `run ${id}: ${stage} never was`),
      ...outputs.map(({ stage, subject }) => `run ${id}: ${stage} of ${subject} made nothing`),
      ...stageRuns
        .filter(({ status }) => status !== 'SUCCEEDED')
        .map(({ stage, status }) => `run ${id}: ${stage} ${status}`),
    ];
  });
  return missing.map((detail) => ({ kind: 'lost', detail }));
};

/** Subjects of stages whose output stands: clips with the bytes of all their renditions, posts with a current version. */
async function madeSubjects(prisma: Parameters<Check>[0]['database']['prisma']): Promise<ReadonlySet<string>> {
  const whole = { renditions: { some: {}, every: { OR: [{ artifactId: { not: null } }, unfinished] } } };
  const clips = await prisma.clip.findMany({ where: whole, select: { id: true } });
  const contents = await prisma.content.findMany({ where: { currentVersionId: { not: null } }, select: { id: true } });
  return new Set([
    ...clips.flatMap(({ id }) => [`cut ${id}`, `reel ${id}`]),
    ...contents.map(({ id }) => `write ${id}`),
  ]);
}

/** A shape that only a run wanted which was stopped or failed. */
const unfinished = { stageRun: { status: { not: 'SUCCEEDED' } } } as const;
