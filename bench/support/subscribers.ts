import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { monotonicMs } from './figures.ts';
import { stepsToTheEnd } from './written-run.ts';

// Sockets in a process of their own, one subscription each, over the bare protocol (graphql-transport-ws): what they cost
// must not be taken for what the server costs.

const order = z.union([
  z.object({ open: z.object({ url: z.string(), token: z.string(), runIds: z.array(z.string()) }) }),
  z.object({ until: z.object({ events: z.int(), limitMs: z.int() }) }),
]);

const query = `subscription Watch($runId: ID!) {
  runEvents(runId: $runId) {
    __typename sequence cursor
    ... on RunSnapshotEvent { run { status progress } }
    ... on RunStatusEvent { runStatus isFinal }
    ... on StageStatusEvent { stage stageStatus attempt }
    ... on StageProgressEvent { stage stageProgress runProgress }
  }
}`;

const next = z.object({
  type: z.literal('next'),
  payload: z.object({
    data: z.object({ runEvents: z.object({ __typename: z.string(), stageProgress: z.number().default(0) }) }),
  }),
});

/** Why the server ended sockets although their run goes on. */
const dropped: number[] = [];

/** Step and time of each event that came, of all sockets together; flat, because there are very many. */
let arrived: number[] = [];

process.on('message', (message) => void obey(order.parse(message)));
process.once('disconnect', () => process.exit());

async function obey(wanted: z.output<typeof order>): Promise<void> {
  if ('open' in wanted) {
    const { runIds, ...at } = wanted.open;
    // A hundred at a time: the system queues no more connections than about that.
    while (runIds.length > 0) await Promise.all(runIds.splice(0, 100).map((runId) => subscribe({ ...at, runId })));
    return void process.send?.('opened');
  }
  const { events, limitMs } = wanted.until;
  const deadline = performance.now() + limitMs;
  while (arrived.length < events * 2 && dropped.length === 0 && performance.now() < deadline) await wait(20);
  process.send?.({ arrived, dropped: dropped.length });
  arrived = [];
}

/** Opens one socket and waits for its snapshot. */
async function subscribe({ url, token, runId }: { url: string; token: string; runId: string }): Promise<void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const snapshot = Promise.withResolvers<void>();
  socket.once('close', (code, reason) => snapshot.reject(new Error(`closed with ${code}: ${reason.toString()}`)));
  socket.on('message', (data: Buffer) => {
    const message: unknown = JSON.parse(data.toString());
    const event = next.safeParse(message).data?.payload.data.runEvents;
    if (!event) return;
    if (event.__typename === 'RunSnapshotEvent') snapshot.resolve();
    else arrived.push(Math.round(event.stageProgress * stepsToTheEnd), monotonicMs());
  });
  await once(socket, 'open');
  const send = (message: object) => socket.send(JSON.stringify(message));
  send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
  await once(socket, 'message');
  send({ id: '1', type: 'subscribe', payload: { query, variables: { runId } } });
  await snapshot.promise;
  socket.once('close', (code) => dropped.push(code));
}
