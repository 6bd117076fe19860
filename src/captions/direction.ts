/** Languages written from right to left. */
const rightToLeft = new Set([
  'ar',
  'arc',
  'ckb',
  'dv',
  'fa',
  'he',
  'iw',
  'ks',
  'nqo',
  'ps',
  'sd',
  'syr',
  'ug',
  'ur',
  'yi',
]);

const rightLetter = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const rightLetters = new RegExp(rightLetter, 'gu');

/** Invisible marks that count as a letter of that direction. */
const [leftMark, rightMark] = ['\u200e', '\u200f'];

/**
 * The mark that a line of a caption begins with so that players set it in the caption's direction: a line of Arabic may
 * begin with a Latin name. Empty where no letter is written from right to left. In doubt most letters decide.
 */
export function directionMark(caption: string, language?: string): string {
  const rights = (caption.match(rightLetters) ?? []).length;
  if (rights === 0) return '';
  if (rightToLeft.has(language?.split('-')[0]?.toLowerCase() ?? '')) return rightMark;
  const letters = caption.match(/\p{L}/gu)?.length ?? 0;
  return rights * 2 >= letters ? rightMark : leftMark;
}

/** A line of a caption file, marked where a player would find the wrong direction by its first letter. */
export function directedLine(line: string, caption: string, language?: string): string {
  const mark = directionMark(caption, language);
  const first = /\p{L}/u.exec(line)?.[0] ?? '';
  return mark !== '' && rightLetter.test(first) !== (mark === rightMark) ? mark + line : line;
}
