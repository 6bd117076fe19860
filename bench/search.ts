import { openDatabase } from '#base/database.ts';
import { openLog } from '#base/log.ts';
import { findMatches, matchCursor, matchesStatement } from '#domain/transcripts/find-matches.ts';
import { Prisma } from '#generated/prisma/client.ts';
import { ms, percentile, timed } from './support/figures.ts';
import { openGround } from './support/ground.ts';
import { report } from './support/report.ts';
import { type Tenant, writeTenant } from './support/tenant.ts';

// What a search costs among 100,000 sentences of one workspace, beside 20,000 of another. Each sentence has twelve words of
// a vocabulary of 5,000, the first ones more often than the last, as in speech.

const sentences = { own: 100_000, other: 20_000 };
const rounds = 15;

await using ground = await openGround();
await using database = openDatabase(ground.url, openLog('error'), { max: 2 });
const own = await writeTenant(database, 'own');
await write(own, sentences.own);
await write(await writeTenant(database, 'other'), sentences.other);
await database.pool.query('vacuum analyze transcript_segments');

const [rare = '', usual = '', frequent = ''] = await wordsBySpread();
const wholeTable = await timed(() => scanned(rare));
/** The machine may have other work: what counts is how it compares with reading everything. */
const wanted = { most: wholeTable / 15 };
const indexed = await plan(usual);
const deep = await cursorOf(usual, 10);
report(`Search among ${sentences.own} sentences`, [
  { what: 'its column', measured: await sizeOf('(select sum(pg_column_size(search)) from transcript_segments)') },
  { what: 'its index', measured: await sizeOf("pg_relation_size('transcript_segments_search_idx')") },
  { what: `\`ilike\` over all of them, ${await found(rare)} found`, measured: ms(wholeTable) },
  await searched(`a word in ${await found(rare)} of them`, rare, wanted),
  await searched(`a word in ${await found(usual)} of them`, usual, wanted),
  await searched('the same, page 10', usual, { ...wanted, after: deep }),
  await searched(`both words, ${await found(`${usual} ${rare}`)} of them`, `${usual} ${rare}`, wanted),
  await searched(`a word in ${await found(frequent)} of them`, frequent),
  { what: 'found by the index', measured: indexed ? 'yes' : 'no', wanted: 'yes', reached: indexed },
]);

/** Sentences of random words: word n is said about 1/n as often as the first. */
async function write({ workspaceId, uploadId }: Tenant, count: number): Promise<void> {
  const { rows } = await database.pool.query<{ id: string }>(
    `insert into transcripts (workspace_id, upload_id, language, word_count, word_timing, provider, artifact_key)
     values ($1, $2, 'en', $3, 'MEASURED', 'captions', 'search') returning id`,
    [workspaceId, uploadId, count * 12],
  );
  await database.pool.query(
    `insert into transcript_segments (workspace_id, transcript_id, position, start_ms, end_ms, text, words)
     select $1, $2, n, n * 10, n * 10 + 9,
       (select string_agg('word' || floor(exp(random() * ln(5000 + 0 * w)))::int, ' ') || '.' || left(n::text, 0)
        from generate_series(1, 12) w),
       (select jsonb_agg(jsonb_build_array(n * 10, n * 10 + 9, 'word' || w)) from generate_series(1, 12) w)
     from generate_series(0, $3::int - 1) n`,
    [workspaceId, rows[0]?.id, count],
  );
}

/** Words that about 1 in 10,000, 1 in 100 and every other sentence has. */
async function wordsBySpread(): Promise<string[]> {
  const { rows } = await database.pool.query<{ word: string; ndoc: number }>(
    `select word, ndoc from ts_stat('select search from transcript_segments where workspace_id = ''${own.workspaceId}''')
     order by ndoc`,
  );
  return [0.0001, 0.01, 0.5].map((share) => {
    const at = rows.findIndex(({ ndoc }) => ndoc >= share * sentences.own);
    return rows.at(at)?.word ?? '';
  });
}

function search(query: string, after?: string) {
  return findMatches(database, { workspaceId: own.workspaceId, query }, { after, limit: 21, inverted: false });
}

async function cursorOf(query: string, page: number): Promise<string | undefined> {
  let after: string | undefined;
  for (let at = 1; at < page; at += 1) after = (await search(query, after)).slice(0, 20).map(matchCursor).at(-1);
  return after;
}

async function searched(
  what: string,
  query: string,
  { most, after }: { most?: number; after?: string | undefined } = {},
) {
  await search(query, after);
  const took: number[] = [];
  for (let round = 0; round < rounds; round += 1) took.push(await timed(() => search(query, after)));
  const median = percentile(took, 0.5);
  const measured = `${ms(median)}, p95 ${ms(percentile(took, 0.95))}`;
  return { what, measured, ...(most !== undefined && { wanted: `<= ${ms(most)}`, reached: median <= most }) };
}

async function count(condition: string, value: string): Promise<number> {
  const { rows } = await database.pool.query<{ found: number }>(
    `select count(*)::int as found from transcript_segments where workspace_id = $2 and ${condition}`,
    [value, own.workspaceId],
  );
  return rows[0]?.found ?? 0;
}
function found(query: string): Promise<number> {
  return count("search @@ websearch_to_tsquery('simple', $1)", query);
}

function scanned(word: string): Promise<number> {
  return count("text ilike '%' || $1 || '%'", word);
}

async function sizeOf(expression: string): Promise<string> {
  const { rows } = await database.pool.query<{ bytes: string }>(`select ${expression} as bytes`);
  return `${(Number(rows[0]?.bytes) / 1e6).toFixed(1)} MB`;
}

/** Prints how the statement of a search is run; whether that is by its index. */
async function plan(query: string): Promise<boolean> {
  const statement = matchesStatement({ workspaceId: own.workspaceId, query }, { limit: 21, inverted: false });
  const rows = await database.prisma.$queryRaw<{ 'QUERY PLAN': string }[]>(Prisma.sql`explain analyze ${statement}`);
  console.log(`${rows.map((row) => row['QUERY PLAN']).join('\n')}\n`);
  return rows.some((row) => row['QUERY PLAN'].includes('transcript_segments_search_idx'));
}
