import { type HanSubset, hasHan } from './han-letters.ts';

/** A font face that captions are drawn with. All are bold: captions are read at a glance. */
export interface Face {
  /** How the file itself calls its family. */
  readonly family: string;
  readonly file: string;
  /** Height of a line in em: libass takes a font size as the sum of the file's `winAscent` and `winDescent`. */
  readonly lineHeight: number;
  /** Letters it has; `han` are those of a subset of the Chinese ones besides. */
  readonly letters: RegExp;
  readonly han?: HanSubset;
  /** Languages that write the letters they share with others its way. */
  readonly languages?: readonly string[];
}

const latin = String.raw`\u0020-\u007e\u00a0-\u00a3\u00a5\u00a7-\u00ab\u00ae-\u00b0\u00b4\u00b6-\u00b8\u00ba\u00bb\u00bf-\u00ff–—‘’“”•…‹›€`;
const only = (letters: string): RegExp => new RegExp(`^[${letters}]$`, 'u');

/**
 * In order of preference. Other scripts are drawn with a font of the machine, where fontconfig finds one. The Chinese,
 * Japanese and Korean files are Google's web subsets, a tenth of the whole: between 6,300 and 7,300 Chinese letters, all
 * kana, all Korean syllables.
 */
export const faces: readonly [Face, ...Face[]] = [
  {
    family: 'Inter',
    file: 'Inter-Bold.ttf',
    lineHeight: 1.43,
    letters: only(
      String.raw`\u0020-\u007e\u00a0-\u00ac\u00ae-\u0148\u014a-\u017f\u0218-\u021b\u0300-\u0304\u0306-\u030a\u030c\u0384-\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f\u0490-\u049d\u04a0-\u04ff\u1e80-\u1e85\u1ea0-\u1ef9\u2010-\u2027\u2030-\u203a\u20a0-\u20af\u20b1-\u20b5\u20b8-\u20ba\u20bc-\u20bf\u2122\u2190-\u2193\u2212\u221e\u2248\u2260\u2264\u2265`,
    ),
  },
  {
    family: 'Noto Sans Arabic',
    file: 'NotoSansArabic-Bold.ttf',
    lineHeight: 2.169,
    letters: only(String.raw`${latin}\u0600-\u06ff\u0750-\u077f`),
  },
  {
    family: 'Noto Sans Hebrew',
    file: 'NotoSansHebrew-Bold.ttf',
    lineHeight: 1.36,
    letters: only(String.raw`${latin}\u0591-\u05c7\u05d0-\u05ea\u05f0-\u05f4`),
  },
  {
    family: 'Noto Sans Devanagari',
    file: 'NotoSansDevanagari-Bold.ttf',
    lineHeight: 1.906,
    letters: only(String.raw`${latin}\u0900-\u097f`),
  },
  {
    family: 'Noto Sans Thai',
    file: 'NotoSansThai-Bold.ttf',
    lineHeight: 1.511,
    letters: only(String.raw`${latin}\u0e01-\u0e3a\u0e3f-\u0e5b`),
  },
  {
    family: 'Noto Sans SC Thin',
    file: 'NotoSansSC-Bold.woff',
    lineHeight: 1.448,
    letters: only(latin),
    han: 'SC',
    languages: ['zh'],
  },
  {
    family: 'Noto Sans TC Thin',
    file: 'NotoSansTC-Bold.woff',
    lineHeight: 1.448,
    letters: only(latin),
    han: 'TC',
    languages: ['zh-hant', 'zh-tw', 'zh-hk', 'zh-mo', 'yue'],
  },
  {
    family: 'Noto Sans JP Thin',
    file: 'NotoSansJP-Bold.woff',
    lineHeight: 1.448,
    letters: only(latin),
    han: 'JP',
    languages: ['ja'],
  },
  {
    family: 'Noto Sans KR Thin',
    file: 'NotoSansKR-Bold.woff',
    lineHeight: 1.448,
    letters: only(String.raw`${latin}\u3131-\u318e\uac00-\ud7a3`),
    languages: ['ko'],
  },
  {
    family: 'Noto Emoji',
    file: 'NotoEmoji-Bold.ttf',
    lineHeight: 1.172,
    letters: only(
      String.raw`\p{Emoji_Presentation}\p{Emoji_Modifier}\p{Regional_Indicator}\u2600-\u2604\u2639\u263a\u2665\u2764\u{1f5e3}\u20e3`,
    ),
  },
];

/** What is not drawn by itself: ends of lines, joiners, marks of direction and of how an emoji is to look. */
const invisible = /^(?:[\n\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\ufe0e\ufe0f])$/u;

/** Whether a face has every letter of a text. */
export function covers({ letters, han }: Face, text: string): boolean {
  for (const letter of text)
    if (!letters.test(letter) && !invisible.test(letter) && !(han && hasHan(han, letter))) return false;
  return true;
}

/** The faces as a text in this language (BCP 47) prefers them: its own way of writing shared letters first. */
export function facesFor(language: string | undefined): readonly [Face, ...Face[]] {
  const tag = language?.toLowerCase() ?? '';
  const matches = ({ languages = [] }: Face): number =>
    Math.max(0, ...languages.filter((own) => `${tag}-`.startsWith(`${own}-`)).map((own) => own.length));
  const [first, ...others] = [...faces].sort((a, b) => matches(b) - matches(a));
  return first ? [first, ...others] : faces;
}
