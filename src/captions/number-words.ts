import type { Word } from '#base/time.ts';
import { plainWord } from '#timeline/word-timing.ts';
import { captionLanguage } from './caption-language.ts';
import { widthOf } from './letters.ts';
import { type Numbers, numberLists } from './number-lists.ts';

/** Letters of Chinese and Japanese numbers, as the inside of a character class. */
export const hanDigits = '〇零一二两兩三四五六七八九十百千万萬亿億';
const han = new RegExp(`^[${hanDigits}]+$`, 'u');

/** Whether a word is nothing but such letters. */
export const isHanNumber = (text = ''): boolean => han.test(text);

/** Korean counts with words of its own up to 99, and with letters of which one alone may be another word. */
const korean =
  /^(?:(?:열|스물|서른|마흔|쉰|예순|일흔|여든|아흔)?(?:한|두|세|네|다섯|여섯|일곱|여덟|아홉)|열|스무|스물|서른|마흔|쉰|예순|일흔|여든|아흔|[십백천만억]|(?=.*[십백천만억])[일이삼사오육칠팔구십백천만억]{2,12})$/u;

const patterns: Readonly<Record<string, RegExp>> = {
  ...Object.fromEntries(Object.entries(numberLists).map(([language, each]) => [language, patternOf(each)])),
  zh: han,
  ja: han,
  ko: korean,
};

/** Longer ones first, so that "seventeen" is not "seven" and something else. */
function patternOf({ words, glue }: Numbers): RegExp {
  const one = words
    .normalize('NFC')
    .split(' ')
    .toSorted((a, b) => b.length - a.length)
    .join('|');
  return new RegExp(glue === undefined ? `^(?:${one})$` : `^(?:${one})(?:${glue}(?:${one}))*$`, 'u');
}

/** "Neunhundertneunundneunzigtausend" has 32 letters. */
const longest = 40;

/** Whether the word, in its plain form, counts what follows it. The language is BCP 47. */
export function isNumberWord(plain: string, language: string): boolean {
  return plain.length <= longest && (patterns[captionLanguage(language)]?.test(plain.replaceAll('ʼ', "'")) ?? false);
}

/**
 * Neighbours that are one number in a script that writes no spaces become one word, so that a highlight lights it whole;
 * never wider than `widest`, a line. Everywhere else words stay as they were said.
 */
export function withWholeNumbers<W extends Word<number>>(words: readonly W[], widest: number): (W | Word<number>)[] {
  const whole: (W | Word<number>)[] = [];
  for (const word of words) {
    const before = whole.at(-1);
    const text = `${before?.text ?? ''}${word.text}`;
    if (before && areOneNumber(before.text, word.text) && widthOf(text) <= widest)
      whole[whole.length - 1] = { ...before, text, endMs: word.endMs };
    else whole.push(word);
  }
  return whole;
}

/** The second may carry a mark or what it counts in: 五条. */
const areOneNumber = (before: string, after: string): boolean =>
  (han.test(before) && beginsHan.test(after)) || (isNumberWord(before, 'th') && isNumberWord(plainWord(after), 'th'));

const beginsHan = new RegExp(`^[${hanDigits}]`, 'u');
