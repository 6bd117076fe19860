import type { ClipMs, Span } from '#base/time.ts';
import { chapterText } from '#domain/chapters/chapter-text.ts';
import { ChapterFormatEnum } from '#domain/chapters/graph.ts';
import { TimeRange } from '#domain/files/time-range.ts';
import { builder } from '#graph/builder.ts';
import { chaptersInClip } from './chapters-column.ts';

const ClipChapter = builder.objectRef<Span<ClipMs> & { title: string }>('ClipChapter').implement({
  description: 'A named part of a reel.',
  fields: (t) => ({
    range: t.field({
      type: TimeRange,
      description: "Where it is, on the clip's own timeline.",
      resolve: (chapter) => chapter,
    }),
    title: t.exposeString('title', { description: 'Of the highlight it shows.' }),
  }),
});

builder.prismaObjectFields('Clip', (t) => ({
  chapters: t.field({
    type: [ClipChapter],
    description:
      'Of a reel, one for each highlight. Players that read them find them in its video files, too (`chpl`, no track of text).',
    select: { cuts: true, chapters: true },
    resolve: ({ cuts, chapters }) => chaptersInClip(cuts, chapters),
  }),
  chapterText: t.string({
    nullable: true,
    description: 'The chapters as text; null where there are none.',
    args: { format: t.arg({ type: ChapterFormatEnum, required: true, description: 'In which form.' }) },
    select: { cuts: true, chapters: true },
    resolve: ({ cuts, chapters }, { format }) => {
      const inClip = chaptersInClip(cuts, chapters);
      return inClip.length > 0 ? chapterText(inClip, format) : null;
    },
  }),
}));
