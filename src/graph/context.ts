import type { Database } from '#base/database.ts';
import type { Env } from '#base/env.ts';
import type { Log } from '#base/log.ts';
import { Problem } from '#base/problem.ts';
import type { Feed } from '#feed/feed.ts';
import type { WorkspaceRole } from '#generated/prisma/enums.ts';
import type { Waker } from '#pipeline/wake.ts';
import type { ObjectStorage } from '#providers/object-storage.ts';

/** What the graph needs of its process. */
export interface Api {
  readonly env: Env;
  readonly log: Log;
  readonly database: Database;
  readonly storage: ObjectStorage;
  readonly wake: Waker;
  readonly feed: Feed;
}

/** The signed-in caller and the workspaces they belong to. */
export interface Viewer {
  readonly userId: string;
  readonly roles: ReadonlyMap<string, WorkspaceRole>;
  /**
   * Whether the caller looks after the deployment: sees every workspace, and may retry, dismiss, cancel and set plans
   * there. Everything else still takes a role in the workspace.
   */
  readonly admin: boolean;
}

/** What every resolver gets. */
export interface Context {
  readonly api: Api;
  readonly viewer: Viewer | null;
}

const rank: Record<WorkspaceRole, number> = { VIEWER: 0, EDITOR: 1, ADMIN: 2, OWNER: 3 };

/** The caller, or FORBIDDEN for a request without a valid token. */
export function signedIn(context: Context): Viewer {
  if (!context.viewer) throw new Problem('FORBIDDEN', { action: 'anything without signing in' });
  return context.viewer;
}

/** Where-fragment for rows of workspaces; without `workspaceId` it selects those of all. */
interface VisibleRows {
  readonly workspaceId?: { in: string[] };
}

/**
 * Where-fragment that selects only rows of the caller's workspaces: an id from elsewhere is simply not found, so that
 * nobody learns whether it exists. To an admin of the deployment every workspace is visible.
 */
export const visibleTo = ({ viewer }: Pick<Context, 'viewer'>): VisibleRows =>
  viewer?.admin ? {} : { workspaceId: { in: [...(viewer?.roles.keys() ?? [])] } };

/** The same for the table of workspaces itself. */
export function visibleWorkspaces(context: Pick<Context, 'viewer'>): { readonly id?: { in: string[] } } {
  const { workspaceId } = visibleTo(context);
  return workspaceId ? { id: workspaceId } : {};
}

/** Whether rows of this workspace are visible to the caller. */
export const sees = (viewer: Viewer | null, workspaceId: string): boolean =>
  viewer !== null && (viewer.admin || viewer.roles.has(workspaceId));

/** Whether the caller's role in a workspace is this one or a higher one; false for a stranger to it. */
export function hasRole(viewer: Viewer | null, workspaceId: string, least: WorkspaceRole): boolean {
  const role = viewer?.roles.get(workspaceId);
  return role !== undefined && rank[role] >= rank[least];
}

/** Whether the caller looks after a workspace: as its admin or owner, or as an admin of the deployment. */
export const looksAfter = (viewer: Viewer | null, workspaceId: string): boolean =>
  viewer !== null && (viewer.admin || hasRole(viewer, workspaceId, 'ADMIN'));

/** What an action in a workspace takes: a role, or where `orAdmin` says so the deployment's admin role. */
interface Least {
  readonly role: WorkspaceRole;
  readonly action: string;
  readonly orAdmin?: true;
}

/** Throws NOT_FOUND for somebody who does not see the workspace and FORBIDDEN for a role below `least`. */
export function requireRole(viewer: Viewer, workspaceId: string, { role, action, orAdmin }: Least): void {
  if (!sees(viewer, workspaceId)) throw new Problem('NOT_FOUND', { what: 'The workspace' });
  if (orAdmin && viewer.admin) return;
  if (!hasRole(viewer, workspaceId, role)) throw new Problem('FORBIDDEN', { action });
}
