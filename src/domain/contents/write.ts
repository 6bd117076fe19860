import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { type SpokenText, spokenText, spokenTranscript } from '#domain/transcripts/spoken-lines.ts';
import { takeTurn } from '#domain/uploads/take-turn.ts';
import type { ContentKind } from '#generated/prisma/enums.ts';
import type { Recipe } from '#pipeline/recipe.ts';
import type { TranscriptLine, WritingSource } from '#providers/language-model.ts';
import { artifactKey } from '#work/artifacts.ts';
import type { StageContext, StageWork } from '#work/stage.ts';
import { writePost } from './posts.ts';
import { addVersion, offerVersion } from './versions.ts';

/** Writes one post of the recording, and puts it in force unless a person's version stands there. */
export const write: StageWork = {
  stage: 'write',

  async work(context) {
    const { worker, run, subject: contentId, signal, calls, reserve } = context;
    const { prisma } = worker.database;
    const { languageModel } = worker;
    const { kind, source, spoken } = await orderOf(context);
    const { spans = null, replaces = null } = run.recipe.write ?? {};
    const { fresh } = run.recipe;
    const key = contentKey({ kind, source, model: languageModel.version, text: spoken.version, spans, fresh });
    const asked = { contentId, key };
    const known = await knownVersion(prisma, asked);
    if (!known) await reserve();
    const post = known ? null : await writePost(languageModel, { kind, source }, { signal, calls });
    return async (tx) => {
      await takeTurn(tx, run.uploadId);
      const content = { id: contentId, workspaceId: run.workspaceId };
      const made = { origin: 'GENERATED', provider: languageModel.provider, artifactKey: key } as const;
      const versionId =
        (known ?? (await knownVersion(tx, asked)))?.id ??
        (post && (await addVersion(tx, content, { ...made, ...post })));
      if (versionId) await offerVersion(tx, contentId, { versionId, replaces });
      return [{ type: 'Content', id: contentId }];
    };
  },

  async fanOut(tx, run, enqueue) {
    const spoken = await spokenTranscript(tx, run.uploadId);
    const owner = { workspaceId: run.workspaceId, uploadId: run.uploadId };
    for (const { kind, language } of run.recipe.contents) {
      const id = await begunContent(tx, { ...owner, kind, language: language ?? spoken.language });
      await tx.content.update({ where: { id }, data: { stageRunId: await enqueue(id) }, select: { id: true } });
    }
  },
};

/** The one post of a recording in a kind and a language, begun where there is none yet; gives its id. */
export async function begunContent(
  tx: Tx,
  place: { workspaceId: string; uploadId: string; kind: ContentKind; language: string },
): Promise<string> {
  const { workspaceId: _, ...unique } = place;
  const { id } = await tx.content.upsert({
    where: { uploadId_kind_language: unique },
    create: place,
    update: {},
    select: { id: true },
  });
  return id;
}

async function orderOf({ worker, run, subject }: StageContext) {
  const { prisma } = worker.database;
  const { kind, language, upload } = await prisma.content.findUniqueOrThrow({
    where: { id: subject },
    select: { kind: true, language: true, upload: { select: { title: true } } },
  });
  const spoken = await spokenText(prisma, run.uploadId);
  requireSpoken(worker.languageModel.provider, { language, spoken });
  const { tone = null, maxLength = null } = run.recipe.contents.find((wish) => wish.kind === kind) ?? {};
  const lines = linesWithin(spoken.lines, run.recipe.write?.spans ?? null);
  const source: WritingSource = { title: upload.title, language, lines, tone, maxLength };
  return { kind, source, spoken };
}

function requireSpoken(provider: string, { language, spoken }: { language: string; spoken: SpokenText }): void {
  if (provider !== 'extractive' || language === spoken.language) return;
  throw new Problem('INVALID_INPUT', {
    reason: `Without a language model posts are written in the language of the recording (${spoken.language}).`,
  });
}

type Spans = NonNullable<Recipe['write']>['spans'];

/** The lines that are said in one of the spans, numbered anew: to the model they are all there is. */
function linesWithin(lines: readonly TranscriptLine[], spans: Spans): readonly TranscriptLine[] {
  if (spans === null) return lines;
  const said = lines.filter((line) => spans.some((span) => line.startMs < span.endMs && line.endMs > span.startMs));
  if (said.length === 0)
    throw new Problem('INVALID_STATE', { reason: 'Nothing is said in these highlights any more.' });
  return said.map((line, at) => ({ ...line, id: at + 1 }));
}

/**
 * Everything that decides a post: the title and the wishes are part of what the model is told. A run that was to ask
 * again has a key of its own, which begins with the usual one.
 */
export function contentKey(decides: {
  kind: ContentKind;
  source: Pick<WritingSource, 'title' | 'language' | 'tone' | 'maxLength'>;
  model: string;
  /** Version of the spoken text. */
  text: string;
  spans?: Spans;
  fresh?: string | null;
}): string {
  const { kind, model, text, spans, fresh } = decides;
  const { title, language, tone, maxLength } = decides.source;
  const source = { title, language, tone, maxLength };
  const key = artifactKey({ stage: 'write', kind, model, text, source, ...(spans && { spans }) });
  return fresh ? `${key}.${fresh}` : key;
}

/** The newest version under a key; what was asked for again counts under the usual key too. */
const knownVersion = (tx: Tx, { contentId, key }: { contentId: string; key: string }): Promise<{ id: string } | null> =>
  tx.contentVersion.findFirst({
    where: { contentId, artifactKey: { startsWith: key } },
    orderBy: { number: 'desc' },
    select: { id: true },
  });
