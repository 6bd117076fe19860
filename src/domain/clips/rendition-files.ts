import type { Tx } from '#base/database.ts';
import { Prisma } from '#generated/prisma/client.ts';
import { encodeClip, type ShapeOrder } from '#media/encode.ts';
import { presets } from '#media/presets.ts';
import { totalOf } from '#media/reach.ts';
import { renderEstimateOf } from '#pipeline/estimates.ts';
import { type Made, type Missing, madeTogether, rowOf } from '#work/made-once.ts';
import type { StageContext } from '#work/stage.ts';
import { burnedCaptions, writeBurned } from './burned-captions.ts';
import type { RenderOrder, RenditionOrder } from './render-order.ts';
import { renditionKey } from './rendition-key.ts';
import { renditionPlan } from './rendition-plan.ts';
import type { RenditionQuality } from './rendition-quality.ts';

/** The file of one rendition. */
interface RenditionFile {
  readonly rendition: RenditionOrder;
  readonly key: string;
  readonly made: Made | undefined;
  /** Of a file that was just encoded. */
  readonly quality: RenditionQuality | undefined;
}

/** The files of a clip's renditions: those that are there under their keys, and the missing ones, encoded together. */
export async function renditionFiles(context: StageContext, order: RenderOrder): Promise<readonly RenditionFile[]> {
  const places = order.renditions.map((rendition) => placeOf(context, order, rendition));
  const qualities = new Map<string, RenditionQuality>();
  const made = await madeTogether(context, places, async (missing) => {
    const files = await encoded(context, order, missing);
    for (const { key, quality } of files) qualities.set(key, quality);
    return files;
  });
  return places.map(({ key, rendition }) => ({ rendition, key, made: made.get(key), quality: qualities.get(key) }));
}

type Place = ReturnType<typeof placeOf>;

function placeOf({ worker }: StageContext, order: RenderOrder, rendition: RenditionOrder) {
  const { extension: ext, contentType } = presets[rendition.preset];
  const rendered = { ...order, ...rendition };
  const key = renditionKey(rendered, worker.ffmpeg.version);
  const captions = burnedCaptions(rendered);
  return { key, bucket: 'clips', artifact: 'rendition', ext, contentType, rendition, captions } as const;
}

async function encoded(context: StageContext, order: RenderOrder, missing: readonly Missing<Place>[]) {
  const { ffmpeg, sources } = context.worker;
  const { recording, cuts, fadesIn, chapters } = order;
  // The clip may have become longer since its run was written.
  const { units } = renderEstimateOf({ picture: recording.facts.video !== null }, totalOf(cuts) * missing.length);
  await context.reserve(units);
  const shapes = await Promise.all(missing.map((one) => shapeOrder(context, order, one)));
  await using source = await sources.open(recording.stored, context.signal);
  const files = await encodeClip(ffmpeg, {
    source: source.at,
    facts: recording.facts,
    cuts,
    fadesIn,
    chapters,
    shapes,
    signal: source.signal,
    onProgress: (fraction) => context.progress(0.05 + 0.9 * fraction),
  });
  return files.map(({ facts, quality, cpuMs }, at) => ({
    key: missing[at]?.wanted.key ?? '',
    media: facts,
    quality: { ...quality, captions: missing[at]?.wanted.captions?.report ?? null },
    took: [
      { unit: 'RENDERED_MS', quantity: facts.durationMs },
      { unit: 'ENCODE_CPU_MS', quantity: cpuMs },
    ] as const,
  }));
}

async function shapeOrder({ folder }: StageContext, order: RenderOrder, missing: Missing<Place>): Promise<ShapeOrder> {
  const { captions, rendition } = missing.wanted;
  const { preset, id } = rendition;
  const assFile = captions && folder.file(`${id}.ass`);
  if (assFile) await writeBurned(assFile, captions);
  return { preset, plan: renditionPlan(order, preset) ?? { kind: 'FIT' }, assFile, out: missing.file };
}

/**
 * Writes what renditions show, in the stage's commit: first the rows of all files, by their keys, then the renditions,
 * by their ids. Another upload of the same bytes has files of the same keys for renditions of other ids, and another run
 * the same renditions for files of other keys: in no other order do neither of them wait for each other in a ring.
 */
export async function saveRenditionFiles(
  tx: Tx,
  order: Pick<RenderOrder, 'revision'>,
  files: readonly RenditionFile[],
): Promise<void> {
  const artifactIds = new Map<string, string>();
  for (const { key, made } of files.toSorted(by(({ key }) => key)))
    if (made && !artifactIds.has(key)) artifactIds.set(key, await rowOf(tx, made));
  for (const file of files.toSorted(by(({ rendition }) => rendition.id))) {
    const artifactId = artifactIds.get(file.key);
    if (artifactId !== undefined) await saveRendition(tx, order, { ...file, artifactId });
  }
}

const by =
  <T>(name: (one: T) => string) =>
  (a: T, b: T): number =>
    name(a) < name(b) ? -1 : Number(name(a) > name(b));

/**
 * Writes a rendition's file, what was measured on it, and the revision of the clip it was made of. A file of a later
 * revision stays: encodes do not end in the order in which they began.
 */
async function saveRendition(
  tx: Tx,
  { revision }: Pick<RenderOrder, 'revision'>,
  { rendition, artifactId, ...file }: Pick<RenditionFile, 'rendition' | 'quality'> & { readonly artifactId: string },
): Promise<void> {
  const quality = file.quality ?? (await knownQuality(tx, artifactId));
  const data = { artifactId, revision, ...(quality && { quality }) };
  const older = [{ artifactId: null }, { revision: null }, { revision: { lte: revision } }];
  await tx.rendition.updateMany({ where: { id: rendition.id, OR: older }, data });
}

/** What was measured on a file that was there already, with the rendition it was made for. */
async function knownQuality(tx: Tx, artifactId: string) {
  const measured = { artifactId, quality: { not: Prisma.AnyNull } };
  return (await tx.rendition.findFirst({ where: measured, select: { quality: true } }))?.quality;
}
