import { execFile } from 'node:child_process';
import { access, chmod, constants, copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Env } from '#base/env.ts';
import type { Log } from '#base/log.ts';
import { Problem } from '#base/problem.ts';
import { checkParts } from './tool-parts.ts';

const execute = promisify(execFile);

/** The programs that read and write recordings, as found on this machine. */
export interface Tools {
  /** Path or name to start. */
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** ffmpeg's own version word: part of the key of everything it makes. */
  readonly version: string;
  /** Whether ffmpeg is the npm fallback of 2018. */
  readonly bundled: boolean;
  /** Whether `setpriv` and `setsid` can tie a child's life to ours, so that a killed worker leaves no encoder behind. */
  readonly leashed: boolean;
}

/**
 * Finds ffmpeg and ffprobe: the paths of the environment, else those on PATH, else the optional npm packages (in
 * production only with FFMPEG_ALLOW_BUNDLED, because 2018 code is a poor reader of strangers' files).
 * Throws TOOL_MISSING naming the program, or the filters and encoders it lacks.
 */
export async function findTools(env: Env, log: Log): Promise<Tools> {
  const mayBundle = !env.production || env.FFMPEG_ALLOW_BUNDLED;
  const ffmpeg = await locate({ name: 'ffmpeg', wanted: env.FFMPEG_PATH, mayBundle, home: env.home });
  const ffprobe = await locate({ name: 'ffprobe', wanted: env.FFPROBE_PATH, mayBundle, home: env.home });
  const [version, leashed] = await Promise.all([versionOf(ffmpeg.path), canLeash(), checkParts(ffmpeg.path)]);
  if (ffmpeg.bundled) {
    log.warn(
      { version },
      'using the bundled ffmpeg of 2018; install ffmpeg with the system (apt install ffmpeg) for security fixes',
    );
  }
  return { ffmpeg: ffmpeg.path, ffprobe: ffprobe.path, version, bundled: ffmpeg.bundled, leashed };
}

interface Wanted {
  readonly name: 'ffmpeg' | 'ffprobe';
  readonly wanted: string | undefined;
  readonly mayBundle: boolean;
  readonly home: string;
}

async function locate({ name, wanted, mayBundle, home }: Wanted): Promise<{ path: string; bundled: boolean }> {
  const onPath = await failureOf(wanted ?? name);
  if (onPath === undefined) return { path: wanted ?? name, bundled: false };
  if (wanted !== undefined) {
    const variable = name === 'ffmpeg' ? 'FFMPEG_PATH' : 'FFPROBE_PATH';
    throw new Problem(
      'TOOL_MISSING',
      { tool: name, reason: `${variable} names a program that does not start` },
      onPath,
    );
  }
  if (!mayBundle) {
    const reason = `it is not on PATH; install it, set its path, or allow the fallback with FFMPEG_ALLOW_BUNDLED=1`;
    throw new Problem('TOOL_MISSING', { tool: name, reason }, onPath);
  }
  return { path: await bundled(name, home), bundled: true };
}

/** What goes wrong when the program is asked for its version, or undefined when it answers. */
const failureOf = async (program: string): Promise<unknown> => {
  try {
    await execute(program, ['-version'], { timeout: 20_000 });
    return undefined;
  } catch (error) {
    return error;
  }
};

async function bundled(name: Wanted['name'], home: string): Promise<string> {
  try {
    const found =
      name === 'ffmpeg' ? await import('@ffmpeg-installer/ffmpeg') : await import('@ffprobe-installer/ffprobe');
    return await executable(found.default.path, home);
  } catch (error) {
    throw new Problem(
      'TOOL_MISSING',
      { tool: name, reason: 'it is neither on PATH nor bundled for this system' },
      error,
    );
  }
}

/**
 * The npm packages rely on install scripts for the executable bit: without them ffprobe has none, and with them only
 * its owner has it. A file that is not ours is copied below `home`.
 */
async function executable(file: string, home: string): Promise<string> {
  const runs = (candidate: string) => access(candidate, constants.X_OK);
  try {
    await runs(file).catch(() => chmod(file, 0o755).then(() => runs(file)));
    return file;
  } catch {
    const copy = path.join(home, 'tools', path.basename(file));
    await mkdir(path.dirname(copy), { recursive: true });
    await copyFile(file, copy);
    await chmod(copy, 0o755);
    return copy;
  }
}

async function versionOf(ffmpeg: string): Promise<string> {
  const { stdout } = await execute(ffmpeg, ['-version']);
  return /version (\S+)/.exec(stdout)?.[1] ?? 'unknown';
}

/** BusyBox's setpriv has no such option, and other systems have no setpriv. */
/**
 * Arguments of setpriv: the child dies with us, and a session of its own keeps the terminal's Ctrl+C away from it, which
 * would look like a failed encode while the stage is being handed back.
 */
export const leashing = ['--pdeathsig', 'SIGKILL', '--', 'setsid'] as const;

const canLeash = (): Promise<boolean> =>
  execute('setpriv', [...leashing, 'true']).then(
    () => true,
    () => false,
  );
