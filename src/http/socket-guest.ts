import { CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Log } from '#base/log.ts';
import type { Arrival, Entrance } from './entrance.ts';
import { claimsOf } from './token-claims.ts';

/** Whom one socket belongs to, from the first message to the end. */
export interface Guest {
  /** Whether the socket may be used; otherwise it is closed already, or to be closed with 4403. */
  enter(connectionParams: unknown): Promise<boolean>;
  /** The caller as they are now, for one operation: what ended since the last one counts at once. */
  arrive(): Promise<Arrival>;
  /**
   * Takes a new token in a ping and moves the end of the socket, whatever the caller has left of their requests; somebody
   * else's closes it with 4403. One is looked at at a time, then the last one of those that came meanwhile.
   */
  renew(ping: unknown): Promise<void>;
  /** Closes the socket with a code after which clients try again later. */
  turnAway(reason: string): false;
  leave(): void;
}

/** How many sockets of one person are open at this process. */
type Seats = Map<string, number>;

/** What a guest needs of the socket's surroundings. */
export interface House {
  readonly entrance: Entrance;
  readonly seats: Seats;
  readonly seatsEach: number;
  readonly log: Log;
}

type Entered = NonNullable<Arrival['entered']>;

const longestTimerMs = 2 ** 31 - 1;
const tryAgainLater = 1013;

const given = z.string().optional().catch(undefined);
const params = z.object({ authorization: given, Authorization: given }).catch({});
const renewal = z.object({ token: z.string() });

/** Seats whoever comes by this socket; `address` counts those whom no token names. */
export function openGuest(socket: WebSocket, address: string, house: House): Guest {
  let authorization: string | undefined;
  let seated: Entered | null = null;
  let deadline: NodeJS.Timeout | undefined;
  let newest: string | undefined;
  let renewing = false;
  return { enter, arrive, renew, turnAway, leave };

  async function enter(connectionParams: unknown): Promise<boolean> {
    const { authorization: own, Authorization: other } = params.parse(connectionParams);
    const token = own ?? other;
    const { entered, budget } = await house.entrance.arrive(token, address);
    if (socket.readyState !== socket.OPEN) return false;
    if (budget?.refused) return turnAway('Too many requests');
    if (!entered || token === undefined) return false;
    if (seatsOf(entered) >= house.seatsEach) return turnAway('Too many sockets');
    house.seats.set(entered.viewer.userId, seatsOf(entered) + 1);
    hold(token, entered);
    return true;
  }

  function turnAway(reason: string): false {
    socket.close(tryAgainLater, reason);
    return false;
  }

  function seatsOf({ viewer }: Entered): number {
    return house.seats.get(viewer.userId) ?? 0;
  }

  function hold(token: string, entered: Entered): void {
    authorization = token;
    seated = entered;
    clearTimeout(deadline);
    const leftMs = entered.session.expiresAt.getTime() - Date.now();
    deadline = setTimeout(forbid, Math.min(leftMs, longestTimerMs)).unref();
  }

  function forbid(): void {
    socket.close(CloseCode.Forbidden, 'Forbidden');
  }

  function arrive(): Promise<Arrival> {
    return house.entrance.arrive(authorization, address);
  }

  async function renew(ping: unknown): Promise<void> {
    const { data } = renewal.safeParse(ping);
    if (!data || !seated) return;
    newest = `Bearer ${data.token}`;
    if (renewing) return;
    renewing = true;
    while (newest !== undefined && socket.readyState === socket.OPEN) {
      const token = newest;
      newest = undefined;
      if (isNews(token, seated)) await renewBy(token, seated);
    }
    renewing = false;
  }

  /** The token in use changes nothing, nor does one of its session that ends no later: a flood of them costs nothing. */
  function isNews(token: string, { session }: Entered): boolean {
    const claimed = claimsOf(token);
    if (token === authorization || claimed?.sid !== session.sessionId) return token !== authorization;
    const endsAt = claimed.exp * 1_000;
    return endsAt > session.expiresAt.getTime() || endsAt <= Date.now();
  }

  async function renewBy(token: string, before: Entered): Promise<void> {
    const entered = await enteredBy(token);
    if (socket.readyState !== socket.OPEN) return;
    if (!entered || !isSame(entered, before)) return forbid();
    if (entered.session.expiresAt > before.session.expiresAt) hold(token, entered);
  }

  /** While it cannot be found out whose a token is, the old one holds until its end. */
  async function enteredBy(token: string): Promise<Arrival['entered']> {
    try {
      return await house.entrance.renew(token, address);
    } catch (error) {
      house.log.warn({ err: error }, 'a token could not be renewed');
      return seated;
    }
  }

  function leave(): void {
    clearTimeout(deadline);
    if (!seated) return;
    const left = seatsOf(seated) - 1;
    if (left > 0) house.seats.set(seated.viewer.userId, left);
    else house.seats.delete(seated.viewer.userId);
    seated = null;
  }
}

const isSame = (one: Entered, other: Entered): boolean =>
  one.session.userId === other.session.userId && one.session.sessionId === other.session.sessionId;
