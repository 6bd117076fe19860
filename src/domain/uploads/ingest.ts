import { Problem } from '#base/problem.ts';
import { type Analysis, analyse } from '#media/analysis.ts';
import { type MediaFacts, probe } from '#media/probe.ts';
import { seekShare } from '#media/seek-share.ts';
import { sniff } from '#media/sniff.ts';
import { tellWorkspace } from '#pipeline/activity.ts';
import type { Failure } from '#pipeline/failure.ts';
import { artifactKey, saveArtifact } from '#work/artifacts.ts';
import { blockBytes } from '#work/ranges/range-proxy.ts';
import type { SourceFile } from '#work/source-copies.ts';
import type { StageContext, StageWork } from '#work/stage.ts';
import { analysisRows } from './save-analysis.ts';
import { takeTurn } from './take-turn.ts';

/**
 * Turns bytes into a recording: compares them with what was announced, looks at what they really are, and reads them
 * once for everything that later stages and the API tell of sound and picture. An upload that is READY already has been
 * through it.
 */
export const ingest: StageWork = {
  stage: 'ingest',

  async work(context) {
    const upload = await context.worker.database.prisma.upload.findUniqueOrThrow({
      where: { id: context.run.uploadId },
    });
    if (upload.status === 'READY') return async () => [];
    const { worker, signal, run } = context;
    const name = { bucket: 'uploads', key: upload.storageKey } as const;
    await using source = await worker.sources.hold(name, signal);
    requireAnnounced(upload, source);
    const reading = { ...(await examine(context, source)), sha256: source.sha256 };
    const saveAnalysis = await analysisRows(context, reading);
    const { facts } = reading;
    const artifact = {
      workspaceId: run.workspaceId,
      uploadId: run.uploadId,
      runId: run.id,
      stageRunId: context.stageRunId,
      artifactKey: artifactKey({ stage: 'ingest', uploadId: run.uploadId, sha256: source.sha256 }),
      bucket: name.bucket,
      storageKey: name.key,
      contentType: upload.contentType,
      sizeBytes: source.sizeBytes,
      sha256: source.sha256,
      media: facts,
      took: [{ unit: 'UPLOADS' as const, quantity: 1 }],
      retention: 'SOURCE' as const,
    };
    return async (tx) => {
      if ((await takeTurn(tx, run.uploadId)) === 'READY') return [];
      const sourceArtifactId = await saveArtifact(tx, artifact);
      await saveAnalysis(tx);
      await tx.upload.update({
        where: { id: run.uploadId },
        data: { status: 'READY', sourceArtifactId, durationMs: facts.durationMs },
        select: { id: true },
      });
      await tellWorkspace(tx, activityOf(run, 'READY'));
      return [];
    };
  },

  /** Only what is wrong with the bytes rejects them: after a storage or a disk that failed too long a run may try again. */
  async failed(tx, run, failure) {
    if (!isOfBytes(failure)) return;
    const where = { id: run.uploadId, status: 'VERIFYING' as const };
    const { count } = await tx.upload.updateMany({ where, data: { status: 'REJECTED', failure } });
    if (count > 0) await tellWorkspace(tx, activityOf(run, 'REJECTED'));
  },
};

const activityOf = (run: { workspaceId: string; uploadId: string }, status: 'READY' | 'REJECTED') => ({
  workspaceId: run.workspaceId,
  kind: `UPLOAD_${status}` as const,
  actorId: null,
  subject: { type: 'Upload', id: run.uploadId },
  status,
});

const isOfBytes = ({ code }: Failure): boolean => code.startsWith('MEDIA_') || code === 'CHECKSUM_MISMATCH';

function requireAnnounced(
  upload: { announcedBytes: bigint; announcedSha256: string | null },
  source: SourceFile,
): void {
  const expectedBytes = Number(upload.announcedBytes);
  if (source.sizeBytes !== expectedBytes) {
    throw new Problem('CHECKSUM_MISMATCH', { expectedBytes, receivedBytes: source.sizeBytes });
  }
  if (upload.announcedSha256 && upload.announcedSha256 !== source.sha256) {
    throw new Problem('CHECKSUM_MISMATCH', { expected: upload.announcedSha256, received: source.sha256 });
  }
}

async function examine({ worker, signal, progress, folder }: StageContext, source: SourceFile) {
  const { path: file, sizeBytes } = source;
  await sniff(file);
  const { facts } = await probe(worker.ffmpeg, file, signal);
  const limitMinutes = worker.env.MAX_MEDIA_MINUTES;
  requireLength(facts, limitMinutes);
  const storyboardFile = folder.file('storyboard.jpg');
  const analysis = await analyse(worker.ffmpeg, file, { facts, storyboardFile, signal, onProgress: progress });
  const known = asHeard(facts, analysis);
  requireLength(known, limitMinutes);
  const sought = { durationMs: known.durationMs, sizeBytes, blockBytes, signal };
  const share = await seekShare(worker.ffmpeg, file, sought);
  return { facts: { ...known, seekShare: share }, analysis, storyboardFile };
}

function requireLength({ durationMs }: MediaFacts, limitMinutes: number): void {
  if (durationMs <= limitMinutes * 60_000) return;
  throw new Problem('MEDIA_TOO_LONG', { minutes: Math.ceil(durationMs / 60_000), limitMinutes });
}

/** Containers of sound alone often only estimate how long they are (MP3, ADTS): what was decoded counts. */
const asHeard = (facts: MediaFacts, { decodedMs, integratedLoudness }: Analysis): MediaFacts => ({
  ...facts,
  durationMs: facts.video ? facts.durationMs : decodedMs,
  audio: facts.audio && { ...facts.audio, integratedLoudness },
});
