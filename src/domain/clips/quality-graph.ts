import { CaptionsReportType } from '#domain/transcripts/captions-report-graph.ts';
import { builder } from '#graph/builder.ts';
import { type RenditionQuality, renditionQuality } from './rendition-quality.ts';

const Loudness = builder.objectRef<NonNullable<RenditionQuality['loudness']>>('RenditionLoudness').implement({
  description: 'How loud a file is, by EBU R128, measured on the encoded file.',
  fields: (t) => ({
    integrated: t.exposeFloat('integrated', { description: 'Integrated loudness in LUFS.' }),
    truePeak: t.exposeFloat('truePeak', { description: 'True peak in dBTP.' }),
    range: t.exposeFloat('range', { description: 'Loudness range (LRA) in LU.' }),
    target: t.exposeFloat('target', { description: 'LUFS that were asked for.' }),
    limitedByPeaks: t.exposeBoolean('limitedByPeaks', {
      description: 'Whether its peaks keep it more than 1 LU below the target: louder, it would be squashed.',
    }),
  }),
});

const Quality = builder.objectRef<RenditionQuality>('RenditionQuality').implement({
  description:
    'What was measured on an encoded file. Refused and never stored is one that is off by more than 40 ms, above 0 dBTP, ' +
    'silent where the recording is not, black for 20 percent points more than the recording, of varying frame rate, with ' +
    'its index at the end, with an edit list, with other streams than one of picture and one of sound, or with captions ' +
    'drawn into it that overlap or leave their lines. Loudness and caption rules that are missed otherwise are told, not ' +
    'refused: fast speech cannot be mended.',
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
    fastStart: t.exposeBoolean('fastStart', {
      description: 'Whether its index (moov) stands first, so that playing starts before the download ends.',
    }),
    hasEditLists: t.exposeBoolean('hasEditLists', {
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
