/** Text that shows as it is written inside markdown: marks of markdown and of HTML are escaped, breaks become spaces. */
export function escapeMarkdown(text: string): string {
  return oneLine(text)
    .replaceAll(/[\\`*_[\]<>|~]/gu, '\\$&')
    .replace(/^(?:#{1,6}(?= )|[-+](?= )|=+$|-+$)/u, '\\$&')
    .replace(/^(\d+)([.)] )/u, '$1\\$2');
}

/** Text for platforms that show marks as they are: emphasis, headings, list dashes, code and links become their words. */
export function plain(text: string): string {
  let rest = oneLine(text);
  for (let next = withoutMarks(rest); next !== rest; next = withoutMarks(rest)) rest = next;
  return rest;
}

/** Taking one mark out can join two others, so this is repeated until nothing changes. */
const withoutMarks = (text: string): string =>
  text
    .replaceAll(/\[([^\]]*)\]\(([^)\s]*)\)/gu, '$1 ($2)')
    .replaceAll(/\]\(/gu, '] (')
    .replaceAll(/\*\*|__|`/gu, '')
    .replace(/^(?:(?:#{1,6}|[-*+]) )+/u, '')
    .trim();

/**
 * The end of a title's address: its words in lower case joined by dashes, at most 80 characters, cut between words.
 * Accents are dropped, other scripts stay. A title without letters or digits gives `post`.
 */
export function slugOf(title: string): string {
  const words = title
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f'’]/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFC')
    .match(/[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+/gu);
  return (words ?? []).reduce(longer, '') || 'post';
}

const mostOfSlug = 80;

function longer(slug: string, word: string): string {
  if (slug === '') return Array.from(word).slice(0, mostOfSlug).join('');
  return slug.length + 1 + word.length > mostOfSlug ? slug : `${slug}-${word}`;
}

const oneLine = (text: string): string => text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
