import { rootOf } from '#language/likeness.ts';
import { type Use, vocabularyOf } from '#language/vocabulary.ts';
import type { Lexicon } from './lexicon.ts';
import type { Sentence } from './sentences.ts';

/** A noun, a name or a phrase of two or three words that the speaker comes back to, as most often said. */
export interface Keyword {
  readonly text: string;
  readonly count: number;
}

/** Below half, the word is as often a verb or an attribute: "they queue", "the query planner". */
const leastNounShare = 0.5;
/** A phrase is longer than a word and tells more: said as often, it goes first. */
const phraseWorth = 1.6;

/**
 * What people could follow the sentences by, strongest first: what is said at least `fewest` times (2 by default) and
 * mostly stands as a noun does. Few or none rather than words that only happen to be frequent.
 */
export function keywordsOf(sentences: readonly Sentence[], lexicon: Lexicon, fewest = 2): Keyword[] {
  const { uses } = vocabularyOf(
    sentences.map(({ text }) => text),
    { language: lexicon.language, isWanted: (plain) => !lexicon.stopwords.has(plain) },
  );
  const found = [...Map.groupBy(uses, ([plain]) => rootsOf(plain).join(' '))].flatMap(([, group]) =>
    keywordOf(
      group.map(([, use]) => use),
      { lexicon, fewest },
    ),
  );
  const strongest = found.sort((a, b) => worth(b) - worth(a) || a.text.localeCompare(b.text));
  return strongest.filter((keyword) => !strongest.some((other) => isPartOf(keyword, other)));
}

/** A keyword as one hashtag, without its `#`: `night shift` becomes `NightShift`. */
export const hashtagOf = ({ text }: Keyword): string =>
  text
    .split(/[\s-]+/u)
    .map((word) => word.slice(0, 1).toLocaleUpperCase() + word.slice(1))
    .join('');

function keywordOf(uses: readonly Use[], { lexicon, fewest }: { lexicon: Lexicon; fewest: number }): Keyword[] {
  const spellings = uses.flatMap((use) => [...use.spellings]);
  const count = uses.reduce((sum, { lines }) => sum + lines, 0);
  const asNoun = uses.reduce((sum, use) => sum + use.asNoun, 0);
  const [text = ''] = spellings.sort(([a, x], [b, y]) => y - x || a.localeCompare(b))[0] ?? [];
  const forms = spellings.map(([form]) => form);
  const isKept =
    count >= (isFullName(text) ? 1 : fewest) &&
    asNoun / count >= leastNounShare &&
    text.split(' ').every((word) => mayBeTag(word, lexicon)) &&
    !isDeed(forms);
  return isKept ? [{ text, count }] : [];
}

const mayBeTag = (word: string, { names, numbers }: Lexicon): boolean =>
  /^\p{Lu}[\p{Lu}\p{N}]+$/u.test(word) || (names.test(word) && !numbers.test(word));

const isFullName = (text: string): boolean => /^\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)+$/u.test(text);

/** "Deleting" names a deed, "recording" a thing: a thing has a plural. */
const isDeed = (forms: readonly string[]): boolean =>
  forms.every((form) => /ing$/iu.test(form)) && !forms.some((form) => /\s/u.test(form));

const worth = ({ text, count }: Keyword): number => count * (text.includes(' ') ? phraseWorth : 1);

/** A part that is hardly ever said without the whole: "letter queue" of "dead letter queue". */
function isPartOf(part: Keyword, whole: Keyword): boolean {
  const [inside, all] = [rootsOf(part.text), rootsOf(whole.text)];
  return inside.length < all.length && inside.every((root) => all.includes(root)) && whole.count >= 0.6 * part.count;
}

const rootsOf = (text: string): string[] => text.split(' ').map(rootOf);
