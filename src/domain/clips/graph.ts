import { CaptionFormatEnum } from '#domain/files/caption-format.ts';
import { MediaInfo, mediaInfoOf } from '#domain/files/media-info.ts';
import { StoredFile } from '#domain/files/stored-file.ts';
import { rangeOf, TimeRange } from '#domain/files/time-range.ts';
import { Highlight } from '#domain/highlights/graph.ts';
import { WorkStatusEnum } from '#domain/runs/graph.ts';
import { Upload } from '#domain/uploads/graph.ts';
import type { ClipOrigin, WorkStatus } from '#generated/prisma/enums.ts';
import { builder, connectionOf, owned } from '#graph/builder.ts';
import { FailureType, shownFailure } from '#graph/errors.ts';
import { CaptionStyleEnum, Preset, SafeAreaEnum } from '#graph/recipe-input.ts';
import { isFinal } from '#pipeline/progress.ts';
import { cutsOf } from './cuts-column.ts';

/** What decides where a rendition stands. */
const standing = {
  artifactId: true,
  revision: true,
  shownSince: true,
  stageRun: { select: { status: true, progress: true } },
} as const;

interface Standing {
  readonly artifactId: string | null;
  readonly revision: number | null;
  readonly shownSince: number;
  readonly stageRun: { readonly status: WorkStatus } | null;
}

/** Whether its file is there: one that shows the clip as it is outlives a later stage run that ended without another. */
function isMade({ stageRun, ...file }: Standing): boolean {
  if (file.artifactId === null) return false;
  return stageRun === null || (isFinal(stageRun.status) && !isStale(file));
}

const isStale = ({ artifactId, revision, shownSince }: Omit<Standing, 'stageRun'>): boolean =>
  artifactId !== null && (revision ?? 0) < shownSince;

builder.prismaNode('Rendition', {
  ...owned,
  description: 'One encoded file of a clip.',
  fields: (t) => ({
    preset: t.expose('preset', { type: Preset, description: 'In which shape.' }),
    captionStyle: t.expose('captionStyle', { type: CaptionStyleEnum, description: 'With which captions.' }),
    safeArea: t.expose('safeArea', { type: SafeAreaEnum, description: 'Whose buttons drawn captions stay clear of.' }),
    status: t.field({
      type: WorkStatusEnum,
      select: standing,
      description: 'Where its encoding stands.',
      resolve: (row) => (isMade(row) ? 'SUCCEEDED' : (row.stageRun?.status ?? 'QUEUED')),
    }),
    progress: t.float({
      select: standing,
      description: '0 to 1.',
      resolve: (row) => (isMade(row) ? 1 : (row.stageRun?.progress ?? 0)),
    }),
    failure: t.field({
      type: FailureType,
      nullable: true,
      select: { stageRun: { select: { failure: true } } },
      description: 'Why the last attempt failed.',
      resolve: ({ stageRun }) => shownFailure(stageRun?.failure),
    }),
    stale: t.boolean({
      select: { artifactId: true, revision: true, shownSince: true },
      description: 'Whether `file` shows an earlier state of the clip: `renderClip` makes it again.',
      resolve: isStale,
    }),
    file: t.relation('artifact', { type: StoredFile, nullable: true, description: 'The video or sound.' }),
    media: t.field({
      type: MediaInfo,
      nullable: true,
      select: { artifact: { select: { media: true } } },
      description: 'What probing the encoded file found.',
      resolve: ({ artifact }) => mediaInfoOf(artifact?.media),
    }),
  }),
});

const Origin = builder.enumType('ClipOrigin', {
  description: 'Where a clip came from.',
  values: {
    HIGHLIGHT: { description: 'Cut from a highlight.' },
    FREE: { description: 'Bounds that a person chose.' },
    REEL: { description: 'The chosen highlights, joined.' },
  } satisfies Record<ClipOrigin, object>,
});

const Clip = builder.prismaNode('Clip', {
  ...owned,
  description: 'A cut of the recording with its renditions; a reel is a clip whose cuts are the chosen highlights.',
  fields: (t) => ({
    origin: t.expose('origin', { type: Origin, description: 'Where it came from.' }),
    upload: t.relation('upload', { description: 'Of which recording.' }),
    highlight: t.relation('highlight', { nullable: true, description: 'The highlight it shows.' }),
    title: t.exposeString('title', { description: 'What it is called.' }),
    range: t.field(rangeOf('From its first to its last millisecond on the recording.')),
    cuts: t.field({
      type: [TimeRange],
      select: { cuts: true },
      description: 'Kept spans in order; more than one when silences are removed.',
      resolve: ({ cuts }) => cutsOf(cuts),
    }),
    captions: t.field({
      type: StoredFile,
      nullable: true,
      description: "Captions on the clip's own timeline.",
      args: {
        language: t.arg({ type: 'LanguageTag', description: 'A translation, where there is one.' }),
        format: t.arg({ type: CaptionFormatEnum, defaultValue: 'VTT', description: 'In which flavour.' }),
      },
      select: ({ language, format }, _context, nested) => ({
        captions: {
          where: { format: format ?? 'VTT', ...(language && { language }) },
          take: 1,
          select: { artifact: nested() },
        },
      }),
      resolve: ({ captions }) => captions[0]?.artifact ?? null,
    }),
    poster: t.relation('poster', { type: StoredFile, nullable: true, description: 'A still picture of it.' }),
    renditions: t.relation('renditions', { description: 'Its encoded files.', query: { orderBy: { id: 'asc' } } }),
    revision: t.exposeInt('revision', { description: 'Grows with each change.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was laid out.' }),
  }),
});

const ClipConnection = connectionOf(Clip, 'Clip');

builder.prismaObjectField(Upload, 'clips', (t) =>
  t.relatedConnection(
    'clips',
    {
      cursor: 'id',
      totalCount: true,
      description: 'Cuts of the recording.',
      query: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] },
    },
    ClipConnection,
  ),
);

builder.prismaObjectField(Highlight, 'clips', (t) =>
  t.relation('clips', { description: 'Cut from it.', query: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] } }),
);
