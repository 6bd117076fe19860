import { type RangeShape, TimeRange } from '#domain/files/time-range.ts';
import { Upload } from '#domain/uploads/graph.ts';
import { builder } from '#graph/builder.ts';
import { type ChapterFormat, chapterText } from './chapter-text.ts';

const Chapter = builder.objectRef<RangeShape & { title: string }>('Chapter').implement({
  description: 'A stretch of the whole recording with a name.',
  fields: (t) => ({
    range: t.field({ type: TimeRange, description: 'Where it is.', resolve: (chapter) => chapter }),
    title: t.exposeString('title', { description: 'What it is about, in one line.' }),
  }),
});

export const ChapterFormatEnum = builder.enumType('ChapterFormat', {
  description: 'How chapters are written down.',
  values: {
    WEBVTT: { description: 'A WebVTT track of kind `chapters`.' },
    DESCRIPTION: { description: 'A line each, such as `0:00 Intro`, for the description on a platform.' },
  } satisfies Record<ChapterFormat, object>,
});

/** As they come in the recording. */
const inOrder = { select: { startMs: true, endMs: true, title: true }, orderBy: { position: 'asc' } } as const;

builder.prismaObjectFields(Upload, (t) => ({
  chapters: t.field({
    type: [Chapter],
    description:
      'Of the whole recording, without gaps; made with its highlights. None where it is too short for three.',
    select: { chapters: inOrder },
    resolve: ({ chapters }) => chapters,
  }),
  chapterText: t.string({
    nullable: true,
    description: 'The chapters as text; null where there are none.',
    args: { format: t.arg({ type: ChapterFormatEnum, required: true, description: 'In which form.' }) },
    select: { chapters: inOrder },
    resolve: ({ chapters }, { format }) => (chapters.length > 0 ? chapterText(chapters, format) : null),
  }),
}));
