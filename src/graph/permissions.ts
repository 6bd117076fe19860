import { Problem } from '#base/problem.ts';
import { keysOf } from '#base/record.ts';
import type { WorkspaceRole } from '#generated/prisma/enums.ts';
import { type Context, type Scope, sees, type Viewer } from './context.ts';

/** What one mutation or restricted field takes. */
interface Permission {
  /** Least role in the workspace. PERSON takes none: it is about the caller. DEPLOYMENT takes an admin of the deployment. */
  readonly least: WorkspaceRole | 'PERSON' | 'DEPLOYMENT';
  /** Whether an admin of the deployment may, too, without a role in the workspace. */
  readonly deployment?: true;
  /** Ends the sentence "Your role in this workspace does not allow …". */
  readonly about: string;
  /** What an API key needs for it; null where only a person may. */
  readonly scope: Scope | null;
  /** Which table of rates it counts in, besides that of all requests. */
  readonly rate?: 'generation' | 'render' | 'finalize' | 'webhook';
}

/**
 * THE table of permissions: docs/permissions.md is printed from it, and every check reads it. A name without a dot is a
 * mutation, `Type.field` a field that not every member may read, `mutation.case` what one mutation takes more in a case.
 */
const permissions = {
  createUpload: { least: 'EDITOR', scope: 'write', about: 'uploading' },
  renewUploadTarget: { least: 'EDITOR', scope: 'write', about: 'uploading' },
  finalizeUpload: { least: 'EDITOR', scope: 'write', about: 'uploading', rate: 'finalize' },
  'Upload.target': { least: 'EDITOR', scope: 'write', about: 'uploading' },
  deleteUpload: { least: 'EDITOR', scope: 'write', about: 'deleting uploads' },
  'deleteUpload.others': { least: 'ADMIN', scope: 'manage', about: 'deleting what others uploaded' },
  startRun: { least: 'EDITOR', scope: 'write', about: 'starting runs', rate: 'generation' },
  retryRun: { least: 'EDITOR', deployment: true, scope: 'write', about: 'retrying runs', rate: 'generation' },
  cancelRun: { least: 'EDITOR', deployment: true, scope: 'write', about: 'canceling runs' },
  dismissStageRun: { least: 'EDITOR', deployment: true, scope: 'write', about: 'dismissing failures' },
  'StageRun.correlationId': { least: 'ADMIN', deployment: true, scope: 'manage', about: 'reading diagnoses' },
  'StageRun.errorFacts': { least: 'ADMIN', deployment: true, scope: 'manage', about: 'reading diagnoses' },
  'StageRun.logExcerpt': { least: 'ADMIN', deployment: true, scope: 'manage', about: 'reading diagnoses' },
  editTranscript: { least: 'EDITOR', scope: 'write', about: 'editing transcripts' },
  undoTranscriptEdit: { least: 'EDITOR', scope: 'write', about: 'editing transcripts' },
  redoTranscriptEdit: { least: 'EDITOR', scope: 'write', about: 'editing transcripts' },
  updateHighlight: { least: 'EDITOR', scope: 'write', about: 'changing highlights' },
  createClip: { least: 'EDITOR', scope: 'write', about: 'cutting clips' },
  updateClip: { least: 'EDITOR', scope: 'write', about: 'changing clips' },
  setCropPlan: { least: 'EDITOR', scope: 'write', about: 'changing clips' },
  renderClip: { least: 'EDITOR', scope: 'write', about: 'rendering clips', rate: 'render' },
  generateContent: { least: 'EDITOR', scope: 'write', about: 'writing posts', rate: 'generation' },
  editContent: { least: 'EDITOR', scope: 'write', about: 'editing posts' },
  restoreContent: { least: 'EDITOR', scope: 'write', about: 'editing posts' },
  createWebhookEndpoint: { least: 'ADMIN', scope: 'manage', about: 'adding webhooks', rate: 'webhook' },
  updateWebhookEndpoint: { least: 'ADMIN', scope: 'manage', about: 'changing webhooks', rate: 'webhook' },
  deleteWebhookEndpoint: { least: 'ADMIN', scope: 'manage', about: 'removing webhooks' },
  replayWebhookDelivery: { least: 'ADMIN', scope: 'manage', about: 'replaying webhooks', rate: 'webhook' },
  'Workspace.webhookEndpoints': { least: 'ADMIN', deployment: true, scope: 'manage', about: 'reading webhooks' },
  createApiKey: { least: 'ADMIN', scope: null, about: 'making API keys' },
  revokeApiKey: { least: 'ADMIN', scope: null, about: 'revoking API keys' },
  'Workspace.apiKeys': { least: 'ADMIN', scope: null, about: 'reading API keys' },
  addWorkspaceMember: { least: 'ADMIN', scope: null, about: 'adding members' },
  'addWorkspaceMember.owner': { least: 'OWNER', scope: null, about: 'making owners' },
  setWorkspaceMemberRole: { least: 'ADMIN', scope: null, about: 'changing roles' },
  'setWorkspaceMemberRole.owner': { least: 'OWNER', scope: null, about: 'making owners, or owners something else' },
  removeWorkspaceMember: { least: 'ADMIN', scope: null, about: 'removing members' },
  'removeWorkspaceMember.owner': { least: 'OWNER', scope: null, about: 'removing owners' },
  'removeWorkspaceMember.self': { least: 'VIEWER', scope: null, about: 'leaving' },
  'Workspace.invitations': { least: 'ADMIN', scope: null, about: 'reading invitations' },
  createWorkspace: { least: 'PERSON', scope: null, about: 'making workspaces' },
  deleteWorkspace: { least: 'OWNER', scope: null, about: 'deleting it' },
  setWorkspacePlan: { least: 'DEPLOYMENT', scope: null, about: 'setting plans' },
  exportMyData: { least: 'PERSON', scope: null, about: 'exporting the data of a person' },
  deleteMe: { least: 'PERSON', scope: null, about: 'deleting a person' },
  'Viewer.user': { least: 'PERSON', scope: null, about: 'reading the data of a person' },
  'Viewer.exports': { least: 'PERSON', scope: null, about: 'reading the data of a person' },
} as const satisfies Record<string, Permission>;

export type PermissionName = keyof typeof permissions;

/** Names of mutations: every mutation has a row. */
export type MutationName = Exclude<PermissionName, `${string}.${string}`>;

/** All names, in the order of the table. */
export const permissionNames = keysOf(permissions);

/** The row of a mutation or field. */
export const permissionOf = (name: PermissionName): Permission => permissions[name];

const rank: Record<WorkspaceRole, number> = { VIEWER: 0, EDITOR: 1, ADMIN: 2, OWNER: 3 };

/** Throws NOT_FOUND for somebody who does not see the workspace and FORBIDDEN for one who may not do this there. */
export function requireRole(viewer: Viewer, workspaceId: string, name: PermissionName): void {
  if (!sees(viewer, workspaceId)) throw new Problem('NOT_FOUND', { what: 'The workspace' });
  requireScope(viewer, name);
  if (!suffices(viewer, workspaceId, name)) throw new Problem('FORBIDDEN', { action: permissions[name].about });
}

/** Throws FORBIDDEN for an API key without the scope that this takes; a person passes. */
export function requireScope(viewer: Viewer, name: PermissionName): void {
  if (inScope(viewer, name)) return;
  throw new Problem('FORBIDDEN', { reason: `This API key does not allow ${permissions[name].about}.` });
}

/** Whether the caller may do or read this in a workspace; false for a stranger to it. */
export const allows = (viewer: Viewer | null, workspaceId: string, name: PermissionName): boolean =>
  viewer !== null && inScope(viewer, name) && suffices(viewer, workspaceId, name);

/** Where-fragment that selects only rows of workspaces in which the caller may read this. */
export function allowedTo(
  { viewer }: Pick<Context, 'viewer'>,
  name: PermissionName,
): { readonly workspaceId?: { in: string[] } } {
  if (viewer?.admin && permissionOf(name).deployment) return {};
  return { workspaceId: { in: [...(viewer?.roles.keys() ?? [])].filter((id) => allows(viewer, id, name)) } };
}

function inScope({ key }: Viewer, name: PermissionName): boolean {
  const { scope } = permissionOf(name);
  return key === null || (scope !== null && key.scopes.includes(scope));
}

function suffices({ admin, roles }: Viewer, workspaceId: string, name: PermissionName): boolean {
  const { least, deployment } = permissionOf(name);
  if (least === 'PERSON' || (admin && (deployment || least === 'DEPLOYMENT'))) return true;
  const role = roles.get(workspaceId);
  return least !== 'DEPLOYMENT' && role !== undefined && rank[role] >= rank[least];
}
