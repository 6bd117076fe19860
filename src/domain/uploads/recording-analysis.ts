import { StoredFile } from '#domain/files/stored-file.ts';
import { overlapping, type RangeShape, TimeRange, TimeRangeInput } from '#domain/files/time-range.ts';
import type { LayoutKind } from '#generated/prisma/enums.ts';
import { builder, owned } from '#graph/builder.ts';
import { listing } from '#graph/limits-size.ts';
import type { PosterCandidate } from '#media/poster-candidates.ts';
import type { StoryboardLayout } from '#media/storyboard.ts';
import { peakMs } from '#media/waveform.ts';
import { postersOf, storyboardOf } from './analysis-columns.ts';
import { Upload } from './graph.ts';

const { authScopes, runScopesOnType } = owned;

const Tile = builder.objectRef<{ atMs: number; x: number; y: number }>('StoryboardTile').implement({
  description: 'One small picture of a storyboard, to be shown until the next one begins.',
  fields: (t) => ({
    atMs: t.expose('atMs', { type: 'Milliseconds', description: 'Which moment it shows.' }),
    x: t.exposeInt('x', { description: 'Its left edge in the file, in pixels.' }),
    y: t.exposeInt('y', { description: 'Its upper edge in the file, in pixels.' }),
  }),
});

const Storyboard = builder.prismaObject('RecordingAnalysis', {
  variant: 'Storyboard',
  description: 'Small pictures of the whole recording in one JPEG: what a player shows above its time line.',
  select: { workspaceId: true, storyboard: true },
  authScopes,
  runScopesOnType,
  fields: (t) => ({
    file: t.relation('storyboardArtifact', { type: StoredFile, nullable: true, description: 'The JPEG.' }),
    tileWidth: t.int({ description: 'Pixels.', resolve: ({ storyboard }) => laidOut(storyboard).tileWidth }),
    tileHeight: t.int({ description: 'Pixels.', resolve: ({ storyboard }) => laidOut(storyboard).tileHeight }),
    tiles: t.field({
      type: [Tile],
      description: 'In order of time, at most 100 of a recording of any length.',
      extensions: listing(100),
      resolve: ({ storyboard }) => tilesOf(laidOut(storyboard)),
    }),
  }),
});

function laidOut(column: unknown): StoryboardLayout {
  const layout = storyboardOf(column);
  if (!layout) throw new TypeError('a storyboard without a layout was selected');
  return layout;
}

const tilesOf = ({ columns, tileWidth, tileHeight, timesMs }: StoryboardLayout) =>
  timesMs.map((atMs, at) => ({ atMs, x: tileWidth * (at % columns), y: tileHeight * Math.floor(at / columns) }));

const Waveform = builder.prismaObject('RecordingAnalysis', {
  variant: 'Waveform',
  description: 'How loud the recording is all along, to be drawn.',
  select: { workspaceId: true, waveformArtifactId: true },
  authScopes,
  runScopesOnType,
  fields: (t) => ({
    file: t.relation('waveformArtifact', {
      type: StoredFile,
      nullable: true,
      description:
        'Binary data of audiowaveform, version 2: six 32 bit numbers, low byte first (2, 1 for 8 bit, samples a second, ' +
        'samples a pair, number of pairs, 1 channel), then a lowest and a highest value of each pair, -128 to 127.',
    }),
    peakMs: t.field({ type: 'Milliseconds', description: 'How long a pair lasts.', resolve: () => peakMs }),
  }),
});

const Poster = builder.objectRef<PosterCandidate>('PosterCandidate').implement({
  description: 'A moment whose picture would do as a poster.',
  fields: (t) => ({
    atMs: t.expose('atMs', { type: 'Milliseconds', description: 'When it is shown.' }),
    score: t.exposeFloat('score', { description: 'How sharp, rich in contrast and well lit it is, 0 to 1.' }),
  }),
});

const Kind = builder.enumType('LayoutKind', {
  description: 'What a part of the picture shows.',
  values: {
    CAMERA: { description: 'A camera in a corner of something else.' },
    SLIDES: { description: 'Slides or a screen.' },
    FULL_CAMERA: { description: 'A camera that fills the picture.' },
    STILL: { description: 'A picture that never changes.' },
  } satisfies Record<LayoutKind, object>,
});

interface Region extends RangeShape {
  readonly kind: LayoutKind;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly confidence: number;
}

const LayoutRegion = builder.objectRef<Region>('LayoutRegion').implement({
  description: 'A part of the picture, and what it shows for a while. In pixels of the picture as it is shown.',
  fields: (t) => ({
    kind: t.expose('kind', { type: Kind, description: 'What it shows.' }),
    range: t.field({ type: TimeRange, description: 'For how long.', resolve: (region) => region }),
    x: t.exposeInt('x', { description: 'Its left edge.' }),
    y: t.exposeInt('y', { description: 'Its upper edge.' }),
    width: t.exposeInt('width', { description: 'Pixels across.' }),
    height: t.exposeInt('height', { description: 'Pixels down.' }),
    confidence: t.exposeFloat('confidence', { description: '0 to 1.' }),
  }),
});

builder.prismaObjectFields(Upload, (t) => ({
  storyboard: t.field({
    type: Storyboard,
    nullable: true,
    description: 'Small pictures of the whole recording; null without a picture, and before it was analysed.',
    select: (_args, _context, nested) => ({ analysis: nested() }),
    resolve: ({ analysis }) => (analysis?.storyboard ? analysis : null),
  }),
  waveform: t.field({
    type: Waveform,
    nullable: true,
    description: 'Its sound, to be drawn; null without sound, and before it was analysed.',
    select: (_args, _context, nested) => ({ analysis: nested() }),
    resolve: ({ analysis }) => (analysis?.waveformArtifactId ? analysis : null),
  }),
  posters: t.field({
    type: [Poster],
    description: 'Moments whose pictures would do as a poster, best first, spread over the recording.',
    select: { analysis: { select: { posterCandidates: true } } },
    resolve: ({ analysis }) => (analysis ? postersOf(analysis.posterCandidates) : []),
  }),
  scenes: t.field({
    type: ['Milliseconds'],
    description: 'Where the picture becomes another one: the first key frame that shows it.',
    select: { analysis: { select: { scenesMs: true } } },
    resolve: ({ analysis }) => analysis?.scenesMs ?? [],
  }),
  layout: t.field({
    type: [LayoutRegion],
    description: 'What the picture shows where, in order of time.',
    extensions: listing(100),
    args: { range: t.arg({ type: TimeRangeInput, description: 'Only regions that are there within it.' }) },
    select: ({ range }) => ({
      layout: { orderBy: [{ startMs: 'asc' }, { id: 'asc' }], ...(range && { where: overlapping(range) }) },
    }),
    resolve: ({ layout }) => layout,
  }),
}));
