import { CaptionsReportType, reportIn } from '#domain/transcripts/captions-report-graph.ts';
import { builder } from '#graph/builder.ts';

builder.prismaObjectField('Clip', 'captionsReport', (t) =>
  t.field({
    type: CaptionsReportType,
    nullable: true,
    description: 'How well `captions` can be read; the same for each flavour.',
    args: { language: t.arg({ type: 'LanguageTag', description: 'A translation, where there is one.' }) },
    select: ({ language }) => ({
      captions: { where: { format: 'VTT', ...(language && { language }) }, take: 1, select: { report: true } },
    }),
    resolve: ({ captions }) => reportIn(captions),
  }),
);
