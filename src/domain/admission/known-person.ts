import type { Database } from '#base/database.ts';
import type { WorkspaceRole } from '#generated/prisma/enums.ts';

/** A person and their memberships, as the database knows them. Instants in milliseconds since 1970. */
export interface KnownPerson {
  readonly id: string;
  readonly email: string | null;
  /** As of when the provider's message told of them. */
  readonly knownAt: number | null;
  /** Whether an invitation waits for the address. */
  readonly invited: boolean;
  readonly memberships: readonly {
    readonly workspaceId: string;
    readonly externalId: string;
    readonly role: WorkspaceRole;
    /** As of when the provider says so; null for one that was made here. */
    readonly knownAt: number | null;
  }[];
}

/**
 * One statement, that each connection keeps the plan of: it is asked with every request, and by way of the typed client
 * it took as much of the process's time as the small page behind it. Null for somebody who was never here.
 */
export async function knownPerson({ pool }: Database, externalId: string): Promise<KnownPerson | null> {
  const { rows } = await pool.query<KnownPerson>({ name: 'known_person', text: statement, values: [externalId] });
  return rows[0] ?? null;
}

const statement = `
    select u.id::text as id, u.email, (extract(epoch from u.known_at) * 1000)::float8 as "knownAt",
      exists (
        select 1 from workspace_invitations i where i.email = u.email and i.expires_at > now()
      ) as invited,
      (
        select coalesce(json_agg(json_build_object(
          'workspaceId', m.workspace_id, 'externalId', w.external_id, 'role', m.role,
          'knownAt', (extract(epoch from m.known_at) * 1000)::float8)), '[]')
        from workspace_memberships m join workspaces w on w.id = m.workspace_id
        where m.user_id = u.id
      ) as memberships
    from users u where u.external_id = $1`;
