import type { Span } from '#base/time.ts';
import { hasFullStop } from '#timeline/sentences.ts';
import { joinWords, plainWord } from '#timeline/word-timing.ts';
import { looksAdjective, type Role, roleOf } from './function-words.ts';
import { hanDigits, isHanNumber } from './number-words.ts';

/** A word as far as breaking lines needs it. */
export type Breakable = Span<number> & { readonly text: string };

/** Above this a reader stumbles over a break. */
export const badBreak = 45;
/** What a break inside a phrase or a written word costs. */
const [insidePhrase, insideWord] = [60, 70];
/** What a break costs behind a word that joins (的) or a number with what it counts in (一张): bad, but no fault. */
const behindJoining = 40;
/** What a break before a word of each kind costs. Any other may be the noun of the adjective before it. */
const beginnings = {
  conjunctions: 5,
  prepositions: 9,
  articles: 12,
  pronouns: 12,
  numbers: 12,
  titles: 12,
  auxiliaries: 14,
  other: 20,
  binding: 24,
} as const;

/**
 * What a break before each word costs a reader: nothing after a sentence, little after a mark or before a conjunction,
 * much between an article and its noun. A pause halves it. The first is 0.
 */
export function breakCosts(words: readonly Breakable[], language = 'en'): number[] {
  const written = boundariesOf(words, language);
  return words.map((after, at) => {
    const before = words[at - 1];
    if (!before) return 0;
    if (written && !written.has(at)) return insideWord;
    const opener = words[at - 2]?.text;
    const cost = costBetween(before.text, after.text, language);
    const rest = after.startMs - before.endMs >= 300 ? 0.5 : 1;
    if (cost !== beginnings.other) return rest * cost;
    if (joins(opener, before.text, language)) return rest * behindJoining;
    return rest * cost * (isAdjective(opener, before.text, language) ? 2.2 : 1);
  });
}

function costBetween(before: string, after: string, language: string): number {
  if (isTitle(before, language)) return insidePhrase;
  if (hasFullStop(before)) return 0;
  if (/[,;:、，；：،؛—–]["'’”)]*$/u.test(before)) return 4;
  const role = roleOf(plainWord(after), language);
  if (role === 'trailing' || role === 'joining' || areOne(before, after)) return insidePhrase;
  if (leans(before, language) && !(role && setFree.has(role) && isNumber(before, language))) return insidePhrase;
  return beginnings[role ?? 'other'];
}

/** Words that no number counts: "dropped to nine | because". */
const setFree: ReadonlySet<Role> = new Set(['conjunctions', 'prepositions', 'articles', 'pronouns', 'auxiliaries']);

/** "繁忙的 | 表", "一张 | 表": what joins, and a number with the letter that it counts in. A mark sets them free. */
const joins = (opener: string | undefined, word: string, language: string): boolean =>
  roleOf(word, language) === 'joining' || countedInLetter.test(`${isHanNumber(opener) ? opener : ''}${word}`);

/** "a busy | table": the second word after an article is likely the noun. Where there are none, endings tell. */
function isAdjective(opener: string | undefined, word: string, language: string): boolean {
  const role = opener === undefined ? undefined : roleOf(plainWord(opener), language);
  const plain = plainWord(word);
  if (roleOf(plain, language) !== undefined) return false;
  return role === 'articles' || role === 'numbers' || looksAdjective(plain, language);
}

/** Whether a word needs the next one to make sense, as an article does. A mark after it sets it free. */
export function leans(text: string, language = 'en'): boolean {
  if (isTitle(text, language)) return true;
  if (/[\p{Po}\p{Pd}\p{Pe}]$/u.test(text)) return false;
  const role = roleOf(plainWord(text), language);
  return (role !== undefined && role !== 'trailing' && role !== 'joining') || inDigits.test(text);
}

const inDigits = /^\p{Nd}[\p{Nd}.,]*$/u;

const isNumber = (text: string, language: string): boolean =>
  inDigits.test(text) || roleOf(plainWord(text), language) === 'numbers';

/** "Dr." before a name. */
const isTitle = (text: string, language: string): boolean =>
  /^[\p{L}.]+$/u.test(text) && roleOf(plainWord(text), language) === 'titles';

/** "Ada Lovelace": two capitals with no mark between them. "十一": a number of two letters. */
const areOne = (before: string, after: string): boolean =>
  (/^\p{Lu}\p{Ll}+$/u.test(before) && /^\p{Lu}\p{Ll}/u.test(after)) ||
  (endsInDigit.test(before) && beginsWithDigit.test(after));

const endsInDigit = new RegExp(`[${hanDigits}]$`, 'u');
const beginsWithDigit = new RegExp(`^[${hanDigits}]`, 'u');
const countedInLetter = new RegExp(`^[${hanDigits}]+\\p{Script=Han}$`, 'u');

/**
 * Before which of the pieces a written word begins, where the script writes no spaces: recognisers give Chinese by the
 * letter. Undefined where every piece is a word.
 */
function boundariesOf(words: readonly Breakable[], language: string): ReadonlySet<number> | undefined {
  const text = joinWords(words.map((word) => word.text));
  if (words.length < 2 || !unspaced.test(text)) return undefined;
  const starts = new Set<number>();
  for (const { index } of new Intl.Segmenter(language, { granularity: 'word' }).segment(text)) starts.add(index);
  const boundaries = new Set<number>();
  let from = 0;
  for (const [at, word] of words.entries()) {
    from = text.indexOf(word.text, from);
    if (starts.has(from) || text[from - 1] === ' ') boundaries.add(at);
    from += word.text.length;
  }
  return boundaries;
}

const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
