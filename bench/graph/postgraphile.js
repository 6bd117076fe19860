// The peer: PostGraphile 5 as it comes, over the schema of the product, without authorization. Its own folder, because it
// needs graphql 16. Listens on a free port and says which.
import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';

const server = createServer();
server.on('error', (error) => console.error(error));
await postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({ connectionString: process.env.DATABASE_URL, schemas: ['public'], poolConfig: { max: 10 } }),
  ],
  grafserv: { graphiql: false, watch: false, port: 0 },
  grafast: { explain: false },
})
  .createServ(grafserv)
  .addTo(server);
server.listen(0, '127.0.0.1', () => {
  console.error(JSON.stringify({ msg: 'the peer listens', at: `http://127.0.0.1:${server.address().port}` }));
});
process.once('SIGTERM', () => {
  process.exit(0);
});
