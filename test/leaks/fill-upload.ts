import type { Database } from '#base/database.ts';
import { keysOf } from '#base/record.ts';
import type { ObjectStorage } from '#providers/object-storage.ts';
import { bodies, captionsReport, cropPlans, failure, media, quality, stackPlan } from './columns.ts';

/** Whose rows, and the word that stands in each of their texts. */
export interface Owner {
  readonly word: string;
  readonly workspaceId: string;
  readonly userId: string;
}

/** The rows of a run of everything over one recording, by their types. */
export type Rows = Record<string, string[]>;

/** What the rows are written to, and their bytes. */
export interface Ground {
  readonly database: Database;
  readonly storage: ObjectStorage;
}

const at = new Date('2026-11-01T00:00:00.000Z');

/** Everything that is known of a recording's bytes: the artifact, its analysis, what came along with it. */
export async function fillRecording(
  { database: { prisma }, storage }: Ground,
  { word, workspaceId }: Owner,
  uploadId: string,
): Promise<string> {
  const own = { workspaceId, uploadId };
  const name = { bucket: 'images' as const, key: `${workspaceId}/${uploadId}/picture/${word}.jpg` };
  await storage.put(name, word, { contentType: 'image/jpeg' });
  const file = await prisma.artifact.create({
    data: {
      ...own,
      artifactKey: crypto.randomUUID(),
      bucket: name.bucket,
      storageKey: name.key,
      contentType: 'image/jpeg',
      sizeBytes: word.length,
      sha256: word.padEnd(64, 'a'),
      media,
    },
  });
  const removed = { artifactKey: crypto.randomUUID(), storageKey: `${name.key}.old`, removedAt: at };
  await prisma.artifact.create({
    data: { ...own, ...removed, bucket: name.bucket, contentType: 'image/jpeg', sizeBytes: 1, sha256: file.sha256 },
  });
  await prisma.captionSidecar.create({ data: { ...own, format: 'SRT', language: 'en', text: word } });
  await prisma.silenceRegion.create({ data: { ...own, startMs: 5_000, endMs: 6_000, meanDb: -50 } });
  await prisma.recordingAnalysis.create({
    data: {
      ...own,
      scenesMs: [2_000],
      beforeScenesMs: [1_960],
      posterCandidates: [{ atMs: 2_000, score: 0.5 }],
      storyboard: { columns: 1, rows: 1, tileWidth: 160, tileHeight: 90, timesMs: [0] },
      storyboardArtifactId: file.id,
      waveformArtifactId: file.id,
    },
  });
  const span = { startMs: 0, endMs: 60_000 };
  const region = { x: 0, y: 0, width: 1280, height: 720, confidence: 0.9, focusFromX: 300, focusToX: 400 };
  await prisma.layoutRegion.create({ data: { ...own, ...span, kind: 'FULL_CAMERA', ...region } });
  await prisma.chapter.create({ data: { ...own, ...span, position: 0, title: `Chapter ${word}` } });
  await prisma.upload.update({
    where: { id: uploadId },
    data: { sourceArtifactId: file.id, durationMs: media.durationMs, announcedSha256: file.sha256 },
  });
  return file.id;
}

/** What a run makes: a transcript, moments, a highlight, clips with all their files, posts of each kind. */
export async function fillOutputs(
  database: Database,
  owner: Owner,
  of: { readonly uploadId: string; readonly runId: string; readonly stageRunId: string; readonly artifactId: string },
): Promise<Rows> {
  const said = await fillTranscript(database, owner, of);
  const shown = await fillClips(database, owner, of);
  const segmentId = said.TranscriptSegment?.[0] ?? '';
  return { ...said, ...shown, ...(await fillContents(database, owner, { ...of, segmentId })) };
}

/** One speaker and three sentences, with their words and caption files. */
export async function fillTranscript(
  { prisma }: Database,
  { word, workspaceId }: Owner,
  { uploadId, artifactId }: { uploadId: string; artifactId: string },
): Promise<Rows> {
  const key = crypto.randomUUID();
  const facts = {
    language: 'en',
    wordCount: 6,
    wordTiming: 'MEASURED' as const,
    provider: 'captions',
    artifactKey: key,
  };
  const transcript = await prisma.transcript.create({ data: { workspaceId, uploadId, ...facts } });
  const below = { workspaceId, transcriptId: transcript.id };
  const named = { label: word, displayName: `Speaker ${word}` };
  const speaker = await prisma.speaker.create({ data: { ...below, ...named } });
  const segments = await prisma.transcriptSegment.createManyAndReturn({
    data: [0, 10_000, 20_000].map((startMs, position) => ({
      ...below,
      position,
      startMs,
      endMs: startMs + 4_000,
      text: `Hello ${word}.`,
      confidence: 0.9,
      speakerId: speaker.id,
      words: [
        [startMs, startMs + 2_000, 'Hello', 0.9],
        [startMs + 2_000, startMs + 4_000, `${word}.`, 0.8],
      ],
    })),
  });
  await prisma.captionFile.create({
    data: { ...below, language: 'en', format: 'VTT', artifactId, report: captionsReport },
  });
  return { Transcript: [transcript.id], Speaker: [speaker.id], TranscriptSegment: segments.map(({ id }) => id) };
}

async function fillClips(
  { prisma }: Database,
  { word, workspaceId }: Owner,
  { uploadId, runId, stageRunId, artifactId }: Parameters<typeof fillOutputs>[2],
): Promise<Rows> {
  const own = { workspaceId, uploadId };
  const span = { startMs: 0, endMs: 14_000 };
  const signals = { hook: 0.7 };
  const weighed = { runId, ...span, title: `Moment ${word}`, score: 0.6, signals };
  await prisma.moment.create({ data: { ...own, ...weighed, rank: 1, rejection: 'OUTSCORED' } });
  const texts = { title: `Highlight ${word}`, summary: `About ${word}`, quote: `Hello ${word}.`, topics: [word] };
  const highlight = await prisma.highlight.create({
    data: { ...own, runId, ...span, ...texts, importance: 0.6, signals },
  });
  const clips = await prisma.clip.createManyAndReturn({
    data: (['HIGHLIGHT', 'REEL'] as const).map((origin) => ({
      ...own,
      highlightId: highlight.id,
      origin,
      title: `${origin} ${word}`,
      ...span,
      cuts: [[0, 14_000]],
      cutsHash: crypto.randomUUID(),
      chapters: [{ atMs: 0, title: `Part ${word}`, fadesIn: false }],
      posterArtifactId: artifactId,
    })),
  });
  const clipIds = clips.map(({ id }) => id);
  const [clipId = '', reelId = ''] = clipIds;
  await prisma.reelHighlight.create({ data: { workspaceId, clipId: reelId, highlightId: highlight.id } });
  const plans = keysOf(cropPlans).map((shape) => ({
    clipId,
    shape,
    plan: cropPlans[shape],
  }));
  await prisma.cropPlan.createMany({
    data: [...plans, { clipId: reelId, shape: 'SQUARE' as const, plan: stackPlan }].map((row) => ({
      workspaceId,
      origin: 'CHOSEN' as const,
      ...row,
    })),
  });
  const rendition = await prisma.rendition.create({
    data: {
      workspaceId,
      clipId,
      preset: 'LANDSCAPE_720P',
      captionStyle: 'NONE',
      stageRunId,
      artifactId,
      revision: 1,
      quality,
    },
  });
  const captions = { workspaceId, clipId, language: 'en', format: 'VTT' as const, artifactId };
  await prisma.captionFile.create({ data: { ...captions, report: captionsReport } });
  return { Highlight: [highlight.id], Clip: clipIds, Rendition: [rendition.id] };
}

async function fillContents(
  { prisma }: Database,
  { word, workspaceId, userId }: Owner,
  { uploadId, stageRunId, segmentId }: { uploadId: string; stageRunId: string; segmentId: string },
): Promise<Rows> {
  const contentIds: string[] = [];
  const versionIds: string[] = [];
  const quote = { segmentId, startMs: 0, endMs: 4_000, text: `Hello ${word}.` };
  const written = bodies(word);
  for (const kind of keysOf(written)) {
    const content = await prisma.content.create({
      data: { workspaceId, uploadId, kind, language: 'en', stageRunId },
    });
    const version = await prisma.contentVersion.create({
      data: {
        workspaceId,
        contentId: content.id,
        number: 1,
        origin: 'EDITED',
        provider: word,
        artifactKey: word,
        authorId: userId,
        body: written[kind],
        sentences: [{ text: `About ${word}.`, supported: true, sources: [quote] }],
      },
    });
    await prisma.content.update({ where: { id: content.id }, data: { currentVersionId: version.id } });
    contentIds.push(content.id);
    versionIds.push(version.id);
  }
  return { Content: contentIds, ContentVersion: versionIds };
}

/** A failed stage run's columns, each with something in it. */
export const failedStage = ({ word, workspaceId }: Owner, runId: string) => ({
  workspaceId,
  runId,
  stage: 'cut',
  subject: crypto.randomUUID(),
  status: 'FAILED' as const,
  progress: 0.5,
  attempt: 5,
  maxAttempts: 5,
  nextAttemptAt: at,
  workerId: word,
  attemptToken: crypto.randomUUID(),
  heartbeatAt: at,
  startedAt: at,
  finishedAt: at,
  failure: failure(word),
  errorFacts: { code: 'ENCODE_FAILED', said: word },
  logExcerpt: `log of ${word}`,
});
