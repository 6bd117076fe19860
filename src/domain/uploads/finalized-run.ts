import { isDeepStrictEqual } from 'node:util';
import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import type { CaptionFormat } from '#generated/prisma/enums.ts';
import { type Recipe, recipe } from '#pipeline/recipe.ts';

/** What an upload is finalized with; what is left out is asked for by nobody. */
export interface Finalizing {
  readonly uploadId: string;
  readonly thenRun?: Recipe | null | undefined;
  readonly captions?: GivenCaptions | null | undefined;
}

interface GivenCaptions {
  readonly format: CaptionFormat;
  readonly language?: string | null | undefined;
  readonly text: string;
}

/**
 * The run that an upload was finalized with, for somebody who finalizes it again. INVALID_STATE where they ask for
 * something that did not happen then: another recipe, other captions; or where the upload was never finalized.
 */
export async function finalizedRun(tx: Tx, { uploadId, thenRun, captions }: Finalizing): Promise<string> {
  const select = { id: true, recipe: true } as const;
  const run = await tx.run.findFirst({ where: { uploadId }, orderBy: { createdAt: 'asc' }, select });
  if (!run) throw new Problem('INVALID_STATE', { reason: 'This upload can no longer be finalized.' });
  if (thenRun && !isDeepStrictEqual(thenRun, recipe.parse(run.recipe))) throw refusal('thenRun', otherRecipe);
  if (captions && !(await cameAlong(tx, uploadId, captions))) throw refusal('captions', otherCaptions);
  return run.id;
}

const otherRecipe =
  'The upload was finalized before, with another recipe or none: start a further run of it with startRun.';
const otherCaptions =
  'The upload was finalized before, with other captions or none: announce the recording anew to send these with it.';

const refusal = (field: string, reason: string): Problem =>
  new Problem('INVALID_STATE', { reason, path: ['input', field] });

async function cameAlong(tx: Tx, uploadId: string, { format, language = null, text }: GivenCaptions): Promise<boolean> {
  return (await tx.captionSidecar.count({ where: { uploadId, format, language, text } })) > 0;
}
