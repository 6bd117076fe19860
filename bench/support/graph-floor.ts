import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { Pool } from 'pg';
import { z } from 'zod';
import { environmentWith } from '#base/env.ts';
import { keysOf } from '#base/record.ts';
import { pages } from './graph-pages.ts';
import { statements } from './graph-statements.ts';

// The floor: bare HTTP and one prepared statement by hand, without anything of GraphQL. Started by bench/graph.ts.

const asked = z.object({ page: z.enum(keysOf(pages)), id: z.uuid() });

const pool = new Pool({ connectionString: environmentWith({}).DATABASE_URL, max: 10 });
async function bodyFor(request: IncomingMessage): Promise<string | undefined> {
  const { page, id } = asked.parse(JSON.parse(await text(request)));
  const { rows } = await pool.query<{ body: string }>({ name: page, text: statements[page], values: [id] });
  return rows[0]?.body;
}

const server = createServer((request, response) => {
  void bodyFor(request).then((body) => response.writeHead(200, { 'content-type': 'application/json' }).end(body));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
if (typeof address !== 'object' || !address) throw new TypeError('listens on no port');
console.error(JSON.stringify({ msg: 'the floor listens', at: `http://127.0.0.1:${address.port}` }));
process.once('SIGTERM', () => process.exit(0));
