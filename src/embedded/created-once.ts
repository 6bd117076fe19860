import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * The text of a file that is made at first use, readable by its owner only. Whole or not at all, and only once: of two
 * processes that start together one text stays, and both get it.
 */
export async function createdOnce(file: string, make: () => Promise<string>): Promise<string> {
  const standing = await textOf(file);
  if (standing !== undefined) return standing;
  const draft = `${file}.${crypto.randomUUID()}`;
  await mkdir(path.dirname(file), { recursive: true });
  const text = await make();
  await writeFile(draft, text, { mode: 0o600 });
  await link(draft, file).catch(() => undefined);
  await rm(draft);
  return (await textOf(file)) ?? text;
}

const textOf = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined);
