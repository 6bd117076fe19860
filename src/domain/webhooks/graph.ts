import { ActivityKindEnum } from '#domain/workspaces/activity.ts';
import { Workspace } from '#domain/workspaces/graph.ts';
import type { DeliveryStatus } from '#generated/prisma/enums.ts';
import { builder, connectionOf, owned } from '#graph/builder.ts';
import type { Context } from '#graph/context.ts';
import { allowedTo, allows } from '#graph/permissions.ts';

/** Only those who look after a workspace see where its activity goes: an address may hold a password of its receiver. */
const kept = {
  ...owned,
  findUnique: (id: string, context: Context) => ({ id, ...allowedTo(context, 'Workspace.webhookEndpoints') }),
  authScopes: (row: { workspaceId: string }, { viewer }: Context) =>
    allows(viewer, row.workspaceId, 'Workspace.webhookEndpoints'),
} as const;

const Status = builder.enumType('WebhookDeliveryStatus', {
  description: 'Where a delivery stands.',
  values: {
    PENDING: { description: 'Waits for its next attempt.' },
    DELIVERED: { description: 'The receiver answered with 2xx.' },
    FAILED: { description: 'Given up after its last attempt; it can be replayed.' },
  } satisfies Record<DeliveryStatus, object>,
});

builder.prismaObject('WebhookAttempt', {
  description: 'One try to deliver.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Counts from 1.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was over.' }),
    durationMs: t.expose('durationMs', { type: 'Milliseconds', description: 'How long it took.' }),
    responseStatus: t.exposeInt('responseStatus', { nullable: true, description: "The receiver's HTTP status." }),
    error: t.exposeString('error', { nullable: true, description: 'Why there was no answer.' }),
  }),
});

const Delivery = builder.prismaNode('WebhookDelivery', {
  ...kept,
  description: 'One message to one endpoint. Every attempt sends the same.',
  fields: (t) => ({
    kind: t.expose('kind', { type: ActivityKindEnum, description: 'What it tells.' }),
    webhookId: t.exposeString('id', {
      description: 'The header `webhook-id`: receivers tell repeated messages by it.',
    }),
    body: t.exposeString('body', { description: 'The exact text that is signed and sent.' }),
    status: t.expose('status', { type: Status, description: 'Where it stands.' }),
    attempts: t.exposeInt('attempts', { description: 'Attempts made so far.' }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next attempt is due, while it is PENDING.',
    }),
    deliveredAt: t.expose('deliveredAt', { type: 'DateTime', nullable: true, description: 'When it was taken.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When what it tells happened.' }),
    log: t.relation('log', { description: 'Its attempts, oldest first.', query: { orderBy: { number: 'asc' } } }),
  }),
});

const Endpoint = builder.prismaNode('WebhookEndpoint', {
  ...kept,
  description: 'Where a workspace wants to be told of its activity, at least once and in no promised order.',
  fields: (t) => ({
    url: t.expose('url', { type: 'URL', description: 'Where to.' }),
    kinds: t.expose('kinds', {
      type: [ActivityKindEnum],
      description: 'What it wants to be told; empty while it is paused, and after a 410 Gone.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was added.' }),
  }),
});

const newestFirst = [{ createdAt: 'desc' as const }, { id: 'desc' as const }];

builder.prismaObjectField(Endpoint, 'deliveries', (t) =>
  t.relatedConnection(
    'deliveries',
    {
      cursor: 'id',
      totalCount: true,
      description: 'What was sent there and what came of it, newest first.',
      args: { statuses: t.arg({ type: [Status], description: 'In one of these states.' }) },
      query: ({ statuses }) => ({ ...(statuses && { where: { status: { in: statuses } } }), orderBy: newestFirst }),
    },
    connectionOf(Delivery, 'WebhookDelivery'),
  ),
);

builder.prismaObjectField(Workspace, 'webhookEndpoints', (t) =>
  t.relatedConnection(
    'webhookEndpoints',
    {
      cursor: 'id',
      totalCount: true,
      description: 'Where its activity is told; empty for those who do not look after the workspace.',
      query: (_args, context) => ({
        where: allowedTo(context, 'Workspace.webhookEndpoints'),
        orderBy: { id: 'asc' as const },
      }),
    },
    connectionOf(Endpoint, 'WebhookEndpoint'),
  ),
);
