import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { environmentWith } from '#base/env.ts';

/** A stand-in for ffmpeg that notes each run's arguments and then is ffmpeg. */
export interface CountedFfmpeg {
  readonly program: string;
  /** Command lines of the runs that made media, so far. */
  runs(): Promise<string[]>;
}

/** Puts it into a folder. What it stands for is FFMPEG_PATH, else the one on PATH. */
export async function openCountedFfmpeg(folder: string): Promise<CountedFfmpeg> {
  const [program, notes] = [path.join(folder, 'counted-ffmpeg'), path.join(folder, 'ffmpeg-runs')];
  const real = environmentWith({}).FFMPEG_PATH ?? 'ffmpeg';
  await writeFile(notes, '');
  await writeFile(
    program,
    `#!/bin/sh\necho "$*" | tr '\\n' ' ' >> '${notes}'; echo >> '${notes}'\nexec '${real}' "$@"\n`,
  );
  await chmod(program, 0o755);
  return {
    program,
    runs: async () => (await readFile(notes, 'utf8')).split('\n').filter((line) => / -i /.test(` ${line}`)),
  };
}
