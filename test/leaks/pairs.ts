import { expect } from 'vitest';
import type { Answer } from './world.ts';

/**
 * Holds two answers against each other that nobody may be able to tell apart: every byte of them, save the ids that were
 * asked for, and every statement that the database was sent for them. A cache that fills or runs out in between costs a
 * statement now and then, so what differs is asked for anew, and must differ three times.
 */
export async function expectAlike(
  title: string,
  ask: { readonly theirs: () => Promise<Answer>; readonly nothing: () => Promise<Answer> },
  asked: readonly string[],
): Promise<Answer> {
  for (let tries = 3; ; tries -= 1) {
    const [theirs, nothing] = [await ask.theirs(), await ask.nothing()];
    const [first, second] = [told(theirs, asked), told(nothing, asked)];
    if (tries > 1 && JSON.stringify(first) !== JSON.stringify(second)) continue;
    expect({ title, ...first }).toEqual({ title, ...second });
    return theirs;
  }
}

const told = ({ status, text, statements }: Answer, asked: readonly string[]) => ({
  status,
  text: asked.reduce((masked, id) => masked.replaceAll(id, '<id>'), text),
  statements,
});

/** All texts in an input, however deep. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** Codes of what was refused, in the payload or above it. */
export function codesOf({ text, errors }: Answer): string[] {
  const payload = [...text.matchAll(/"__typename":"\w+Error","code":"(\w+)"/g)].map(([, code]) => code ?? '');
  return [...errors.map(({ extensions }) => extensions?.code ?? 'none'), ...payload];
}
