import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { openLog } from '#base/log.ts';
import { openStorageEndpoint, type StorageEndpoint, storagePath } from '#embedded/storage/endpoint.ts';
import { supabaseStorage } from '#providers/object-storage.supabase.ts';
import type { ObjectStorage } from '#providers/object-storage.ts';
import { originOf } from '../support/storage.ts';
import type { Dice } from './dice.ts';

/** Ways in which a storage goes wrong: it answers 503, has no room for writes, drops connections, or takes its time. */
export const storageFaults = ['refuse', 'full', 'cut', 'slow'] as const;
type StorageFault = (typeof storageFaults)[number];

/** What goes wrong at present, and for which share of the requests. */
interface StorageWeather {
  readonly fault: StorageFault;
  readonly share: number;
}

/** The way into the storage for one process, so that it is known who wrote. */
export interface Door {
  readonly url: string;
  /** Resolves when an object that came through here is in storage and has been answered for. */
  stored(signal: AbortSignal): Promise<void>;
}

/** The embedded storage behind a gate at which requests can come to harm. */
export interface StorageGate extends AsyncDisposable {
  readonly serviceKey: string;
  /** The same objects, past every fault. */
  readonly storage: ObjectStorage;
  readonly openDoor: () => Promise<Door>;
  /** Null is good weather. */
  weather: StorageWeather | null;
  /** Requests that came to harm. */
  harmed: number;
}

/** Opens the storage in `folder`, with its buckets. */
export async function openStorageGate(folder: string, dice: Dice): Promise<StorageGate> {
  await using cleanup = new AsyncDisposableStack();
  const servers: Server[] = [];
  cleanup.defer(async () => void (await Promise.all(servers.map(closed))));
  const listen = async (server: Server) => {
    servers.push(server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
    return originOf(server);
  };
  const server = createServer({ requestTimeout: 0 });
  const publicUrl = await listen(server);
  const options = { folder, secret: 'a secret of at least thirty-two bytes', corsOrigins: ['*'] };
  const endpoint = cleanup.use(
    await openStorageEndpoint({
      ...options,
      publicUrl: () => publicUrl,
      maxUploadBytes: 2 ** 33,
      log: openLog('fatal'),
    }),
  );
  server.on('request', (request, response) => void endpoint.handle(request, response));
  const { serviceKey } = endpoint;
  const storage = supabaseStorage({ url: `${publicUrl}${storagePath}`, serviceKey, maxUploadBytes: 2 ** 33 });
  await storage.ensureBuckets();
  const kept = cleanup.move();
  const gate: StorageGate = {
    serviceKey,
    storage,
    openDoor: () => openDoor(gate, { endpoint, dice, listen }),
    weather: null,
    harmed: 0,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
  return gate;
}

interface Behind {
  readonly endpoint: StorageEndpoint;
  readonly dice: Dice;
  readonly listen: (server: Server) => Promise<string>;
}

async function openDoor(gate: StorageGate, behind: Behind): Promise<Door> {
  const { endpoint, dice, listen } = behind;
  const passed = new EventEmitter();
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    response.once('finish', () => isWrite(request) && response.statusCode < 300 && passed.emit('stored'));
    void pass(request, response);
  });
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (await admitted(gate, dice, { request, response })) await endpoint.handle(request, response);
  };
  const url = await listen(server);
  return { url, stored: async (signal) => void (await once(passed, 'stored', { signal })) };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Whether the request may go on to the storage; a cut one may, but will not live to the end. */
async function admitted(gate: StorageGate, dice: Dice, exchange: Exchange): Promise<boolean> {
  const { weather } = gate;
  const onlyWrites = weather?.fault === 'full';
  if (weather === null || !dice.chance(weather.share) || (onlyWrites && !isWrite(exchange.request))) return true;
  gate.harmed += 1;
  return harms[weather.fault](exchange, dice);
}

const harms: Readonly<Record<StorageFault, (exchange: Exchange, dice: Dice) => Promise<boolean>>> = {
  slow: (_exchange, dice) => wait(dice.between(100, 1_500), true),
  cut: async ({ request }, dice) => {
    // Somewhere between the first byte and an answer that is lost after the bytes were stored.
    setTimeout(() => request.socket.destroy(), dice.between(0, 40));
    return true;
  },
  refuse: (exchange) => refuse(exchange, 503),
  full: (exchange) => refuse(exchange, 507),
};

const isWrite = ({ method, url = '' }: IncomingMessage): boolean =>
  (method === 'POST' || method === 'PUT') && /^\/storage\/v1\/object\/(?!sign\/|list)/.test(url);

async function refuse({ request, response }: Exchange, status: number): Promise<false> {
  request.resume();
  const body = { statusCode: `${status}`, error: 'internal', message: 'a fault of the weather' };
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  return false;
}

async function closed(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
