import { CaptionsReportType } from '#domain/transcripts/captions-report-graph.ts';
import { builder } from '#graph/builder.ts';
import { type RenditionQuality, renditionQuality } from './rendition-quality.ts';

const Loudness = builder.objectRef<NonNullable<RenditionQuality['loudness']>>('RenditionLoudness').implement({
  description: 'How loud a file is, by EBU R128, measured on the encoded file.',
  fields: (t) => ({
    integrated: t.exposeFloat('integrated', { description: 'LUFS over all of it.' }),
    truePeak: t.exposeFloat('truePeak', { description: 'dBTP.' }),
    range: t.exposeFloat('range', { description: 'LU between its quiet and its loud parts.' }),
    target: t.exposeFloat('target', { description: 'LUFS that were asked for.' }),
    limitedByPeaks: t.exposeBoolean('limitedByPeaks', {
      description: 'Whether its peaks keep it more than 1 LU below the target: louder, it would be squashed.',
    }),
  }),
});

const Quality = builder.objectRef<RenditionQuality>('RenditionQuality').implement({
  description: 'What was measured on an encoded file. One with a fault is refused and never stored.',
  fields: (t) => ({
    durationErrorMs: t.exposeFloat('durationErrorMs', { description: 'Milliseconds longer than its cuts.' }),
    loudness: t.expose('loudness', { type: Loudness, nullable: true, description: 'Null without sound.' }),
    blackShare: t.exposeFloat('blackShare', {
      nullable: true,
      description: 'Share of its key frames that show nothing, 0 to 1; null without a picture.',
    }),
    constantFrameRate: t.exposeBoolean('constantFrameRate', { nullable: true, description: 'Null without a picture.' }),
    captions: t.expose('captions', {
      type: CaptionsReportType,
      nullable: true,
      description: 'How well the captions drawn into it can be read; null without such.',
    }),
    indexFirst: t.exposeBoolean('indexFirst', { description: 'Playing starts before the download ends.' }),
    editLists: t.exposeBoolean('editLists', {
      description: 'Whether players must skip parts of it; never with a picture.',
    }),
  }),
});

builder.prismaObjectField('Rendition', 'quality', (t) =>
  t.field({
    type: Quality,
    nullable: true,
    description: 'What was measured on `file`.',
    select: { quality: true },
    resolve: ({ quality }) => renditionQuality.nullable().parse(quality),
  }),
);
