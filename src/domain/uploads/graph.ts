import { isStorable } from '#base/line.ts';
import { Problem } from '#base/problem.ts';
import { CaptionFormatEnum } from '#domain/files/caption-format.ts';
import { MediaInfo, mediaInfoOf } from '#domain/files/media-info.ts';
import { StoredFile } from '#domain/files/stored-file.ts';
import { overlapping, SilenceRegion, TimeRangeInput } from '#domain/files/time-range.ts';
import { Workspace } from '#domain/workspaces/graph.ts';
import type { UploadStatus } from '#generated/prisma/enums.ts';
import { builder, connectionOf, owned } from '#graph/builder.ts';
import { FailureType, shownFailure } from '#graph/errors.ts';
import { listing } from '#graph/limits-size.ts';
import { mutation, payloadType } from '#graph/mutation.ts';
import { runField, uploadField } from '#graph/payload-fields.ts';
import { RecipeInput } from '#graph/recipe-input.ts';
import { createUpload, createUploadInput } from './create-upload.ts';
import { finalizeUpload, finalizeUploadInput } from './finalize-upload.ts';
import { renewUploadTarget, renewUploadTargetInput } from './renew-upload-target.ts';
import { Protocol, targetOf, UploadTarget } from './upload-target.ts';

const Status = builder.enumType('UploadStatus', {
  description: 'Life of the bytes: AWAITING_BYTES -> VERIFYING -> READY, or REJECTED / EXPIRED.',
  values: {
    AWAITING_BYTES: { description: 'The target may be used.' },
    VERIFYING: { description: 'The bytes are checked and probed.' },
    READY: { description: 'A recording that can be worked on.' },
    REJECTED: { description: 'Not a usable recording; `failure` says why.' },
    EXPIRED: { description: 'The bytes never came, or retention removed them.' },
  } satisfies Record<UploadStatus, object>,
});

export const Upload = builder.prismaNode('Upload', {
  ...owned,
  description: 'A recording and everything derived from it.',
  fields: (t) => ({
    workspace: t.relation('workspace', { description: 'Whose it is.' }),
    title: t.exposeString('title', { description: 'What the recording is called.' }),
    fileName: t.exposeString('fileName', { description: 'The name it came with; a label, never a path.' }),
    status: t.expose('status', { type: Status, description: 'Where its bytes stand.' }),
    failure: t.field({
      type: FailureType,
      nullable: true,
      select: { failure: true },
      description: 'Why it was rejected.',
      resolve: ({ failure }) => shownFailure(failure),
    }),
    target: t.field({
      type: UploadTarget,
      nullable: true,
      select: {
        workspaceId: true,
        status: true,
        storageKey: true,
        protocol: true,
        contentType: true,
        announcedBytes: true,
      },
      description: 'Where to send the bytes; null once they have arrived, and for those who may not upload.',
      resolve: (upload, _args, context) => targetOf(upload, context),
    }),
    file: t.relation('sourceArtifact', { type: StoredFile, nullable: true, description: 'The verified bytes.' }),
    media: t.field({
      type: MediaInfo,
      nullable: true,
      select: { sourceArtifact: { select: { media: true } } },
      description: 'What probing found.',
      resolve: ({ sourceArtifact }) => mediaInfoOf(sourceArtifact?.media),
    }),
    createdBy: t.relation('createdBy', { nullable: true, description: 'Who uploaded it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was announced.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
    silences: t.field({
      type: [SilenceRegion],
      description: 'Stretches without speech.',
      extensions: listing(200),
      args: {
        minDurationMs: t.arg({ type: 'Milliseconds', defaultValue: 0, description: 'Leave shorter ones out.' }),
        range: t.arg({ type: TimeRangeInput, description: 'Only those that overlap it.' }),
      },
      select: ({ range }) => ({
        silences: {
          select: { startMs: true, endMs: true, meanDb: true },
          orderBy: { startMs: 'asc' },
          ...(range && { where: overlapping(range) }),
        },
      }),
      resolve: ({ silences }, { minDurationMs }) =>
        silences.filter((silence) => silence.endMs - silence.startMs >= (minDurationMs ?? 0)),
    }),
  }),
});

const UploadConnection = connectionOf(Upload, 'Upload');

const Filter = builder.inputType('UploadFilterInput', {
  description: 'Narrow a list of uploads.',
  fields: (t) => ({
    statuses: t.field({ type: [Status], description: 'In one of these states.' }),
    titleContains: t.string({ description: 'Anywhere in the title, whatever the case.' }),
    createdAfter: t.field({ type: 'DateTime', description: 'Announced at or after.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Announced before.' }),
  }),
});

const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Sort direction.',
  values: { ASC: { description: 'Smallest first.' }, DESC: { description: 'Largest first.' } },
});

const OrderField = builder.enumType('UploadOrderField', {
  description: 'Sortable upload fields.',
  values: {
    CREATED_AT: { value: 'createdAt', description: 'When it was announced.' },
    TITLE: { value: 'title', description: 'Alphabetically.' },
    DURATION: { value: 'durationMs', description: 'How long it plays.' },
  } as const,
});

const Order = builder.inputType('UploadOrderInput', {
  description: 'Order of uploads.',
  fields: (t) => ({
    field: t.field({ type: OrderField, required: true, defaultValue: 'createdAt', description: 'By what.' }),
    direction: t.field({ type: OrderDirection, required: true, defaultValue: 'DESC', description: 'Which way.' }),
  }),
});

builder.prismaObjectField(Workspace, 'uploads', (t) =>
  t.relatedConnection(
    'uploads',
    {
      cursor: 'id',
      totalCount: true,
      description: 'Recordings of the workspace, newest first unless asked otherwise.',
      args: {
        filter: t.arg({ type: Filter, description: 'Only these.' }),
        orderBy: t.arg({ type: Order, description: 'In this order.' }),
      },
      query: ({ filter, orderBy }) => ({
        where: {
          ...(filter?.statuses && { status: { in: filter.statuses } }),
          ...(filter?.titleContains && {
            title: { contains: searched(filter.titleContains), mode: 'insensitive' as const },
          }),
          createdAt: {
            ...(filter?.createdAfter && { gte: filter.createdAfter }),
            ...(filter?.createdBefore && { lt: filter.createdBefore }),
          },
        },
        orderBy: orderOf(orderBy?.field ?? 'createdAt', orderBy?.direction === 'ASC' ? 'asc' : 'desc'),
      }),
    },
    UploadConnection,
  ),
);

/** The id goes the same way, so that one index serves the list from either end. */
const orderOf = (field: 'createdAt' | 'title' | 'durationMs', way: 'asc' | 'desc') => [{ [field]: way }, { id: way }];

const longestTitle = 200;

/** Words as they are written: Prisma leaves the wildcards of LIKE in them. */
function searched(words: string): string {
  if (!isStorable(words) || words.length > longestTitle)
    throw new Problem('INVALID_INPUT', { reason: 'No title can contain that.' });
  return words.replaceAll(/[\\%_]/g, '\\$&');
}

mutation('createUpload', {
  about: 'Reserve an upload and get a place to send its bytes.',
  check: createUploadInput,
  perform: createUpload,
  payload: payloadType<{ uploadId: string }>('CreateUploadPayload', (t) => ({ upload: uploadField(t) })),
  input: builder.inputType('CreateUploadInput', {
    description: 'A recording that is about to be sent.',
    fields: (t) => ({
      workspaceId: t.id({ required: true, description: 'Where it will belong.' }),
      title: t.string({ description: 'By default the file name without its ending.' }),
      fileName: t.string({ required: true, description: 'A label; folders in it are cut off.' }),
      contentType: t.string({ required: true, description: 'audio/… or video/…; the bytes are checked, too.' }),
      sizeBytes: t.field({ type: 'ByteSize', required: true, description: 'Exactly how many bytes will be sent.' }),
      sha256: t.string({ description: 'Their hash in hexadecimal; checked when given.' }),
      protocol: t.field({ type: Protocol, defaultValue: 'TUS', description: 'How they will be sent.' }),
      idempotencyKey: t.string({
        required: true,
        description: 'The same key gives the same upload; 1 to 64 characters.',
      }),
    }),
  }),
});

mutation('renewUploadTarget', {
  about: 'New target for an upload whose link expired; offsets already sent are kept for tus.',
  check: renewUploadTargetInput,
  perform: renewUploadTarget,
  payload: payloadType<{ uploadId: string }>('RenewUploadTargetPayload', (t) => ({ upload: uploadField(t) })),
  input: builder.inputType('RenewUploadTargetInput', {
    description: 'An upload that still waits for bytes.',
    fields: (t) => ({
      uploadId: t.id({ required: true, description: 'Which one.' }),
      protocol: t.field({ type: Protocol, description: 'Another way to send; by default the same.' }),
    }),
  }),
});

const CaptionSidecarInput = builder.inputType('CaptionSidecarInput', {
  description: 'Captions that exist already; they become the transcript.',
  fields: (t) => ({
    format: t.field({ type: CaptionFormatEnum, required: true, description: 'What the text is.' }),
    language: t.field({ type: 'LanguageTag', description: 'Language of the captions.' }),
    text: t.string({
      required: true,
      description: 'The whole file, at most 700,000 characters; a request has at most 1 MiB.',
    }),
  }),
});

mutation('finalizeUpload', {
  about:
    'Say the bytes are all there: size and checksum are verified, then probing starts. An upload is finalized once: ' +
    'again with the same recipe and captions, or without, is the same answer; with others INVALID_STATE.',
  check: finalizeUploadInput,
  perform: finalizeUpload,
  payload: payloadType<{ uploadId: string; runId: string }>('FinalizeUploadPayload', (t) => ({
    upload: uploadField(t),
    run: runField(t),
  })),
  input: builder.inputType('FinalizeUploadInput', {
    description: 'With `thenRun` the recipe starts as soon as verification succeeds.',
    fields: (t) => ({
      uploadId: t.id({ required: true, description: 'Which one.' }),
      thenRun: t.field({
        type: RecipeInput,
        description: 'What to make of it; once it is finalized, `startRun` makes more.',
      }),
      captions: t.field({
        type: CaptionSidecarInput,
        description: 'Captions that came with the recording; once it is finalized, they stay.',
      }),
    }),
  }),
});
