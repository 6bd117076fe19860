import type { Tx } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { spokenText, spokenTranscript } from '#domain/transcripts/spoken-lines.ts';
import { takeTurn } from '#domain/uploads/take-turn.ts';
import type { ContentKind } from '#generated/prisma/enums.ts';
import type { LockedRun } from '#pipeline/change-run.ts';
import type { WritingSource } from '#providers/language-model.ts';
import { artifactKey } from '#work/artifacts.ts';
import type { StageWork } from '#work/stage.ts';
import type { Composed } from './compose.ts';
import { writePost } from './posts.ts';

/** Writes one post of the recording and makes it the current version of its content. */
export const write: StageWork = {
  stage: 'write',

  async work({ worker, run, subject, signal, calls, reserve }) {
    const { prisma } = worker.database;
    const { languageModel } = worker;
    const content = await prisma.content.findUniqueOrThrow({
      where: { id: subject },
      select: { id: true, kind: true, language: true, upload: { select: { title: true } } },
    });
    const spoken = await spokenText(prisma, run.uploadId);
    if (languageModel.provider === 'extractive' && content.language !== spoken.language) {
      throw new Problem('INVALID_INPUT', {
        reason: `Without a language model posts are written in the language of the recording (${spoken.language}).`,
      });
    }
    const { tone = null, maxLength = null } = run.recipe.contents.find(({ kind }) => kind === content.kind) ?? {};
    const source = { title: content.upload.title, language: content.language, lines: spoken.lines, tone, maxLength };
    const { kind } = content;
    const key = contentKey({ kind, source, model: languageModel.version, text: spoken.version });
    const known = await knownVersion(prisma, content.id, key);
    if (!known) await reserve();
    const post = known ? null : await writePost(languageModel, { kind, source }, { signal, calls });
    return async (tx) => {
      await takeTurn(tx, run.uploadId);
      const versionId =
        (known ?? (await knownVersion(tx, content.id, key)))?.id ??
        (post && (await saveVersion(tx, run, { contentId: content.id, key, post, provider: languageModel.provider })));
      await tx.content.update({
        where: { id: content.id },
        data: { currentVersionId: versionId },
        select: { id: true },
      });
      return [{ type: 'Content', id: content.id }];
    };
  },

  async fanOut(tx, run, enqueue) {
    const spoken = await spokenTranscript(tx, run.uploadId);
    const owner = { workspaceId: run.workspaceId, uploadId: run.uploadId };
    for (const { kind, language } of run.recipe.contents) {
      const place = { ...owner, kind, language: language ?? spoken.language };
      const { workspaceId: _, ...unique } = place;
      const { id } = await tx.content.upsert({
        where: { uploadId_kind_language: unique },
        create: place,
        update: {},
        select: { id: true },
      });
      await tx.content.update({ where: { id }, data: { stageRunId: await enqueue(id) }, select: { id: true } });
    }
  },
};

/** Everything that decides a post: the title and the wishes are part of what the model is told. */
export function contentKey(decides: {
  kind: ContentKind;
  source: Pick<WritingSource, 'title' | 'language' | 'tone' | 'maxLength'>;
  model: string;
  /** Version of the spoken text. */
  text: string;
}): string {
  const { title, language, tone, maxLength } = decides.source;
  return artifactKey({ stage: 'write', ...decides, source: { title, language, tone, maxLength } });
}

const knownVersion = (tx: Tx, contentId: string, key: string): Promise<{ id: string } | null> =>
  tx.contentVersion.findFirst({ where: { contentId, artifactKey: key }, select: { id: true } });

async function saveVersion(
  tx: Tx,
  run: LockedRun,
  written: { contentId: string; key: string; post: Composed; provider: string },
): Promise<string> {
  const { contentId, key, post, provider } = written;
  const newest = await tx.contentVersion.aggregate({ where: { contentId }, _max: { number: true } });
  const { id } = await tx.contentVersion.create({
    data: {
      workspaceId: run.workspaceId,
      contentId,
      number: (newest._max.number ?? 0) + 1,
      origin: 'GENERATED',
      provider,
      artifactKey: key,
      body: post.body,
      sentences: [...post.sentences],
    },
    select: { id: true },
  });
  return id;
}
