import { isFullWidth } from './letters.ts';

/** Advance widths of Inter Bold from space to tilde, in hundredths of an em. */
const latin =
  '24 34 55 65 65 102 67 34 38 38 56 68 33 47 33 39 67 43 63 65 68 62 65 58 65 65 33 34 68 68 68 56 102 75 66 74 72 61 59 75 75 28 58 72 57 93 76 77 65 78 66 65 67 73 75 104 74 73 66 38 39 38 49 48 37 58 63 59 63 60 40 63 62 27 27 58 27 91 62 61 63 63 41 56 37 62 60 85 58 60 57 47 37 47 68'
    .split(' ')
    .map((hundredths) => Number(hundredths) / 100);

/**
 * Width of a line when it is drawn, in em. Exact for Latin letters without kerning; elsewhere the average of the shipped
 * faces (Cyrillic and Greek 0.65, Hebrew 0.58, Arabic 0.6 as its letters join, Devanagari and Thai 0.66, Chinese 1).
 */
export function drawnWidth(text: string): number {
  let width = 0;
  for (const letter of text) {
    if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(letter)) continue;
    width += latin[(letter.normalize('NFD').codePointAt(0) ?? 0) - 32] ?? (isSquare(letter) ? 1 : 0.66);
  }
  return width;
}

const isSquare = (letter: string): boolean => isFullWidth(letter) || /\p{Extended_Pictographic}/u.test(letter);
