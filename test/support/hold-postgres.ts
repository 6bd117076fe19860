import { openLog } from '#base/log.ts';
import { openPostgres } from '#embedded/postgres.ts';

// A process that uses the embedded database of a home: prints its URL, and leaves when its input ends.
const postgres = await openPostgres({ home: process.argv[2] ?? '', DATABASE_URL: undefined }, openLog('warn'));
console.log(postgres.url);
process.stdin.on('end', () => void postgres[Symbol.asyncDispose]()).resume();
