import {
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql';
import type { Names } from './world.ts';

/** What an input field is given: ids of rows by their names, a value, or nothing. */
type Entry = { readonly ids: readonly string[]; readonly or?: string } | { readonly value: () => unknown } | 'left out';

const row = (...ids: string[]): Entry => ({ ids });
/** An id of either type. */
const rowOr = (id: string, or: string): Entry => ({ ids: [id], or });
const given = (value: unknown): Entry => ({ value: () => value });
const once: Entry = { value: () => crypto.randomUUID() };
const part = given({ x: 0, y: 0, width: 640, height: 360 });

/**
 * What each field of each input is given, so that the change it is for happens. A field without a line fails the test:
 * say there what it takes.
 */
const entries: Readonly<Record<string, Entry>> = {
  'AddWorkspaceMemberInput.email': given('new@example.org'),
  'AddWorkspaceMemberInput.idempotencyKey': once,
  'AddWorkspaceMemberInput.role': given('EDITOR'),
  'AddWorkspaceMemberInput.workspaceId': row('Workspace'),
  'CancelRunInput.runId': row('Run.active'),
  'CaptionSidecarInput.language': 'left out',
  'CaptionSidecarInput.text': given('1\n00:00:00,000 --> 00:00:01,000\nHello.\n'),
  'ClipRecipeInput.presets': given(['LANDSCAPE_720P']),
  'ClipSourceInput.highlightId': row('Highlight'),
  'ContentRecipeInput.language': 'left out',
  'ContentRecipeInput.maxLength': 'left out',
  'ContentRecipeInput.tone': 'left out',
  'CreateApiKeyInput.idempotencyKey': once,
  'CreateApiKeyInput.name': given('A key'),
  'CreateApiKeyInput.scopes': given(['READ']),
  'CreateApiKeyInput.workspaceId': row('Workspace'),
  'CreateClipInput.idempotencyKey': once,
  'CreateClipInput.title': given('A clip'),
  'CreateUploadInput.contentType': given('video/mp4'),
  'CreateUploadInput.fileName': given('talk.mp4'),
  'CreateUploadInput.idempotencyKey': once,
  'CreateUploadInput.sha256': 'left out',
  'CreateUploadInput.sizeBytes': given(10),
  'CreateUploadInput.title': given('A talk'),
  'CreateUploadInput.workspaceId': row('Workspace'),
  'CreateWebhookEndpointInput.idempotencyKey': once,
  'CreateWebhookEndpointInput.kinds': given(['RUN_FINISHED']),
  'CreateWebhookEndpointInput.url': given('https://93.184.216.34/hook'),
  'CreateWebhookEndpointInput.workspaceId': row('Workspace'),
  'CreateWorkspaceInput.idempotencyKey': once,
  'CreateWorkspaceInput.name': given('Another'),
  'CreateWorkspaceInput.slug': given('another-place'),
  'DeleteMeInput.confirm': given('delete me'),
  'DeleteUploadInput.uploadId': row('Upload'),
  'DeleteWebhookEndpointInput.endpointId': row('WebhookEndpoint'),
  'DeleteWorkspaceInput.confirmSlug': given('alphasecret'),
  'DeleteWorkspaceInput.workspaceId': row('Workspace'),
  'DismissStageRunInput.stageRunId': row('StageRun'),
  'BlogBodyInput.excerpt': 'left out',
  'BlogBodyInput.markdown': given('Other words.'),
  'BlogBodyInput.slug': 'left out',
  'BlogBodyInput.tags': 'left out',
  'BlogBodyInput.title': given('Another'),
  'EditContentInput.baseVersion': given(1),
  'EditContentInput.contentId': row('Content#1'),
  'EditTranscriptInput.baseRevision': given(1),
  'EditTranscriptInput.transcriptId': row('Transcript'),
  'ExportMyDataInput.again': 'left out',
  'ExportMyDataInput.idempotencyKey': once,
  'FinalizeUploadInput.captions': 'left out',
  'FinalizeUploadInput.thenRun': 'left out',
  'FinalizeUploadInput.uploadId': row('Upload.arrived'),
  'FreeClipInput.uploadId': row('Upload'),
  'GenerateContentInput.contentId': row('Content'),
  'GenerateContentInput.highlightIds': row('Highlight'),
  'GenerateContentInput.idempotencyKey': once,
  'GenerateContentInput.uploadId': row('Upload'),
  'HighlightRecipeInput.topics': 'left out',
  'InstagramBodyInput.caption': given('Other words.'),
  'InstagramBodyInput.hashtags': 'left out',
  'InstagramBodyInput.slides': 'left out',
  'LinkedInBodyInput.hashtags': 'left out',
  'LinkedInBodyInput.text': given('Other words.'),
  'MergeSegmentsInput.segmentIds': row('TranscriptSegment', 'TranscriptSegment#1'),
  'PicturePartInput.height': given(360),
  'PicturePartInput.width': given(640),
  'PicturePartInput.x': given(0),
  'PicturePartInput.y': given(0),
  'RecipeInput.clips': 'left out',
  'RecipeInput.contents': 'left out',
  'RecipeInput.highlights': 'left out',
  'RecipeInput.language': 'left out',
  'RecipeInput.transcript': given(true),
  'RedoTranscriptEditInput.baseRevision': given(3),
  'RedoTranscriptEditInput.transcriptId': row('Transcript.undone'),
  'RemoveWorkspaceMemberInput.membershipId': rowOr('WorkspaceMembership.added', 'WorkspaceInvitation'),
  'RenameSpeakerInput.displayName': given('Ada'),
  'RenameSpeakerInput.speakerId': row('Speaker'),
  'RenderClipInput.clipId': row('Clip'),
  'RenderClipInput.idempotencyKey': once,
  'RenderClipInput.presets': given(['SQUARE_1080P']),
  'RenewUploadTargetInput.protocol': given('TUS'),
  'RenewUploadTargetInput.uploadId': row('Upload.unsent'),
  'ReplaceTextInput.segmentId': row('TranscriptSegment'),
  'ReplaceTextInput.text': given('Something else.'),
  'ReplayWebhookDeliveryInput.deliveryId': row('WebhookDelivery'),
  'ReplayWebhookDeliveryInput.idempotencyKey': once,
  'RestoreContentInput.baseVersion': 'left out',
  'RestoreContentInput.contentId': row('Content#1'),
  'RestoreContentInput.versionId': row('ContentVersion#1'),
  'RetryRunInput.idempotencyKey': once,
  'RetryRunInput.runId': row('Run.failed'),
  'RetryRunInput.stageRunIds': row('StageRun'),
  'RevokeApiKeyInput.keyId': row('ApiKey'),
  'SetCropPlanInput.baseRevision': given(1),
  'SetCropPlanInput.clipId': row('Clip'),
  'SetCropPlanInput.plan': given({ fit: {} }),
  'SetCropPlanInput.shape': given('SQUARE'),
  'SetSegmentRangeInput.segmentId': row('TranscriptSegment'),
  'SetSpeakerInput.segmentIds': row('TranscriptSegment', 'TranscriptSegment#1'),
  'SetSpeakerInput.speakerId': row('Speaker'),
  'SetWorkspaceMemberRoleInput.membershipId': row('WorkspaceMembership.added'),
  'SetWorkspaceMemberRoleInput.role': given('EDITOR'),
  'SetWorkspacePlanInput.plan': given('free'),
  'SetWorkspacePlanInput.workspaceId': row('Workspace'),
  'SightingInput.atMs': given(0),
  'SightingInput.x': given(10),
  'SplitSegmentInput.atMs': given(2_000),
  'SplitSegmentInput.segmentId': row('TranscriptSegment'),
  'StackPlanInput.lower': part,
  'StackPlanInput.upper': part,
  'StartRunInput.idempotencyKey': once,
  'StartRunInput.uploadId': row('Upload'),
  'ThreadBodyInput.posts': given(['Other words.']),
  'TimeRangeInput.endMs': given(14_000),
  'TimeRangeInput.startMs': given(0),
  'TrackKeyInput.atMs': given(0),
  'TrackKeyInput.x': given(10),
  'UndoTranscriptEditInput.baseRevision': given(2),
  'UndoTranscriptEditInput.transcriptId': row('Transcript.edited'),
  'UpdateClipInput.baseRevision': given(1),
  'UpdateClipInput.clipId': row('Clip'),
  'UpdateClipInput.range': 'left out',
  'UpdateClipInput.title': given('Another'),
  'UpdateHighlightInput.baseRevision': given(1),
  'UpdateHighlightInput.decision': given('ACCEPTED'),
  'UpdateHighlightInput.highlightId': row('Highlight'),
  'UpdateHighlightInput.range': 'left out',
  'UpdateHighlightInput.title': 'left out',
  'UpdateWebhookEndpointInput.endpointId': row('WebhookEndpoint'),
  'UpdateWebhookEndpointInput.kinds': given(['RUN_FINISHED']),
  'UpdateWebhookEndpointInput.url': 'left out',
  'UploadFilterInput.createdAfter': 'left out',
  'UploadFilterInput.createdBefore': 'left out',
  'UploadFilterInput.statuses': 'left out',
  'UploadFilterInput.titleContains': 'left out',
  'WithinPartInput.within': 'left out',
  'WorkspaceByInput.id': row('Workspace'),
  'WorkspaceByInput.slug': 'left out',
};

/** Of inputs that take exactly one of their fields: which, unless another one is asked for. */
const chosen: Readonly<Record<string, string>> = {
  ClipSourceInput: 'highlightId',
  ContentBodyInput: 'linkedin',
  CropPlanInput: 'fit',
  TranscriptOperationInput: 'replaceText',
  WorkspaceByInput: 'id',
};

/** A place in an input that takes a text which may name something of somebody. */
export interface Place {
  readonly path: readonly string[];
  /** The name of the row whose id it takes; null where it takes another text. */
  readonly name: string | null;
}

/** Puts one value at a place of an input. */
export interface Put extends Place {
  readonly value: unknown;
}

const entryOf = (type: GraphQLInputObjectType, field: GraphQLInputField): Entry | 'by its type' => {
  const entry = entries[`${type.name}.${field.name}`];
  if (entry !== undefined) return entry;
  const named = getNamedType(field.type);
  if (isInputObjectType(named) || isEnumType(named) || field.defaultValue !== undefined) return 'by its type';
  if (!isRequiredInputField(field) && named.name === 'Boolean') return 'by its type';
  throw new Error(`Say in test/leaks/inputs.ts what ${type.name}.${field.name} is given.`);
};

/** An input of this type whose ids are those of `names`, with one value put somewhere. */
export function inputOf(type: GraphQLInputType, names: Names, put?: Put): unknown {
  if (isNonNullType(type)) return inputOf(type.ofType, names, put);
  if (isListType(type)) return [inputOf(type.ofType, names, put)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) throw new Error(`${String(type)} has no values of its own`);
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const below = put?.path[0] === field.name ? { ...put, path: put.path.slice(1) } : undefined;
    if (!below && (type.isOneOf ? isUnchosen(type, field, put) : false)) return [];
    const value = valueOf(type, field, { names, put: below });
    return value === undefined ? [] : [[field.name, value] as const];
  });
  return Object.fromEntries(fields);
}

const isUnchosen = (type: GraphQLInputObjectType, field: GraphQLInputField, put: Put | undefined): boolean =>
  put !== undefined && put.path.length > 0 ? true : chosenOf(type) !== field.name;

function chosenOf({ name }: GraphQLInputObjectType): string {
  const field = chosen[name];
  if (field === undefined) throw new Error(`Say in test/leaks/inputs.ts which field of ${name} is chosen.`);
  return field;
}

function valueOf(
  type: GraphQLInputObjectType,
  field: GraphQLInputField,
  { names, put }: { names: Names; put: Put | undefined },
): unknown {
  const entry = entryOf(type, field);
  if (put && put.path.length === 0) return placed(entry, field, { names, put });
  if (put) return inputOf(field.type, names, put);
  if (entry === 'left out') return undefined;
  if (entry === 'by its type')
    return isRequiredInputField(field) || type.isOneOf ? inputOf(field.type, names) : undefined;
  if ('value' in entry) return entry.value();
  const ids = entry.ids.map(names);
  return isListOf(field.type) ? ids : ids[0];
}

/** In a list it stands last, behind those that are right. */
function placed(entry: Entry | 'by its type', { type }: GraphQLInputField, { names, put }: { names: Names; put: Put }) {
  if (!isListOf(type)) return put.value;
  return typeof entry === 'object' && 'ids' in entry ? [...entry.ids.slice(0, -1).map(names), put.value] : [put.value];
}

const isListOf = (type: GraphQLInputType): boolean => isListType(isNonNullType(type) ? type.ofType : type);

/** Scalars by which something can be named. */
export const textTypes: ReadonlySet<string> = new Set(['ID', 'String', 'EventCursor']);

/** Every place in an input, however deep, that takes an id or another text. */
export function placesOf(type: GraphQLInputType, path: readonly string[] = []): Place[] {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return [];
  return Object.values(named.getFields()).flatMap((field): Place[] => {
    const at = [...path, field.name];
    const entry = entryOf(named, field);
    if (typeof entry === 'object' && 'ids' in entry)
      return [entry.ids.at(-1) ?? '', ...(entry.or ? [entry.or] : [])].map((name) => ({ path: at, name }));
    const inner = getNamedType(field.type);
    if (inner.name === 'ID') throw new Error(`Say in test/leaks/inputs.ts whose id ${named.name}.${field.name} takes.`);
    if (textTypes.has(inner.name)) return [{ path: at, name: null }];
    return placesOf(field.type, at);
  });
}

/** Lines of the table that name no field any more. */
export const deadEntries = (types: readonly GraphQLInputObjectType[]): string[] => {
  const fields = new Set(types.flatMap((type) => Object.keys(type.getFields()).map((name) => `${type.name}.${name}`)));
  return Object.keys(entries).filter((name) => !fields.has(name));
};
