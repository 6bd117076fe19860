import { verifyWebhook } from '@clerk/backend/webhooks';
import { z } from 'zod';
import { line } from '#base/line.ts';
import { Problem } from '#base/problem.ts';
import { bareRole } from './identity.clerk.ts';
import type { IdentityChange, IdentityMessages } from './identity.ts';

const id = z.string().min(1).max(200);
const name = line(200).nullish().catch(null);
const time = z.number().transform((ms) => new Date(ms));
const picture = z
  .url({ protocol: /^https$/ })
  .max(2_000)
  .nullish()
  .catch(null);

const user = z.object({
  id,
  first_name: name,
  last_name: name,
  username: name,
  image_url: picture,
  has_image: z.boolean().nullish(),
  primary_email_address_id: z.string().nullish(),
  email_addresses: z.array(
    z.object({ id: z.string(), email_address: z.string(), verification: z.object({ status: z.string() }).nullish() }),
  ),
  updated_at: time,
});
type User = z.output<typeof user>;

const organization = z.object({ id, name: line(200), slug: line(200).nullish().catch(null), updated_at: time });

const membership = z.object({
  role: z.string(),
  organization: organization.omit({ updated_at: true }),
  public_user_data: z.object({
    user_id: id,
    first_name: name,
    last_name: name,
    image_url: picture,
    has_image: z.boolean().nullish(),
  }),
  updated_at: time,
});
type Membership = z.output<typeof membership>;

const gone = z.object({ id });

/** What is followed, by the word of the message. Of what is gone only the envelope says when. */
const changes: Readonly<Record<string, (data: unknown, sentAt: Date) => IdentityChange>> = {
  'user.created': (data) => personOf(user.parse(data)),
  'user.updated': (data) => personOf(user.parse(data)),
  'user.deleted': (data, at) => ({ kind: 'personGone', userId: gone.parse(data).id, at }),
  'organization.created': (data) => organizationOf(data),
  'organization.updated': (data) => organizationOf(data),
  'organization.deleted': (data, at) => ({ kind: 'organizationGone', id: gone.parse(data).id, at }),
  'organizationMembership.created': (data) => memberOf(membership.parse(data)),
  'organizationMembership.updated': (data) => memberOf(membership.parse(data)),
  'organizationMembership.deleted': (data, at) => memberGone(membership.parse(data), at),
};

const message = z.object({ type: z.string(), data: z.unknown(), timestamp: time.optional() });

/** Messages of Clerk's webhooks, signed with the endpoint's secret (`whsec_…`) and at most five minutes old. */
export const clerkMessages = (signingSecret: string): IdentityMessages => ({
  async read({ headers, body }) {
    const request = new Request('https://webhook.invalid/', { method: 'POST', headers, body });
    await verifyWebhook(request, { signingSecret }).catch(refuse);
    try {
      // Of the verified text the vendor's answer leaves out when it was written.
      const { type, data, timestamp } = message.parse(JSON.parse(body));
      const sentAt = timestamp ?? new Date(Number(headers.get('svix-timestamp')) * 1000);
      return { id: headers.get('svix-id') ?? '', change: changes[type]?.(data, sentAt) ?? null };
    } catch (error) {
      throw new Problem('INVALID_INPUT', { reason: 'The message has a shape that is not known.' }, error);
    }
  },
});

function refuse(error: unknown): never {
  throw new Problem('FORBIDDEN', { reason: 'The message is not signed by the identity provider.' }, error);
}

function personOf(data: User): IdentityChange {
  const primary = data.email_addresses.find((address) => address.id === data.primary_email_address_id);
  const email = primary?.verification?.status === 'verified' ? primary.email_address.toLowerCase() : null;
  return { kind: 'person', ...shown(data, data.id), email, at: data.updated_at };
}

/** Whoever has given no name is called by the user name, else by the id. */
function shown(
  data: Pick<User, 'first_name' | 'last_name' | 'image_url' | 'has_image'> & { username?: string | null | undefined },
  userId: string,
) {
  const displayName = [data.first_name, data.last_name].filter(Boolean).join(' ') || data.username || userId;
  return { userId, displayName, avatarUrl: data.has_image ? (data.image_url ?? null) : null };
}

function organizationOf(data: unknown): IdentityChange {
  const { id: organizationId, name: called, slug, updated_at: at } = organization.parse(data);
  return { kind: 'organization', id: organizationId, name: called, slug: slug ?? organizationId, at };
}

const memberOf = (data: Membership): IdentityChange => ({
  kind: 'member',
  organization: { ...data.organization, slug: data.organization.slug ?? data.organization.id },
  person: shown(data.public_user_data, data.public_user_data.user_id),
  role: bareRole(data.role),
  at: data.updated_at,
});

const memberGone = (data: Membership, sentAt: Date): IdentityChange => ({
  kind: 'memberGone',
  organizationId: data.organization.id,
  userId: data.public_user_data.user_id,
  at: sentAt > data.updated_at ? sentAt : data.updated_at,
});
