import type { Database } from '#base/database.ts';
import { columnsOf } from '#domain/clips/cuts-column.ts';
import type { Draft } from '#domain/edits/draft.ts';
import { columnOf } from '#domain/transcripts/words.ts';
import type { CaptionStyle } from '#generated/prisma/enums.ts';
import { mediaFacts } from '#media/probe.ts';
import { draftOf } from './drafts.ts';
import { seedUpload, type Tenant } from './seed.ts';

/** Rows of a talk with a transcript of three sentences and what was made of it. */
export interface EditedTalk {
  readonly uploadId: string;
  readonly transcriptId: string;
  /** In order. */
  readonly segmentIds: readonly string[];
  readonly speakerId: string;
  /** Of the first sentence, with drawn captions and without. */
  readonly clipId: string;
  /** Of the last sentence. */
  readonly otherClipId: string;
  readonly highlightId: string;
  readonly contentId: string;
}

const said = draftOf('We lost three hours.', 'Nobody noticed it.', 'The disk was full.');

/** Writes them. */
export async function seedTalk(database: Database, tenant: Tenant): Promise<EditedTalk> {
  const { prisma } = database;
  const { workspaceId } = tenant;
  const uploadId = await seedUpload(database, tenant, { durationMs: said.durationMs });
  const own = { workspaceId, uploadId };
  const source = await seedSource(database, own);
  await prisma.upload.update({ where: { id: uploadId }, data: { sourceArtifactId: source } });
  const facts = {
    language: 'en',
    wordTiming: 'MEASURED',
    provider: 'captions',
    artifactKey: crypto.randomUUID(),
  } as const;
  const { id: transcriptId } = await prisma.transcript.create({ data: { ...own, ...facts, wordCount: 11 } });
  const speaker = await prisma.speaker.create({ data: { workspaceId, transcriptId, label: 'A' } });
  const segments = await prisma.transcriptSegment.createManyAndReturn({
    data: rowsOf(said).map((row) => ({ ...row, workspaceId, transcriptId })),
  });
  const [first, , last] = said.segments;
  const range = { startMs: first?.startMs ?? 0, endMs: first?.endMs ?? 0 };
  const telling = {
    title: 'Hours',
    summary: 'Lost.',
    topics: [],
    quote: first?.text ?? '',
    importance: 0.5,
    signals: {},
  };
  const highlight = await prisma.highlight.create({ data: { ...own, ...range, ...telling } });
  const clipId = await seedClip(database, own, { span: first, styles: ['SIDECAR', 'BURNED_PLAIN'] });
  const otherClipId = await seedClip(database, own, { span: last, styles: ['BURNED_PLAIN'] });
  const [segmentIds] = [segments.toSorted((a, b) => a.position - b.position).map(({ id }) => id)];
  const quote = { segmentId: segmentIds[0] ?? '', ...range, text: first?.text ?? '' };
  const content = await prisma.content.create({ data: { ...own, kind: 'LINKEDIN', language: 'en' } });
  const version = await prisma.contentVersion.create({
    data: {
      workspaceId,
      contentId: content.id,
      number: 1,
      origin: 'GENERATED',
      body: { kind: 'LINKEDIN', text: 'Three hours were lost.', hashtags: [] },
      sentences: [{ text: 'Three hours were lost.', supported: true, sources: [quote] }],
    },
  });
  await prisma.content.update({ where: { id: content.id }, data: { currentVersionId: version.id } });
  const ids = { uploadId, transcriptId, segmentIds, clipId, otherClipId };
  return { ...ids, speakerId: speaker.id, highlightId: highlight.id, contentId: content.id };
}

/** The recording's own bytes: a picture of 25 frames a second. */
async function seedSource({ prisma }: Database, own: { workspaceId: string; uploadId: string }): Promise<string> {
  const video = { codec: 'h264', width: 1280, height: 720, frameRate: 25, rotation: 0, variableFrameRate: false };
  const audio = { codec: 'aac', sampleRate: 48_000, channels: 2, integratedLoudness: -16 };
  const { durationMs } = said;
  const media = mediaFacts.parse({ durationMs, container: 'mov,mp4', bitrate: null, video, audio });
  const facts = { bucket: 'uploads', contentType: 'video/mp4', sizeBytes: 10, sha256: 'b'.repeat(64) };
  const { id } = await prisma.artifact.create({
    data: { ...own, ...facts, media, artifactKey: crypto.randomUUID(), storageKey: crypto.randomUUID() },
  });
  return id;
}

const rowsOf = ({ segments }: Draft) =>
  segments.map(({ id: _id, speakerId: _speaker, words, ...row }, position) => ({
    ...row,
    position,
    words: columnOf(words),
  }));

async function seedClip(
  { prisma }: Database,
  own: { workspaceId: string; uploadId: string },
  { span, styles }: { span: Draft['segments'][number] | undefined; styles: readonly CaptionStyle[] },
): Promise<string> {
  const cuts = columnsOf(span ? [span] : []);
  const { id } = await prisma.clip.create({ data: { ...own, origin: 'HIGHLIGHT', title: 'A clip', ...cuts } });
  const facts = { bucket: 'clips', contentType: 'video/mp4', sizeBytes: 10, sha256: 'a'.repeat(64) };
  for (const captionStyle of styles) {
    const artifact = await prisma.artifact.create({
      data: { ...own, ...facts, artifactKey: crypto.randomUUID(), storageKey: crypto.randomUUID() },
    });
    const { workspaceId } = own;
    await prisma.rendition.create({
      data: { workspaceId, clipId: id, preset: 'LANDSCAPE_720P', captionStyle, artifactId: artifact.id, revision: 1 },
    });
  }
  return id;
}
