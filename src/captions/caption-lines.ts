import type { Span } from '#base/time.ts';
import { hasFullStop } from '#timeline/sentences.ts';
import { joinWords, plainWord } from '#timeline/word-timing.ts';

/** A word as far as breaking lines needs it. */
export type Breakable = Span<number> & { readonly text: string };

/** The shape of caption text: full-width letters count as 2.5, so that 42 Latin ones are 16 Chinese ones (Netflix). */
export interface TextShape {
  readonly charactersPerLine: number;
  readonly lines: number;
  /** BCP 47; decides which words must not end a line. */
  readonly language?: string;
}

/** Words prepared for breaking: every range of them by word indexes, the end excluded. Widths are summed once. */
export interface BreakableText {
  /** What a break before this word costs. */
  breakCost(at: number): number;
  /** Width of the range on one line, in Latin letters. */
  width(from: number, to: number): number;
  /** How badly the range fits into its lines; 0 is perfect. */
  linesCost(from: number, to: number): number;
  /** The range as its lines: one when it fits, else two with the shorter one first. */
  lines(from: number, to: number): string[];
}

/** From here on a reader stumbles. */
export const badBreak = 40;
/** Each letter beyond the line costs more than any bad break. */
const overflowCost = 60;

export function breakableText(words: readonly Breakable[], shape: TextShape): BreakableText {
  const texts = words.map((word) => word.text);
  const spaces = texts.map((text, index) =>
    index > 0 && joinWords([texts[index - 1] ?? '', text]).includes(' ') ? 1 : 0,
  );
  const ends = [0];
  for (const [index, text] of texts.entries()) ends.push((ends[index] ?? 0) + (spaces[index] ?? 0) + widthOf(text));
  const costs = texts.map((_, at) => breakCost(words, at, shape.language));
  const width = (from: number, to: number): number => (ends[to] ?? 0) - (ends[from] ?? 0) - (spaces[from] ?? 0);
  const overflow = (from: number, to: number): number =>
    overflowCost * Math.max(0, width(from, to) - shape.charactersPerLine);
  const best = (from: number, to: number): { readonly at: number; readonly cost: number } => {
    let found = { at: to, cost: overflow(from, to) };
    if (found.cost === 0 || shape.lines < 2) return found;
    for (let at = from + 1; at < to; at++) {
      const cost =
        overflow(from, at) + overflow(at, to) + (costs[at] ?? 0) / 2 + imbalance(width(from, at) - width(at, to));
      if (cost < found.cost) found = { at, cost };
    }
    return found;
  };
  return {
    breakCost: (at) => costs[at] ?? 0,
    width,
    linesCost: (from, to) => best(from, to).cost,
    lines: (from, to) => {
      const { at } = best(from, to);
      return [texts.slice(from, at), texts.slice(at, to)].filter((line) => line.length > 0).map(joinWords);
    },
  };
}

/** A quarter of a point for each letter of difference, twice that when the first line is the longer one. */
const imbalance = (difference: number): number => Math.abs(difference) * (difference > 0 ? 0.5 : 0.25);

/** Width in Latin letters. */
export const widthOf = (text: string): number => {
  let width = 0;
  for (const letter of text) width += wide.test(letter) ? 2.5 : 1;
  return width;
};

const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u;

/** What a break before `words[at]` costs a reader: nothing after a sentence, much inside a phrase. */
export function breakCost(words: readonly Breakable[], at: number, language = 'en'): number {
  const [before, after] = [words[at - 1], words[at]];
  if (!before || !after || hasFullStop(before.text)) return 0;
  if (/[,;:、，；：—–]["'’”)]*$/u.test(before.text)) return 4;
  const pauseMs = after.startMs - before.endMs;
  const leaning = leans(before.text, language) || areOneName(before.text, after.text);
  const base = leaning ? badBreak + 20 : opensPhrase(after.text, language) ? 9 : 20;
  return base * (pauseMs >= 300 ? 0.5 : 1);
}

/** Articles, prepositions, conjunctions, pronouns and auxiliaries: the next word completes them. */
const leaning: Readonly<Record<string, ReadonlySet<string>>> = {
  en: list(
    "a an the this these those my your his her its our their some any every each no of in on at to for from with by about into onto over under than as like and or but so because if when while that which who whose where i i'm i've i'll i'd you you're you've we we're we've they they're he he's she she's it it's is are was were be been am has have had do does did will would can could should may might must not don't doesn't didn't won't can't very too more most just mr mrs ms dr prof one two three four five six seven eight nine ten hundred thousand million",
  ),
  de: list(
    'der die das den dem des ein eine einen einem einer eines mein dein sein ihr unser in im an am auf aus bei mit nach von vom zu zum zur für über unter und oder aber weil wenn dass als wie ich du er sie es wir ist sind war waren hat haben wird werden kann muss nicht sehr',
  ),
  fr: list(
    "le la les l' un une des du de d' ce cet cette ces mon ma mes ton son sa ses notre votre leur à au aux en dans sur sous avec pour par sans et ou mais car que qui quand si je tu il elle nous vous ils elles on est sont était a ont ne pas très plus",
  ),
  es: list(
    'el la los las un una unos unas de del al a en con por para sin sobre y e o u pero que cuando si mi tu su nuestro este esta estos estas yo tú él ella nosotros es son era fue ha han no muy más',
  ),
  it: list(
    'il lo la i gli le un uno una di del della dei a al alla da dal in nel con su per tra fra e o ma che se quando io tu lui lei noi è sono era ha hanno non molto più',
  ),
  pt: list(
    'o a os as um uma de do da dos das em no na nos nas com por para sem e ou mas que se quando eu tu ele ela nós é são era foi tem não muito mais',
  ),
  nl: list(
    'de het een dit dat deze die mijn jouw zijn haar ons in op aan bij met naar van voor over en of maar omdat als ik jij hij zij wij is zijn was heeft hebben niet zeer',
  ),
};

function list(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}

const wordsOf = (language: string): ReadonlySet<string> =>
  leaning[language.split('-')[0]?.toLowerCase() ?? ''] ?? new Set();

/** Whether a word needs the next one to make sense, as an article does. A mark after it sets it free. */
export const leans = (text: string, language = 'en'): boolean =>
  !/[\p{Po}\p{Pd}\p{Pe}]$/u.test(text) && (wordsOf(language).has(plainWord(text)) || /^\p{Nd}[\p{Nd}.,]*$/u.test(text));

const opensPhrase = (text: string, language: string): boolean => wordsOf(language).has(plainWord(text));

/** "Ada Lovelace": two capitals with no mark between them. */
const areOneName = (before: string, after: string): boolean =>
  /^\p{Lu}\p{Ll}+$/u.test(before) && /^\p{Lu}\p{Ll}/u.test(after);
