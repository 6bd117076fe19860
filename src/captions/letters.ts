const fullWidth = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u;

/** Whether a letter is as wide as it is high. */
export const isFullWidth = (letter: string): boolean => fullWidth.test(letter);

/** Accents, vowel signs, joiners and marks of direction stand on or inside another letter. */
const withoutWidth = /[\p{Mn}\p{Me}\p{Cf}]/u;

const sumOf = (text: string, fullWidthCounts: number): number => {
  let sum = 0;
  for (const letter of text) sum += isFullWidth(letter) ? fullWidthCounts : withoutWidth.test(letter) ? 0 : 1;
  return sum;
};

/** Width in Latin letters: full-width ones count as 2.5, so that 42 Latin ones are 16 Chinese ones (Netflix). */
export const widthOf = (text: string): number => sumOf(text, 2.5);

/**
 * What there is to read, in Latin letters. A full-width letter counts as two: 17 a second are then 8.5, between Netflix's
 * 4 for Japanese, 9 for Chinese and 12 for Korean.
 */
export const readingOf = (text: string): number => sumOf(text, 2);
