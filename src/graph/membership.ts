import { Problem } from '#base/problem.ts';
import type { WorkspaceRole } from '#generated/prisma/enums.ts';
import { type Context, signedIn, type Viewer } from './context.ts';
import { socketLimits } from './socket-limits.ts';
import { refused } from './stream.ts';

/**
 * Items for as long as the caller may read what is in the workspace. When they may not any more, whatever the reason, the
 * last item is FORBIDDEN, within 5 s; a lower role counts for the items from then on. Refused for somebody who reads as
 * many streams as their sockets could take.
 */
export function whileMember<Item>(
  context: Context,
  workspaceId: string,
  items: AsyncIterableIterator<Item>,
): AsyncIterableIterator<Item | Problem> {
  const viewer = signedIn(context);
  const { env, feed } = context.api;
  if (feed.standings.countOf(viewer.userId) >= env.SOCKETS_PER_USER * socketLimits.operations) {
    void items.return?.();
    throw refused('TOO_MANY_OPERATIONS', 'You follow too much at once: leave something first.');
  }
  let lost: 'no' | 'untold' | 'told' = 'no';
  const place = { userId: viewer.userId, workspaceId, keyId: viewer.key?.id ?? null, admin: viewer.admin };
  const unwatch = feed.standings.watch(place, (standing) => {
    if (standing) return regrade(viewer, workspaceId, standing.role);
    lost = 'untold';
    unwatch();
    void items.return?.();
  });
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: async () => {
      const step = await items.next();
      if (lost === 'untold') {
        lost = 'told';
        return { done: false, value: new Problem('FORBIDDEN', { reason: 'You may not read this any more.' }) };
      }
      if (lost === 'told') return { done: true, value: undefined };
      if (step.done) unwatch();
      return step;
    },
    return: async () => {
      unwatch();
      return (await items.return?.()) ?? { done: true, value: undefined };
    },
  };
}

/** The viewer was made for this one operation, so that nobody else's rights change with it. */
function regrade({ roles }: Viewer, workspaceId: string, role: WorkspaceRole | null): void {
  if (role) roles.set(workspaceId, role);
}

/** The item, or the problem that stands in its place, thrown. */
export function told<Item>(item: Item | Problem): Item {
  if (item instanceof Problem) throw item;
  return item;
}
