import { writeFile } from 'node:fs/promises';
import type { Tx } from '#base/database.ts';
import { encodeClip } from '#media/encode.ts';
import { presets } from '#media/presets.ts';
import { type Made, type Missing, madeTogether, rowOf } from '#work/made-once.ts';
import type { StageContext } from '#work/stage.ts';
import { burnedCaptions } from './burned-captions.ts';
import type { RenderOrder, RenditionOrder } from './render-order.ts';
import { renditionKey } from './rendition-key.ts';

/** The file of one rendition. */
interface RenditionFile {
  readonly rendition: RenditionOrder;
  readonly made: Made | undefined;
}

/** The files of a clip's renditions: those that are there under their keys, and the missing ones, encoded. */
export async function renditionFiles(context: StageContext, order: RenderOrder): Promise<readonly RenditionFile[]> {
  const places = order.renditions.map((rendition) => placeOf(context, order, rendition));
  const made = await madeTogether(context, places, (missing) => encoded(context, order, missing));
  return places.map(({ key, rendition }) => ({ rendition, made: made.get(key) }));
}

type Place = ReturnType<typeof placeOf>;

function placeOf({ worker }: StageContext, order: RenderOrder, rendition: RenditionOrder) {
  const { extension: ext, contentType } = presets[rendition.preset];
  const key = renditionKey({ ...order, ...rendition }, worker.ffmpeg.version);
  return { key, bucket: 'clips', artifact: 'rendition', ext, contentType, rendition } as const;
}

async function encoded(context: StageContext, order: RenderOrder, missing: readonly Missing<Place>[]) {
  const { ffmpeg, sources } = context.worker;
  const { recording, cuts } = order;
  await using source = await sources.open({ bucket: 'uploads', key: recording.storageKey }, context.signal);
  const facts = [];
  for (const [at, { wanted, file: out }] of missing.entries()) {
    const encodedShape = await encodeClip(ffmpeg, {
      source: source.at,
      facts: recording.facts,
      cuts,
      preset: wanted.rendition.preset,
      assFile: await assFileOf(context, order, wanted.rendition),
      out,
      signal: source.signal,
      onProgress: (fraction) => context.progress(0.05 + (0.9 * (at + fraction)) / missing.length),
    });
    const took = [
      { unit: 'RENDERED_MS', quantity: encodedShape.facts.durationMs },
      { unit: 'ENCODE_CPU_MS', quantity: encodedShape.cpuMs },
    ] as const;
    facts.push({ media: encodedShape.facts, took });
  }
  return facts;
}

/** The captions to draw, as a file of the work folder. */
async function assFileOf(
  { folder }: StageContext,
  { words }: RenderOrder,
  rendition: RenditionOrder,
): Promise<string | null> {
  const text = burnedCaptions({ ...rendition, words });
  if (text === null) return null;
  const file = folder.file(`${rendition.id}.ass`);
  await writeFile(file, text);
  return file;
}

/** Writes a rendition's file and the revision of the clip it was made of, in the stage's commit. */
export async function saveRendition(
  tx: Tx,
  { revision }: RenderOrder,
  { rendition, made }: RenditionFile,
): Promise<void> {
  if (!made) return;
  const artifactId = await rowOf(tx, made);
  await tx.rendition.update({ where: { id: rendition.id }, data: { artifactId, revision }, select: { id: true } });
}
