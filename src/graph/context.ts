import type { Database } from '#base/database.ts';
import type { Env } from '#base/env.ts';
import type { Log } from '#base/log.ts';
import { Problem } from '#base/problem.ts';
import type { Feed } from '#feed/feed.ts';
import type { WorkspaceRole } from '#generated/prisma/enums.ts';
import type { Waker } from '#pipeline/wake.ts';
import type { ObjectStorage } from '#providers/object-storage.ts';
import type { Budget, RateLimits } from './rate-limits.ts';

/** What the graph needs of its process. */
export interface Api {
  readonly env: Env;
  readonly log: Log;
  readonly database: Database;
  readonly storage: ObjectStorage;
  readonly wake: Waker;
  readonly feed: Feed;
  readonly rates: RateLimits;
}

/** What an API key may be given: reading, what editors do, what admins do. */
export type Scope = 'read' | 'write' | 'manage';

/** The signed-in caller and the workspaces they belong to. */
export interface Viewer {
  readonly userId: string;
  /** By workspace; somebody who makes one holds it from then on. */
  readonly roles: Map<string, WorkspaceRole>;
  /**
   * Whether the caller looks after the deployment: sees every workspace, and may retry, dismiss, cancel and set plans
   * there. Everything else still takes a role in the workspace.
   */
  readonly admin: boolean;
  /** The API key that the caller came with, in the name of whoever made it; null for a person. */
  readonly key: { readonly id: string; readonly scopes: readonly Scope[] } | null;
}

/** What every resolver gets. */
export interface Context {
  readonly api: Api;
  readonly viewer: Viewer | null;
  /** What the caller has left of their requests; null or absent where they are not counted. */
  readonly budget?: Budget | null;
}

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
