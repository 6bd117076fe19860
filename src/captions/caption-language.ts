/** The base of a BCP 47 tag as the lists of words know it: Norwegian of both kinds is read as Bokmål. */
export function captionLanguage(language: string): string {
  const base = language.split(/[-_]/)[0]?.toLowerCase() ?? '';
  return base === 'no' || base === 'nn' ? 'nb' : base;
}
