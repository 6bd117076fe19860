import type { Database } from '#base/database.ts';
import type { Env } from '#base/env.ts';
import { wordHolds } from '#feed/held-word.ts';
import { Prisma } from '#generated/prisma/client.ts';
import type { WorkspaceRole } from '#generated/prisma/enums.ts';
import type { Scope, Viewer } from '#graph/context.ts';
import { keyHash } from './key-token.ts';

interface Row {
  readonly id: string;
  readonly userId: string;
  readonly workspaceId: string;
  readonly role: WorkspaceRole;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date;
  /** Whether its use was not noted for a while. */
  readonly unnoted: boolean;
}

/**
 * The caller behind an API key; null for one that is unknown, revoked or has run out, or whose maker is no member any
 * more: also one by an organisation that no token has named for a day, where the identity provider sends no messages. It acts in its own workspace only, in its maker's name, with the lower of their role then and now. Costs one
 * statement, and a second one every ten minutes, which notes that it is used.
 */
export async function keyholder(
  { database: { prisma }, env }: { database: Database; env: Pick<Env, 'CLERK_WEBHOOK_SIGNING_SECRET'> },
  token: string,
): Promise<{ viewer: Viewer; session: { userId: string; sessionId: string; expiresAt: Date } } | null> {
  const holds = Prisma.raw(wordHolds(env.CLERK_WEBHOOK_SIGNING_SECRET !== undefined));
  const [key] = await prisma.$queryRaw<Row[]>`
    select k.id::text as id, k.created_by_id::text as "userId", k.workspace_id::text as "workspaceId",
      greatest(k.role, member.role)::text as role, k.scopes::text[] as scopes, k.expires_at as "expiresAt",
      k.last_used_at is null or k.last_used_at < now() - interval '10 minutes' as unnoted
    from api_keys k
    join workspace_memberships member on member.workspace_id = k.workspace_id and member.user_id = k.created_by_id
    where k.token_hash = ${keyHash(token)} and k.revoked_at is null and k.expires_at > now() and ${holds}`;
  if (!key) return null;
  const { id, userId, workspaceId, role, scopes, expiresAt } = key;
  if (key.unnoted) await prisma.apiKey.updateMany({ where: { id }, data: { lastUsedAt: new Date() } });
  return {
    viewer: { userId, roles: new Map([[workspaceId, role]]), admin: false, key: { id, scopes } },
    session: { userId: `key:${id}`, sessionId: id, expiresAt },
  };
}
