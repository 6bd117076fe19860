import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import { Client, Pool, type QueryConfig, type QueryResult } from 'pg';

/** Object ids of PostgreSQL's types "char" and text. */
const types = { CHAR: 18, TEXT: 25 };

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;

// adapter-pg 7.10.0 was made for queries. In the role of the schema engine's connection it has four faults; each is
// mended here, and each by a test:
//  a) executeScript cuts a script at every `;`, also inside $$ bodies and comments;
//  b) catalogue columns of type "char" stop it, and as Text they make the engine panic: they must be Character;
//  c) connectToShadowDb gives the database's name beside a connection string, which wins: the "shadow" is the real one;
//  d) nobody ends the pool.

/** Connects the schema engine to the database at a URL, and to shadow databases made beside it. */
export class MigrationAdapter extends PrismaPg implements AsyncDisposable {
  readonly #url: string;
  readonly #pool: Pool;

  constructor(url: string) {
    const pool = new Pool({ connectionString: url, max: 4, application_name: 'offprint migrations' });
    // The statement that was running reports the loss; an idle connection has nothing to report.
    pool.on('error', () => undefined);
    super(pool);
    this.#url = url;
    this.#pool = pool;
  }

  override async connect(): Promise<Adapter> {
    const plain = await super.connect();
    const adapter: Adapter = Object.create(plain);
    adapter.queryRaw = async (query) => {
      const characters: number[] = [];
      const answer = await this.#watched(plain, characters).queryRaw(query);
      for (const column of characters) answer.columnTypes[column] = ColumnTypeEnum.Character;
      return answer;
    };
    // Without values a query goes over in one piece and PostgreSQL runs it as one transaction: a migration that fails
    // half-way leaves nothing behind.
    adapter.executeScript = async (script) => {
      await plain.executeRaw({ sql: script, args: [], argTypes: [] });
    };
    return adapter;
  }

  override async connectToShadowDb(): Promise<Adapter> {
    const name = `shadow_${crypto.randomUUID().replaceAll('-', '')}`;
    const admin = new Client(this.#url);
    await admin.connect();
    await admin.query(`create database ${name} template template0`);
    const shadow = new MigrationAdapter(besides(this.#url, name));
    const adapter = await shadow.connect();
    adapter.dispose = async () => {
      await shadow[Symbol.asyncDispose]();
      await admin.query(`drop database if exists ${name} with (force)`);
      await admin.end();
    };
    return adapter;
  }

  /** The adapter on a pool that notes the "char" columns of an answer and lets them pass as text. */
  #watched(adapter: Adapter, characters: number[]): Adapter {
    const query = async (config: QueryConfig): Promise<QueryResult> => {
      const result = await this.#pool.query(config);
      for (const [column, field] of result.fields.entries()) {
        if (field.dataTypeID !== types.CHAR) continue;
        field.dataTypeID = types.TEXT;
        characters.push(column);
      }
      return result;
    };
    const watched: Adapter = Object.create(adapter, { client: { value: { query } } });
    return watched;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end();
  }
}

function besides(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}
