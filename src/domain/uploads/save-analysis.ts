import { rename, writeFile } from 'node:fs/promises';
import type { Tx } from '#base/database.ts';
import type { Analysis } from '#media/analysis.ts';
import { type FoundRegion, findLayout } from '#media/layout.ts';
import type { MediaFacts } from '#media/probe.ts';
import type { Viewed } from '#media/viewing.ts';
import { artifactKey } from '#work/artifacts.ts';
import { type Made, madeOnce, rowOf } from '#work/made-once.ts';
import type { StageContext } from '#work/stage.ts';

/** Bump when the same recording would give other files. */
const analysisVersion = 2;

/** A reading of a recording, and what it was a reading of. */
export interface Reading {
  readonly analysis: Analysis;
  readonly facts: MediaFacts;
  /** The source's hash: the same bytes have the same files. */
  readonly sha256: string;
  /** Where the storyboard lies, if it has a picture. */
  readonly storyboardFile: string;
}

/** Whose rows are written. */
interface Owner {
  readonly uploadId: string;
  readonly workspaceId: string;
}

/**
 * Puts the files of a reading into storage and looks for its layout; gives what writes all of its rows, in the commit of
 * the stage, instead of those of an earlier reading.
 */
export async function analysisRows(context: StageContext, reading: Reading): Promise<(tx: Tx) => Promise<void>> {
  const { analysis, facts } = reading;
  const storyboard = analysis.picture?.storyboard ? await storyboardOf(context, reading) : null;
  const waveform = analysis.waveform ? await waveformOf(context, reading, analysis.waveform) : null;
  const regions = analysis.picture ? regionsOf(analysis.picture, facts) : [];
  const owner = { uploadId: context.run.uploadId, workspaceId: context.run.workspaceId };
  return async (tx) => {
    await saveSpans(tx, owner, { silences: analysis.silences, regions });
    const columns = {
      ...picturesOf(analysis.picture),
      storyboardArtifactId: storyboard && (await rowOf(tx, storyboard)),
      waveformArtifactId: waveform && (await rowOf(tx, waveform)),
    };
    const where = { uploadId: owner.uploadId };
    const select = { uploadId: true };
    await tx.recordingAnalysis.upsert({ where, create: { ...owner, ...columns }, update: columns, select });
  };
}

function storyboardOf(context: StageContext, { sha256, storyboardFile }: Reading): Promise<Made> {
  const key = keyOf(context, { artifact: 'storyboard', sha256 });
  const place = { key, bucket: 'images', artifact: 'storyboard', ext: 'jpg', contentType: 'image/jpeg' } as const;
  return madeOnce(context, place, async (file) => {
    await rename(storyboardFile, file);
    return {};
  });
}

function waveformOf(context: StageContext, { sha256 }: Reading, bytes: Uint8Array): Promise<Made> {
  const key = keyOf(context, { artifact: 'waveform', sha256 });
  const contentType = 'application/octet-stream';
  const place = { key, bucket: 'images', artifact: 'waveform', ext: 'dat', contentType } as const;
  return madeOnce(context, place, async (file) => {
    await writeFile(file, bytes);
    return {};
  });
}

const keyOf = ({ worker }: StageContext, decides: { artifact: string; sha256: string }): string =>
  artifactKey({ ...decides, analysisVersion, ffmpeg: worker.ffmpeg.version });

const regionsOf = ({ sample }: Viewed, { video, durationMs }: MediaFacts): FoundRegion[] =>
  video ? findLayout({ frames: sample, picture: video, durationMs }) : [];

/** Without a picture there are none of them, which is not the same as no analysis. */
const picturesOf = (picture: Viewed | null) => ({
  scenesMs: [...(picture?.scenesMs ?? [])],
  beforeScenesMs: [...(picture?.beforeScenesMs ?? [])],
  posterCandidates: (picture?.posters ?? []).map((candidate) => ({ ...candidate })),
  ...(picture?.storyboard && { storyboard: { ...picture.storyboard, timesMs: [...picture.storyboard.timesMs] } }),
});

async function saveSpans(
  tx: Tx,
  owner: Owner,
  { silences, regions }: { silences: Analysis['silences']; regions: readonly FoundRegion[] },
): Promise<void> {
  const where = { uploadId: owner.uploadId };
  await tx.silenceRegion.deleteMany({ where });
  await tx.silenceRegion.createMany({ data: silences.map((silence) => ({ ...owner, ...silence })) });
  await tx.layoutRegion.deleteMany({ where });
  await tx.layoutRegion.createMany({ data: regions.map((region) => ({ ...owner, ...region })) });
}
