import type { Database } from '#base/database.ts';
import type { Env } from '#base/env.ts';
import type { Log } from '#base/log.ts';
import { Problem } from '#base/problem.ts';
import type { WorkspaceRole } from '#generated/prisma/enums.ts';
import type { Feed } from '#pipeline/feed.ts';
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

/**
 * Where-fragment that selects only rows of the caller's workspaces: an id from elsewhere is simply not found, so that
 * nobody learns whether it exists.
 */
export const visibleTo = (context: Context): { workspaceId: { in: string[] } } => ({
  workspaceId: { in: [...(context.viewer?.roles.keys() ?? [])] },
});

/** The caller's role in a workspace; NOT_FOUND for a stranger to it. */
export function roleIn(viewer: Viewer, workspaceId: string): WorkspaceRole {
  const role = viewer.roles.get(workspaceId);
  if (!role) throw new Problem('NOT_FOUND', { what: 'The workspace' });
  return role;
}

/** Whether the caller's role in a workspace is this one or a higher one; false for a stranger to it. */
export function hasRole(viewer: Viewer | null, workspaceId: string, least: WorkspaceRole): boolean {
  const role = viewer?.roles.get(workspaceId);
  return role !== undefined && rank[role] >= rank[least];
}

/** Throws NOT_FOUND for a stranger to the workspace and FORBIDDEN for a role below `least`. */
export function requireRole(viewer: Viewer, workspaceId: string, least: { role: WorkspaceRole; action: string }): void {
  roleIn(viewer, workspaceId);
  if (!hasRole(viewer, workspaceId, least.role)) throw new Problem('FORBIDDEN', { action: least.action });
}
