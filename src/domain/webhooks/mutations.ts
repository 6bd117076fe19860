import { globalId } from '#base/global-id.ts';
import { ActivityKindEnum } from '#domain/workspaces/activity.ts';
import { builder, type Types } from '#graph/builder.ts';
import { mutation, type Payload, payloadType } from '#graph/mutation.ts';
import {
  createWebhookEndpoint,
  createWebhookEndpointInput,
  deleteWebhookEndpoint,
  deleteWebhookEndpointInput,
  updateWebhookEndpoint,
  updateWebhookEndpointInput,
} from './endpoints.ts';
import { replayWebhookDelivery, replayWebhookDeliveryInput } from './replay.ts';

const endpointField = <Done extends { endpointId: string }>(
  t: PothosSchemaTypes.ObjectFieldBuilder<Types, Payload<Done>>,
) =>
  t.prismaField({
    type: 'WebhookEndpoint',
    nullable: true,
    description: 'The endpoint as it is now.',
    resolve: (...[query, { endpointId }, , { api }]) => {
      const selected = { ...query };
      return endpointId
        ? api.database.prisma.webhookEndpoint.findUnique({ ...selected, where: { id: endpointId } })
        : null;
    },
  });

mutation('createWebhookEndpoint', {
  about: 'Have activity of a workspace told to a URL, signed as Standard Webhooks says.',
  check: createWebhookEndpointInput,
  perform: createWebhookEndpoint,
  payload: payloadType<{ endpointId: string; secret: string }>('CreateWebhookEndpointPayload', (t) => ({
    endpoint: endpointField(t),
    secret: t.string({
      nullable: true,
      description: 'Verifies what is sent. Shown only here; the same key shows it once more.',
      resolve: ({ secret }) => secret ?? null,
    }),
  })),
  input: builder.inputType('CreateWebhookEndpointInput', {
    description: 'Where to tell what.',
    fields: (t) => ({
      workspaceId: t.id({ required: true, description: 'Whose activity.' }),
      url: t.string({ required: true, description: 'Public http(s) address, https in production.' }),
      kinds: t.field({ type: [ActivityKindEnum], required: true, description: 'What to tell; not STREAM_RESET.' }),
      idempotencyKey: t.string({ required: true, description: 'The same key adds one endpoint; 1 to 64 characters.' }),
    }),
  }),
});

mutation('updateWebhookEndpoint', {
  about: 'Change where an endpoint is or what it is told.',
  check: updateWebhookEndpointInput,
  perform: updateWebhookEndpoint,
  payload: payloadType<{ endpointId: string }>('UpdateWebhookEndpointPayload', (t) => ({ endpoint: endpointField(t) })),
  input: builder.inputType('UpdateWebhookEndpointInput', {
    description: 'What is absent stays.',
    fields: (t) => ({
      endpointId: t.id({ required: true, description: 'Which one.' }),
      url: t.string({ description: 'Its new address.' }),
      kinds: t.field({ type: [ActivityKindEnum], description: 'What to tell; an empty list pauses it.' }),
    }),
  }),
});

mutation('deleteWebhookEndpoint', {
  about: 'Tell an endpoint nothing more, and forget what it was told.',
  check: deleteWebhookEndpointInput,
  perform: deleteWebhookEndpoint,
  payload: payloadType<{ deletedId: string }>('DeleteWebhookEndpointPayload', (t) => ({
    deletedId: t.id({
      nullable: true,
      description: 'Its global id.',
      resolve: ({ deletedId }) => (deletedId ? globalId('WebhookEndpoint', deletedId) : null),
    }),
  })),
  input: builder.inputType('DeleteWebhookEndpointInput', {
    description: 'An endpoint.',
    fields: (t) => ({ endpointId: t.id({ required: true, description: 'Which one.' }) }),
  }),
});

mutation('replayWebhookDelivery', {
  about: 'Send a delivery once more, whatever came of it, with the same `webhook-id`.',
  check: replayWebhookDeliveryInput,
  perform: replayWebhookDelivery,
  payload: payloadType<{ deliveryId: string }>('ReplayWebhookDeliveryPayload', (t) => ({
    delivery: t.prismaField({
      type: 'WebhookDelivery',
      nullable: true,
      description: 'The delivery as it is now.',
      resolve: (...[query, { deliveryId }, , { api }]) => {
        const selected = { ...query };
        return deliveryId
          ? api.database.prisma.webhookDelivery.findUnique({ ...selected, where: { id: deliveryId } })
          : null;
      },
    }),
  })),
  input: builder.inputType('ReplayWebhookDeliveryInput', {
    description: 'A delivery.',
    fields: (t) => ({
      deliveryId: t.id({ required: true, description: 'Which one.' }),
      idempotencyKey: t.string({ description: 'The same key sends it once; 1 to 64 characters.' }),
    }),
  }),
});
