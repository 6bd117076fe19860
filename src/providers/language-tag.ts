/**
 * A language as BCP 47, from whatever names it: a tag, an old or three-letter code (`eng`, `iw`), or the English name that
 * recognisers answer (`english`). `und` when it names none.
 */
export function languageTag(said: string | null | undefined): string {
  const text = (said ?? '').trim().replaceAll('_', '-');
  return canonical(codeOf(text.toLowerCase()) ?? text);
}

/** Whether two tags are the same language, whatever their region or script. */
export const sameLanguage = (a: string, b: string): boolean => primaryOf(a) === primaryOf(b);

/** The language itself, such as `en` of `en-GB`. */
export const primaryOf = (tag: string): string => languageTag(tag).split('-')[0] ?? 'und';

/** `Intl` takes any five to eight letters for a language; none of that length exists. */
function canonical(text: string): string {
  try {
    const tag = Intl.getCanonicalLocales(text)[0] ?? 'und';
    return /^[a-z]{2,3}(-|$)/.test(tag) ? tag : 'und';
  } catch {
    return 'und';
  }
}

const codeOf = (name: string): string | undefined => whisperNames[name] ?? namesOfCodes().get(name);

/** Names of whisper's list (tokenizer.py, 99 languages and aliases) that Unicode calls otherwise or gives three letters. */
const whisperNames: Readonly<Record<string, string>> = {
  bengali: 'bn',
  cantonese: 'yue',
  castilian: 'es',
  flemish: 'nl',
  haitian: 'ht',
  hawaiian: 'haw',
  letzeburgesch: 'lb',
  mandarin: 'zh',
  maori: 'mi',
  moldavian: 'ro',
  moldovan: 'ro',
  myanmar: 'my',
  nynorsk: 'nn',
  panjabi: 'pa',
  pushto: 'ps',
  sinhalese: 'si',
  tagalog: 'tl',
  valencian: 'ca',
};

let names: Map<string, string> | undefined;

/** English names of all two-letter codes, asked of Unicode once. */
function namesOfCodes(): Map<string, string> {
  if (names !== undefined) return names;
  const display = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
  const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  names = new Map(codes.map((code) => [display.of(code)?.toLowerCase() ?? code, code]));
  return names;
}
