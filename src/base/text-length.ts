const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** How many characters a reader sees: a family emoji or an accented letter counts once. */
export function characters(text: string): number {
  return [...graphemes.segment(text.normalize('NFC'))].length;
}

/**
 * Length of a post on X by the rules of twitter-text v3 (280 is the limit). Where it is unsure whether X would make a
 * link of a bare domain, it counts the larger of both answers: it may count too much, never too little.
 */
export function weightedLength(text: string): number {
  const normal = text.normalize('NFC');
  let sum = 0;
  let from = 0;
  for (const link of linksOf(normal)) {
    sum += weightOfText(normal.slice(from, link.start)) + link.weight;
    from = link.end;
  }
  return sum + weightOfText(normal.slice(from));
}

/** X shortens every link to 23 characters (twitter-text config v3, `transformedURLLength`). */
const linkWeight = 23;

const label = '[\\p{L}\\p{N}](?:[\\p{L}\\p{N}_-]{0,61}[\\p{L}\\p{N}])?';
const address = `((?:${label}\\.)+)([a-z]{2,24})(?![\\p{L}\\p{N}_-])(?::\\d+)?(?:[/?#][\\w\\p{sc=Latn}\\p{sc=Cyrl}/?#&=%+.,:;~!$*'()@|-]*)?`;
const links = new RegExp(`(https?://)?(?<![@\\p{L}\\p{N}_.-])${address}`, 'giu');

function* linksOf(text: string): Generator<{ start: number; end: number; weight: number }> {
  for (const match of text.matchAll(links)) {
    const found = match[0].replace(/[.,:;!?'()]+$/u, '');
    const bare = match[1] === undefined;
    if (bare && !isTopLevel(match[3] ?? '')) continue;
    const weight = bare ? Math.max(linkWeight, weightOfText(found)) : linkWeight;
    yield { start: match.index, end: match.index + found.length, weight };
  }
}

/** Endings with which X is known to make a link of a bare domain; any two letters may be a country. */
const topLevel = new Set(
  'com org net edu gov mil int info biz name pro app dev page blog site online store shop tech cloud news media video live studio design world xyz club team email agency digital today life social website space link'.split(
    ' ',
  ),
);
/** Two-letter endings of file and product names that belong to no country. */
const notCountries = new Set(['js', 'ts', 'cs', 'kt', 'db', 'ui', 'xs', 'ex', 'hs']);

function isTopLevel(ending: string): boolean {
  const lower = ending.toLowerCase();
  return topLevel.has(lower) || (lower.length === 2 && !notCountries.has(lower));
}

function weightOfText(text: string): number {
  let sum = 0;
  for (const { segment } of graphemes.segment(text)) sum += emoji.test(segment) ? 2 : weightOfCodePoints(segment);
  return sum;
}

/** One emoji weighs 2 however many code points build it; a keycap also without its variation selector. */
const emoji = /^(?:\p{RGI_Emoji}|[0-9#*]\u20E3)$/v;

/** Ranges of weight 1 in twitter-text config v3; everything else weighs 2. */
const light = [
  [0, 0x10ff],
  [0x2000, 0x200d],
  [0x2010, 0x201f],
  [0x2032, 0x2037],
] as const;

function weightOfCodePoints(text: string): number {
  let sum = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    sum += light.some(([first, last]) => code >= first && code <= last) ? 1 : 2;
  }
  return sum;
}
