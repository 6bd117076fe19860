/** A title as the name of one folder or file: letters and digits of any script, at most 60 characters, never hidden. */
export function safeName(title: string): string {
  const name = title
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N} ._-]+/gu, ' ')
    .replace(/\s+/g, ' ');
  return trimmed(/^.{0,60}/u.exec(trimmed(name))?.[0] ?? '') || 'recording';
}

/** The same in small letters with hyphens; words are left out behind about 40 characters. */
export function slugOf(title: string): string {
  const words = safeName(title.replace(/['’]/gu, ''))
    .toLowerCase()
    .split(/[ ._-]+/);
  let slug = '';
  for (const word of words) {
    if (slug.length > 0 && slug.length + word.length > 40) break;
    slug += slug.length > 0 ? `-${word}` : word;
  }
  return slug;
}

const trimmed = (name: string): string => name.replace(/^[ .-]+|[ .-]+$/g, '');
