import path from 'node:path';
import { parseArgs } from 'node:util';
import { Problem } from '#base/problem.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** What the demo is asked for. Paths are absolute. */
export interface Options {
  /** The recording; null for the sample talk. */
  readonly file: string | null;
  /** Folder that gets one folder per recording. */
  readonly out: string;
  /** Where the private server keeps its database and bytes. */
  readonly home: string;
  readonly json: boolean;
  readonly help: boolean;
}

export const usage = `Usage: npm run demo [-- FILE] [--out DIR] [--home DIR] [--json]

Starts a private server and worker, sends FILE (by default samples/talk.mp4) through the API, and saves the
transcript, the clips and the posts. Captions beside FILE (the same name with .srt or .vtt) become its transcript.

  --out DIR    where the results go, one folder per recording (out)
  --home DIR   where the server keeps its database and bytes (.offprint/demo)
  --json       print one JSON object instead of a table; everything else goes to stderr`;

/** Reads the command line. Throws INVALID_INPUT for an unknown flag or a second file. */
export function readOptions(args: readonly string[] = process.argv.slice(2)): Options {
  const { values, positionals } = parsed(args);
  const [file, ...more] = positionals;
  if (more.length > 0)
    throw new Problem('INVALID_INPUT', { reason: `One FILE at a time, not also ${more.join(', ')}.` });
  return {
    file: file === undefined ? null : path.resolve(file),
    out: path.resolve(values.out ?? path.join(root, 'out')),
    home: path.resolve(values.home ?? path.join(root, '.offprint/demo')),
    json: values.json ?? false,
    help: values.help ?? false,
  };
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    const options = { out: text, home: text, json: flag, help: { ...flag, short: 'h' } } as const;
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new Problem('INVALID_INPUT', { reason: `${error instanceof Error ? error.message : ''} See --help.` }, error);
  }
}
