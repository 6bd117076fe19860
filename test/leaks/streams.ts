import { z } from 'zod';
import { openRawSocket } from '../support/socket.ts';
import { changes } from './changes.ts';
import { inputOf } from './inputs.ts';
import { rootReadings } from './readings.ts';
import type { Seen } from './seen.ts';
import { type Caller, namesOf, type World } from './world.ts';

/** What somebody subscribes to. */
export interface Asked {
  readonly query: string;
  readonly variables: object;
  /** Messages to wait for; a stream that ends before gives fewer. */
  readonly count: number;
  /** What to do once it is there. */
  readonly begun?: () => Promise<unknown>;
}

const message = z.looseObject({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.looseObject({ extensions: z.looseObject({ code: z.string() }).optional() })).optional(),
});
/** One message of a stream. */
export type Message = z.output<typeof message>;

/** The first messages over server-sent events. */
export async function bySse({ url, tokens }: World, caller: Caller, asked: Asked): Promise<Message[]> {
  const { query, variables, count, begun } = asked;
  const token = tokens[caller];
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      'x-request-id': 'leaks',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  await begun?.();
  if (!answer.body) throw new Error('the answer has no body');
  const messages: Message[] = [];
  let text = '';
  // Leaving the loop ends the stream. An abort would reach whoever still reads of it as an error of nobody's.
  for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
    const lines = `${text}${piece}`.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: {')) messages.push(message.parse(JSON.parse(line.slice(6))));
    if (messages.length >= count) break;
  }
  return messages.slice(0, count);
}

/** The first messages over a socket, the refusal of one too. */
export async function bySocket({ url, tokens }: World, caller: Caller, asked: Asked): Promise<Message[]> {
  const { query, variables, count } = asked;
  await using socket = await openRawSocket(url, tokens[caller] ?? '');
  socket.send({ id: 'one', type: 'subscribe', payload: { query, variables } });
  const messages: Message[] = [];
  while (messages.length < count) {
    const { type, payload } = await socket.next('one');
    if (type === 'complete') break;
    messages.push(withoutCorrelation(message.parse(type === 'error' ? { errors: payload } : payload)));
    if (type === 'error') break;
  }
  return messages;
}

/** Over a socket nobody says under which id an operation runs. */
const withoutCorrelation = (told: Message): Message =>
  message.parse(
    JSON.parse(JSON.stringify(told, (name, value: unknown) => (name === 'correlationId' ? undefined : value))),
  );

/** A cursor of a stream of the first workspace: that of its first message, for which somebody does something. */
export async function cursorOf(world: World, seen: Seen, name: string): Promise<string> {
  const theirs = namesOf(world.theirs);
  const reading = rootReadings('subscription').find(({ title }) => title === `Subscription.${name}`);
  const upload = changes.find((change) => change.name === 'createUpload');
  if (!reading || !upload) throw new Error(`nothing follows ${name}`);
  const begun = () => world.ask('owner', upload.query, { input: inputOf(upload.type, theirs) });
  const asked = { query: reading.query, variables: reading.variables(theirs), count: 1, begun };
  const [message] = await bySse(world, 'owner', asked);
  seen.note(message?.data, 'Subscription');
  const told: unknown = message?.data?.[name];
  return z.object({ cursor: z.string() }).parse(told).cursor;
}
