import type { Tx } from '#base/database.ts';
import { contentSentences, type SourceQuote } from './body.ts';

/**
 * Which of these contents cite words that the transcript does not have any more where they were. Compared when it is
 * asked for, so that a correction taken back makes a post right again.
 */
export async function staleContents(prisma: Tx, contentIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await prisma.content.findMany({
    where: { id: { in: [...contentIds] } },
    select: { id: true, uploadId: true, currentVersion: { select: { sentences: true } } },
  });
  const cited = rows.map(({ id, uploadId, currentVersion }) => ({ id, uploadId, quotes: quotesOf(currentVersion) }));
  const uploadIds = [...new Set(cited.map(({ uploadId }) => uploadId))];
  const said = new Map<string, Said[]>();
  for (const uploadId of uploadIds) said.set(uploadId, await saidIn(prisma, uploadId));
  const stale = cited.filter(({ uploadId, quotes }) =>
    quotes.some((quote) => !isSaid(said.get(uploadId) ?? [], quote)),
  );
  return new Set(stale.map(({ id }) => id));
}

const quotesOf = (version: { sentences: unknown } | null): SourceQuote[] =>
  version ? contentSentences.parse(version.sentences).flatMap(({ sources }) => sources) : [];

interface Said {
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
}

const saidIn = (prisma: Tx, uploadId: string): Promise<Said[]> =>
  prisma.transcriptSegment.findMany({
    where: { transcript: { uploadId, isTranslation: false } },
    orderBy: [{ transcriptId: 'asc' }, { position: 'asc' }],
    select: { startMs: true, endMs: true, text: true },
  });

/** Joined or split, the same words at the same time are still the same words. */
function isSaid(said: readonly Said[], { startMs, endMs, text }: SourceQuote): boolean {
  const there = said.filter((one) => one.startMs < endMs && one.endMs > startMs).map((one) => one.text);
  return plain(there.join(' ')).includes(plain(text));
}

const plain = (text: string): string => text.replace(/\s+/gu, '');
