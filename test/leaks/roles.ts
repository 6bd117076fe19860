import type { WorkspaceRole } from '#generated/prisma/enums.ts';
import { type MutationName, type PermissionName, permissionNames, permissionOf } from '#graph/permissions.ts';
import type { Put } from './inputs.ts';
import { type Caller, type KeyCaller, keyScopes, type Names } from './world.ts';

/** Whether the table of permissions lets a caller do this in the first workspace. */
export function allowed(caller: Caller, name: PermissionName): boolean {
  const { least, deployment, scope } = permissionOf(name);
  if (caller === 'nobody') return false;
  if (isKey(caller)) return keyScopes[caller].some((given) => given === scope) && allowed(makerOf(caller), name);
  if (least === 'PERSON') return true;
  if (caller === 'root') return least === 'DEPLOYMENT' || deployment === true;
  if (caller === 'stranger' || least === 'DEPLOYMENT') return false;
  return rank[roleOf[caller]] >= rank[least];
}

const isKey = (caller: Caller): caller is KeyCaller => caller in keyScopes;
const makerOf = (caller: KeyCaller): Caller => (caller === 'a key of the stranger' ? 'stranger' : 'owner');
const isOwner = (caller: Caller): boolean => (isKey(caller) ? makerOf(caller) : caller) === 'owner';
const isStranger = (caller: Caller): boolean => (isKey(caller) ? makerOf(caller) : caller) === 'stranger';

const rank: Record<WorkspaceRole, number> = { VIEWER: 0, EDITOR: 1, ADMIN: 2, OWNER: 3 };
const roleOf = { owner: 'OWNER', admin: 'ADMIN', editor: 'EDITOR', viewer: 'VIEWER' } as const;

/** As what somebody is refused: strangers do not learn that there is something. */
export function refusalOf(caller: Caller, name: string): string {
  if (caller === 'nobody') return 'UNAUTHENTICATED';
  return isStranger(caller) && mayAtAll(caller, name) ? 'NOT_FOUND' : 'FORBIDDEN';
}

/** What a key may nowhere is refused before anything is looked up. */
const mayAtAll = (caller: Caller, name: string): boolean =>
  !isKey(caller) || keyScopes[caller].some((given) => given === permissionOf(rowOf(name)).scope);

/** The row of a mutation. */
export function rowOf(name: string): MutationName {
  const row = permissionNames.find((known): known is MutationName => known === name);
  if (!row) throw new Error(`the table has no row for ${name}`);
  return row;
}

/** Types of which nothing is found by those who may not read the field that leads to them. */
export const behind: Readonly<Record<string, PermissionName>> = {
  WebhookEndpoint: 'Workspace.webhookEndpoints',
  WebhookDelivery: 'Workspace.webhookEndpoints',
  ApiKey: 'Workspace.apiKeys',
  WorkspaceInvitation: 'Workspace.invitations',
};

/** One way of asking for a change, and which row of the table is about it. */
export interface Case {
  readonly put?: Put;
  readonly row: (caller: Caller) => PermissionName;
}

const put = (field: string, value: unknown): Put => ({ path: [field], name: null, value });

/** Changes that take more in some cases; here the owner sent every recording. */
export const casesOf = (theirs: Names): Readonly<Record<string, readonly Case[]>> => ({
  deleteUpload: [{ row: (caller) => (isOwner(caller) ? 'deleteUpload' : 'deleteUpload.others') }],
  addWorkspaceMember: [
    { row: () => 'addWorkspaceMember' },
    { put: put('role', 'OWNER'), row: () => 'addWorkspaceMember.owner' },
  ],
  setWorkspaceMemberRole: [
    { row: () => 'setWorkspaceMemberRole' },
    { put: put('role', 'OWNER'), row: () => 'setWorkspaceMemberRole.owner' },
  ],
  removeWorkspaceMember: [
    { row: () => 'removeWorkspaceMember' },
    { put: put('membershipId', theirs('WorkspaceMembership.owner')), row: () => 'removeWorkspaceMember.owner' },
    {
      put: put('membershipId', theirs('WorkspaceMembership')),
      row: (caller) => (isOwner(caller) ? 'removeWorkspaceMember.self' : 'removeWorkspaceMember.owner'),
    },
  ],
});
