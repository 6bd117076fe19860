import { wide } from './joined.ts';
import type { Lexicon } from './lexicon.ts';

/** What was said without its hesitations, and of a word said twice only one. */
export const unhesitating = (text: string, { fillers }: Lexicon): string =>
  spaced(fillers.reduce((kept, filler) => kept.replaceAll(filler, keepRepeated), text.normalize('NFC')));

/** The sentence for print: without openers that carry nothing, with a capital and a full stop. */
export function tidied(text: string, lexicon: Lexicon): string {
  let rest = text;
  for (let next = rest.replace(lexicon.openings, ''); next !== rest; next = rest.replace(lexicon.openings, ''))
    rest = next;
  return finished(capitalised(rest));
}

/** A filler goes; of a word said twice one stays. */
function keepRepeated(_found: string, word: unknown): string {
  return typeof word === 'string' ? word : '';
}

const spaced = (text: string): string =>
  text
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/ (?=[,.?!;:])/gu, '')
    .replace(/^[\s,;:.!?–—-]+/u, '')
    .trim();

const finished = (text: string): string =>
  /[\p{L}\p{N}]$/u.test(text) ? `${text}${wide.test(text) ? '。' : '.'}` : text.replace(/[,;:–—-]+$/u, '.');

/** The text with its first letter as a capital. */
export function capitalised(text: string): string {
  const [first = ''] = text;
  return first.toLocaleUpperCase() + text.slice(first.length);
}
