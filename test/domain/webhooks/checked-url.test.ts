import { expect, test } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import { openHouse } from '../../support/house.ts';
import { openNameServer } from '../../support/name-server.ts';

const createDocument = graphql(`
  mutation CheckedEndpoint($input: CreateWebhookEndpointInput!) {
    createWebhookEndpoint(input: $input) { errors { code path } endpoint { url } }
  }
`);

test('the addresses of a person are looked up one by one, and one that no name server tells is refused', async () => {
  await using server = await openNameServer((name) => (name === 'slow.example' ? 'silence' : '93.184.216.34'));
  await using house = await openHouse({ worker: false, env: { WEBHOOK_NAME_SERVERS: server.address } });
  const create = async (host: string) => {
    const url = `https://${host}/hook`;
    const [kinds, idempotencyKey] = [['RUN_FINISHED' as const], crypto.randomUUID()];
    const input = { workspaceId: house.workspaceId, url, kinds, idempotencyKey };
    return (await house.send(createDocument, { input })).data.createWebhookEndpoint;
  };
  const slow = create('slow.example');
  await server.until(1);
  const quick = create('quick.example');
  expect(await slow).toMatchObject({ errors: [{ code: 'INVALID_INPUT', path: ['input', 'url'] }] });
  expect(await quick).toMatchObject({ errors: [], endpoint: { url: 'https://quick.example/hook' } });
  // The silent one was asked more than once, and the other one only when that was over.
  expect(server.asked).toEqual(['slow.example', 'slow.example', 'quick.example']);
});
