import type { Lexicon } from './lexicon.ts';
import type { Sentence } from './sentences.ts';
import { isContent, rootOf, tally, wordsOf } from './words.ts';

/** A word or pair of words the speaker keeps coming back to, as most often said. */
export interface Keyword {
  readonly text: string;
  readonly count: number;
}

/** What the sentences are about, strongest first: pairs said at least twice, then single words said at least twice. */
export function keywordsOf(sentences: readonly Sentence[], lexicon: Lexicon): Keyword[] {
  const runs = sentences.map((sentence) => wordsOf(sentence.text));
  const singles = counted(
    runs
      .flat()
      .filter((word) => isName(word, lexicon))
      .map((word) => [word]),
  );
  const pairs = counted(runs.flatMap((words) => pairsOf(words, lexicon))).filter(({ count }) => count >= 2);
  const inPairs = new Set(pairs.flatMap(({ text }) => text.split(' ').map(rootOf)));
  const alone = singles.filter(({ text, count }) => count >= 2 && !inPairs.has(rootOf(text)));
  return [...pairs.map((pair) => ({ ...pair, count: pair.count * 1.5 })), ...alone].sort(
    (a, b) => b.count - a.count || a.text.localeCompare(b.text),
  );
}

/** A keyword as one hashtag, without its `#`: `night shift` becomes `NightShift`. */
export const hashtagOf = ({ text }: Keyword): string =>
  text
    .split(/[\s-]+/u)
    .map((word) => word.slice(0, 1).toLocaleUpperCase() + word.slice(1))
    .join('');

const isName = (word: string, lexicon: Lexicon): boolean =>
  isContent(word, lexicon) && lexicon.names.test(word) && !lexicon.numbers.test(word);

function pairsOf(words: readonly string[], lexicon: Lexicon): string[][] {
  return words.flatMap((word, at) => {
    const next = words[at + 1];
    return next !== undefined && isName(word, lexicon) && isName(next, lexicon) && rootOf(word) !== rootOf(next)
      ? [[word, next]]
      : [];
  });
}

/** Groups inflections of the same words and keeps the form said most. */
function counted(phrases: readonly (readonly string[])[]): Keyword[] {
  const groups = Map.groupBy(phrases, (words) => words.map(rootOf).join(' '));
  return [...groups.values()].map((group) => {
    const forms = [...tally(group.map((words) => words.join(' ').toLowerCase()))];
    const [text = ''] = forms.sort(([a, x], [b, y]) => y - x || a.localeCompare(b))[0] ?? [];
    return { text, count: group.length };
  });
}
