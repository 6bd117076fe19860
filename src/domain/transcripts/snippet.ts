/** A found sentence in three parts, as plain text. */
export interface Snippet {
  readonly before: string;
  readonly match: string;
  readonly after: string;
}

/** Around a found word, and between the letters of scripts without spaces: characters that nobody says. */
export const marks = { start: '\u0002', stop: '\u0003', between: '\u001f' } as const;

/** Found words with nothing but spaces between them are one match. A text may hold marks itself: none runs over the next. */
// oxlint-disable-next-line no-control-regex
const found = /\u0002[^\u0002\u0003]*\u0003(?:[\s\u001f]*\u0002[^\u0002\u0003]*\u0003)*/gu;
// oxlint-disable-next-line no-control-regex
const anyMark = /[\u0002\u0003\u001f]/gu;

/** Takes a sentence with marked words apart at its best match: the one with the most words, of those the first. Pure. */
export function snippetOf(marked: string): Snippet {
  const matches = [...marked.matchAll(found)].map(({ 0: text, index }) => ({ text, index, words: wordsIn(text) }));
  const most = Math.max(...matches.map(({ words }) => words));
  const best = matches.find(({ words }) => words === most);
  if (!best) return { before: plain(marked), match: '', after: '' };
  const end = best.index + best.text.length;
  return { before: plain(marked.slice(0, best.index)), match: plain(best.text), after: plain(marked.slice(end)) };
}

const wordsIn = (text: string): number => text.split(marks.start).length;
const plain = (text: string): string => text.replaceAll(anyMark, '');
