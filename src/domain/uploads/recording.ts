import type { Tx } from '#base/database.ts';
import { type Span, sourceMs } from '#base/time.ts';
import { mediaInfoOf } from '#domain/files/media-info.ts';
import type { MediaFacts } from '#media/probe.ts';

/** A verified recording as later stages need it. */
export interface Recording {
  readonly id: string;
  readonly title: string;
  readonly storageKey: string;
  readonly sha256: string;
  readonly facts: MediaFacts;
  /** In order of time. */
  readonly silences: readonly Span[];
}

/** Reads a verified recording. Its bytes are READY whenever a stage after ingest runs. */
export async function recordingOf(prisma: Tx, uploadId: string): Promise<Recording> {
  const row = await prisma.upload.findUniqueOrThrow({
    where: { id: uploadId },
    select: {
      id: true,
      title: true,
      storageKey: true,
      sourceArtifact: { select: { sha256: true, media: true } },
      silences: { select: { startMs: true, endMs: true }, orderBy: { startMs: 'asc' } },
    },
  });
  const facts = mediaInfoOf(row.sourceArtifact?.media);
  if (!row.sourceArtifact || !facts) throw new TypeError(`upload ${uploadId} has no verified bytes`);
  return {
    id: row.id,
    title: row.title,
    storageKey: row.storageKey,
    sha256: row.sourceArtifact.sha256,
    facts,
    silences: row.silences.map((silence) => ({ startMs: sourceMs(silence.startMs), endMs: sourceMs(silence.endMs) })),
  };
}
