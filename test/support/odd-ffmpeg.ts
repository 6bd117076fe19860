import { chmod, writeFile } from 'node:fs/promises';
import { ffmpegForTests } from './media.ts';

/**
 * Writes a program that is ffmpeg, but reads a recording no faster than it plays when it encodes pictures: a clip of
 * ten seconds takes ten seconds, so that a test can surely be in the middle of it. For FFMPEG_PATH.
 */
export async function slowFfmpeg(file: string): Promise<string> {
  const { ffmpeg } = (await ffmpegForTests()).tools;
  return writeProgram(file, `case "$*" in *libx264*) set -- -re "$@" ;; esac\nexec ${ffmpeg} "$@"`);
}

/**
 * Writes a program that is ffmpeg, but finds no space for pictures while the file `<program>.full` stands: what it
 * would write goes to the device that is always full. For FFMPEG_PATH.
 */
export async function ffmpegOnFullDisk(file: string): Promise<string> {
  const { ffmpeg } = (await ffmpegForTests()).tools;
  const redirect = 'for out; do :; done; ln -sf /dev/full "${out#file:}"';
  return writeProgram(
    file,
    `if [ -e "$0.full" ]; then case "$*" in *libx264*) ${redirect} ;; esac; fi\nexec ${ffmpeg} "$@"`,
  );
}

/** Writes a program that is ffmpeg and notes what it encodes, a line for each call, in `<program>.calls`. */
export async function notedFfmpeg(file: string): Promise<string> {
  const { ffmpeg } = (await ffmpegForTests()).tools;
  const note = 'case "$*" in *libx264*|*"-c:a aac"*) echo "$*" >> "$0.calls" ;; esac';
  return writeProgram(file, `${note}\nexec ${ffmpeg} "$@"`);
}

/** Writes a program that is ffmpeg and keeps the captions that it drew last, as `<program>.ass`. For FFMPEG_PATH. */
export async function drawingFfmpeg(file: string): Promise<string> {
  const { ffmpeg } = (await ffmpegForTests()).tools;
  const drawn = `drawn=$(echo "$*" | sed -n 's/.*ass=filename=\\([^:]*\\):.*/\\1/p')`;
  return writeProgram(file, `${drawn}\nif [ -n "$drawn" ]; then cp "$drawn" "$0.ass"; fi\nexec ${ffmpeg} "$@"`);
}

/** Writes a program that is ffmpeg, but leaves the index of a video where it came last: at its end. For FFMPEG_PATH. */
export async function lateIndexFfmpeg(file: string): Promise<string> {
  const { ffmpeg } = (await ffmpegForTests()).tools;
  const late = 'case "$option" in +faststart+*) option="+${option#+faststart+}" ;; esac';
  return writeProgram(file, `for option; do shift; ${late}; set -- "$@" "$option"; done\nexec ${ffmpeg} "$@"`);
}

/** Writes a program that is ffmpeg, but leaves the sound out of a video. For FFMPEG_PATH. */
export async function soundlessFfmpeg(file: string): Promise<string> {
  const { ffmpeg } = (await ffmpegForTests()).tools;
  const mute = 'case "$option" in libx264) set -- "$@" "$option" -an ;; *) set -- "$@" "$option" ;; esac';
  return writeProgram(file, `for option; do shift; ${mute}; done\nexec ${ffmpeg} "$@"`);
}

/**
 * Writes a program that is ffmpeg, but stands still where its arguments contain `what` as long as the file
 * `<program>.hold` stands, and heeds no SIGTERM meanwhile. `<program>.held` appears when it does. For FFMPEG_PATH.
 */
export async function heldFfmpeg(file: string, what: string): Promise<string> {
  const { ffmpeg } = (await ffmpegForTests()).tools;
  const hold = `trap '' TERM; while [ -e "$0.hold" ]; do touch "$0.held"; sleep 0.1; done`;
  return writeProgram(file, `case "$*" in *"${what}"*) ${hold} ;; esac\nexec ${ffmpeg} "$@"`);
}

async function writeProgram(file: string, body: string): Promise<string> {
  await writeFile(file, `#!/bin/sh\n${body}\n`);
  await chmod(file, 0o755);
  return file;
}
