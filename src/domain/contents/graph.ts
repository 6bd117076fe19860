import { TimeRange } from '#domain/files/time-range.ts';
import { WorkStatusEnum } from '#domain/runs/graph.ts';
import { Upload } from '#domain/uploads/graph.ts';
import type { ContentOrigin } from '#generated/prisma/enums.ts';
import { builder, connectionOf, owned } from '#graph/builder.ts';
import { FailureType, shownFailure } from '#graph/errors.ts';
import { ContentKindEnum } from '#graph/recipe-input.ts';
import { type ContentSentence, contentBody, contentSentences, type SourceQuote } from './body.ts';
import { Body } from './body-union.ts';
import { staleContents } from './stale.ts';

const Origin = builder.enumType('ContentOrigin', {
  description: 'Who wrote a version.',
  values: {
    GENERATED: { description: 'A run.' },
    EDITED: { description: 'A person.' },
    RESTORED: { description: 'An older version, made current again.' },
  } satisfies Record<ContentOrigin, object>,
});

const Quote = builder.objectRef<SourceQuote>('SourceQuote').implement({
  description: 'Words of the recording, with where they are.',
  fields: (t) => ({
    range: t.field({ type: TimeRange, description: 'Where.', resolve: ({ startMs, endMs }) => ({ startMs, endMs }) }),
    text: t.exposeString('text', { description: 'The exact words.' }),
  }),
});

const Sentence = builder.objectRef<ContentSentence>('ContentSentence').implement({
  description:
    'A sentence of a post and what in the recording supports it; `supported` is false when nothing does, and such a version cannot be published unseen.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'As written.' }),
    supported: t.exposeBoolean('supported', { description: 'Whether anything supports it.' }),
    sources: t.field({ type: [Quote], description: 'What supports it.', resolve: ({ sources }) => [...sources] }),
  }),
});

const Version = builder.prismaNode('ContentVersion', {
  ...owned,
  description: "An immutable version; a person's edit and a regeneration both make a new one.",
  fields: (t) => ({
    number: t.exposeInt('number', { description: '1 is the first.' }),
    origin: t.expose('origin', { type: Origin, description: 'Who wrote it.' }),
    body: t.field({
      type: Body,
      select: { body: true },
      description: 'The post itself.',
      resolve: ({ body }) => contentBody.parse(body),
    }),
    author: t.relation('author', { nullable: true, description: 'The person, when a person wrote it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When.' }),
    sentences: t.loadableList({
      type: Sentence,
      description: 'Sentence by sentence, what supports it.',
      load: async (ids: string[], { api }) => {
        const rows = await api.database.prisma.contentVersion.findMany({
          where: { id: { in: ids } },
          select: { id: true, sentences: true },
        });
        const sentences = new Map(rows.map((row) => [row.id, contentSentences.parse(row.sentences)]));
        return ids.map((id) => sentences.get(id) ?? []);
      },
      resolve: ({ id }) => id,
    }),
  }),
});

const VersionConnection = connectionOf(Version, 'ContentVersion');

const Content = builder.prismaNode('Content', {
  ...owned,
  description: 'A post derived from an upload, with its history.',
  fields: (t) => ({
    upload: t.relation('upload', { description: 'From which recording.' }),
    kind: t.expose('kind', { type: ContentKindEnum, description: 'Where it is meant to live.' }),
    language: t.expose('language', { type: 'LanguageTag', description: 'In which language.' }),
    status: t.field({
      type: WorkStatusEnum,
      select: { currentVersionId: true, stageRun: { select: { status: true } } },
      description: 'Where its writing stands.',
      resolve: ({ currentVersionId, stageRun }) => stageRun?.status ?? (currentVersionId ? 'SUCCEEDED' : 'QUEUED'),
    }),
    failure: t.field({
      type: FailureType,
      nullable: true,
      select: { stageRun: { select: { failure: true } } },
      description: 'Why the last attempt failed.',
      resolve: ({ stageRun }) => shownFailure(stageRun?.failure),
    }),
    stale: t.loadable({
      type: 'Boolean',
      description: 'Whether it cites words that were corrected in the transcript since.',
      load: async (ids: string[], { api }) => {
        const stale = await staleContents(api.database.prisma, ids);
        return ids.map((id) => stale.has(id));
      },
      resolve: ({ id }) => id,
    }),
    current: t.relation('currentVersion', { nullable: true, description: 'The version in force.' }),
    versions: t.relatedConnection(
      'versions',
      {
        cursor: 'id',
        totalCount: true,
        description: 'Its history, newest first.',
        query: { orderBy: { number: 'desc' } },
      },
      VersionConnection,
    ),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for first.' }),
  }),
});

const ContentConnection = connectionOf(Content, 'Content');

builder.prismaObjectField(Upload, 'contents', (t) =>
  t.relatedConnection(
    'contents',
    {
      cursor: 'id',
      totalCount: true,
      description: 'Posts written from it.',
      args: { kinds: t.arg({ type: [ContentKindEnum], description: 'Of one of these kinds.' }) },
      query: ({ kinds }) => ({
        ...(kinds && { where: { kind: { in: kinds } } }),
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      }),
    },
    ContentConnection,
  ),
);
