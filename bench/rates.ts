import { Pool } from 'pg';
import { RateLimiterMemory, RateLimiterPostgres } from 'rate-limiter-flexible';
import { envFrom } from '#base/env.ts';
import { openLog } from '#base/log.ts';
import { migrate } from '#embedded/migrations.ts';
import { openPostgres } from '#embedded/postgres.ts';
import { openRateLimits } from '#graph/rate-limits.ts';

// What one count takes, by where it is kept: docs/decisions/0016-rates-in-the-database.md quotes it.
const log = openLog('fatal');
const takes = 2_000;
const atOnce = 16;

await using stack = new AsyncDisposableStack();
const postgres = stack.use(await openPostgres(envFrom(), log));
await migrate(postgres.url, log);
const pool = new Pool({ connectionString: postgres.url, max: 2 });
stack.defer(() => pool.end());
await pool.query('create table if not exists rate_uses_logged (like rate_uses including all)');
stack.defer(async () => {
  await pool.query('drop table rate_uses_logged');
});

const plenty = { points: 1_000_000, duration: 60 };
const kept = { storeClient: pool, storeType: 'pool', tableCreated: true, clearExpiredByTimeout: false };
const limits = stack.use(openRateLimits({ RATE_LIMITS: 'on', REDIS_URL: undefined }, postgres.url, log));
const logged = new RateLimiterPostgres({ ...plenty, ...kept, tableName: 'rate_uses_logged' });
const unlogged = new RateLimiterPostgres({ ...plenty, ...kept, tableName: 'rate_uses' });
const memory = new RateLimiterMemory(plenty);

for (const round of [1, 2, 3]) {
  await measure(round, 'logged table', (caller) => logged.consume(caller));
  await measure(round, 'unlogged table', (caller) => unlogged.consume(caller));
  await measure(round, 'memory of the process', (caller) => memory.consume(caller));
  await measure(round, 'a caller with nothing left', () => limits.take('finalize', 'spent'));
}

/** Many callers take at once, a thousand different ones. */
async function measure(round: number, name: string, take: (caller: string) => Promise<unknown>): Promise<void> {
  const durations: number[] = [];
  let next = 0;
  const began = performance.now();
  await Promise.all(Array.from({ length: atOnce }, worker));
  const seconds = (performance.now() - began) / 1_000;
  durations.sort((one, other) => one - other);
  const at = (share: number): string => `${(durations[Math.floor(takes * share)] ?? 0).toFixed(3)} ms`;
  console.log(`${round} ${name}: ${Math.round(takes / seconds)} a second, p50 ${at(0.5)}, p95 ${at(0.95)}`);

  async function worker(): Promise<void> {
    while (next < takes) {
      const caller = `user:${(next += 1) % 1_000}`;
      const from = performance.now();
      await take(caller);
      durations.push(performance.now() - from);
    }
  }
}
