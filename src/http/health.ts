import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Database } from '#base/database.ts';
import type { Log } from '#base/log.ts';
import { withinDeadline } from './deadline.ts';

/** Answers /livez and /readyz; false when the request asks for something else. */
export interface Health {
  answer(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** From now on /readyz says 503, so that a balancer sends nobody new. */
  drain(): void;
}

/** A balancer does not wait for longer. */
const patienceMs = 2_000;

/** Liveness asks nothing but the event loop; readiness asks the database for one row. */
export function openHealth(database: Database, log: Log): Health {
  let draining = false;
  return {
    drain: () => {
      draining = true;
    },
    async answer(request, response) {
      const path = request.url?.split('?')[0];
      if (path === '/livez') reply(response, 200, 'ok');
      else if (path === '/readyz') reply(response, ...(await readiness()));
      else return false;
      return true;
    },
  };

  async function readiness(): Promise<[number, string]> {
    if (draining) return [503, 'draining'];
    try {
      await withinDeadline(patienceMs, () => database.pool.query('select 1 from runs limit 1'));
      return [200, 'ok'];
    } catch (error) {
      log.warn({ err: error }, 'not ready: the database does not answer');
      return [503, 'database'];
    }
  }
}

function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain', 'cache-control': 'no-store' }).end(`${text}\n`);
}
