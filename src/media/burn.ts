import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { faces } from '#captions/faces.ts';

/** Faces that captions are set in (docs/captions.md). */
const fontsFolder = path.join(import.meta.dirname, 'fonts');

/**
 * Writes an ASS file to be burned, and beside it a folder with the faces it names: libass reads every file of its fonts
 * folder whole, and without a face it draws nothing and ends well.
 */
export async function writeBurnable(assFile: string, text: string): Promise<void> {
  const folder = facesBeside(assFile);
  await writeFile(assFile, text);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  const named = faces.filter(({ family }) => text.includes(family));
  for (const { file } of named) await symlink(path.join(fontsFolder, file), path.join(folder, file));
}

const facesBeside = (assFile: string): string => `${assFile}.faces`;

/** Draws an ASS file that `writeBurnable` wrote over `[input]` as `[output]`; with none, passes it on. */
export const burned = (assFile: string | null, { input, output }: { input: string; output: string }): string =>
  assFile === null
    ? `[${input}]null[${output}]`
    : `[${input}]ass=filename=${literal(assFile)}:fontsdir=${literal(facesBeside(assFile))}[${output}]`;

/**
 * A path inside a filter graph: escaped once for the option and once for the graph. Paths are ours, never a user's
 * words, but a home folder may hold any character.
 */
const literal = (file: string): string => file.replaceAll(/[\\':]/g, '\\$&').replaceAll(/[\\'[\],;]/g, '\\$&');
