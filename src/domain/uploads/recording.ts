import type { Tx } from '#base/database.ts';
import { type Span, sourceMs } from '#base/time.ts';
import { mediaInfoOf } from '#domain/files/media-info.ts';
import type { FoundRegion } from '#media/layout.ts';
import type { MediaFacts } from '#media/probe.ts';
import type { StoredRecording } from '#work/sources.ts';

/** A verified recording as later stages need it. */
export interface Recording {
  readonly id: string;
  readonly title: string;
  /** Where its bytes are, as a worker opens them. */
  readonly stored: StoredRecording;
  readonly sha256: string;
  readonly facts: MediaFacts;
  /** In order of time. */
  readonly silences: readonly Span[];
  /** What the picture shows where; empty where nothing is known of it. */
  readonly layout: readonly FoundRegion[];
  /** From a key frame to the next one that shows something else. */
  readonly changes: readonly Span[];
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
      layout: layoutColumns,
      analysis: changeColumns,
    },
  });
  const facts = mediaInfoOf(row.sourceArtifact?.media);
  if (!row.sourceArtifact || !facts) throw new TypeError(`upload ${uploadId} has no verified bytes`);
  return {
    id: row.id,
    title: row.title,
    stored: { bucket: 'uploads', key: row.storageKey, seekShare: facts.seekShare },
    sha256: row.sourceArtifact.sha256,
    facts,
    silences: row.silences.map((silence) => ({ startMs: sourceMs(silence.startMs), endMs: sourceMs(silence.endMs) })),
    layout: layoutOf(row.layout),
    changes: changesOf(row.analysis),
  };
}

/** Select-fragment of where a recording's picture changes. */
export const changeColumns = { select: { scenesMs: true, beforeScenesMs: true } } as const;

interface ChangeRow {
  readonly scenesMs: readonly number[];
  readonly beforeScenesMs: readonly number[];
}

/** Where a picture changes, read back; nothing where it was never analysed. A scene is seen at its first key frame. */
export const changesOf = (analysis: ChangeRow | null): Span[] =>
  (analysis?.scenesMs ?? []).map((sceneMs, at) => ({
    startMs: sourceMs(analysis?.beforeScenesMs[at] ?? 0),
    endMs: sourceMs(sceneMs),
  }));

/** Select-fragment of an upload's layout. */
export const layoutColumns = { omit: { id: true, workspaceId: true, uploadId: true }, orderBy: { id: 'asc' } } as const;

type LayoutRow = Omit<FoundRegion, 'startMs' | 'endMs'> & { readonly startMs: number; readonly endMs: number };

/** Rows of a layout, read back. */
export const layoutOf = (rows: readonly LayoutRow[]): FoundRegion[] =>
  rows.map((row) => ({ ...row, startMs: sourceMs(row.startMs), endMs: sourceMs(row.endMs) }));
