import type { TranscriptLine } from '#providers/language-model.ts';

/** Whether the lines `from` to `to` (included, as indexes), read as one text, say something. */
type Mention = (from: number, to: number) => boolean;

/**
 * Where the lines say a term (in lower case). The text is searched once and each window only asks: joining it anew for
 * every window of ten minutes took gigabytes of text for a talk of three hours.
 */
export function mentionOf(lines: readonly TranscriptLine[], term: string): Mention {
  const texts = lines.map((line) => line.text.toLowerCase());
  const text = texts.join(' ');
  const nextEnd = Array.from(texts, () => Number.POSITIVE_INFINITY);
  const [first, last] = [placeIn(texts), placeIn(texts)];
  for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
    const line = first(at);
    nextEnd[line] = Math.min(nextEnd[line] ?? Number.POSITIVE_INFINITY, last(at + term.length - 1));
  }
  for (let line = lines.length - 2; line >= 0; line--) {
    nextEnd[line] = Math.min(nextEnd[line] ?? Number.POSITIVE_INFINITY, nextEnd[line + 1] ?? Number.POSITIVE_INFINITY);
  }
  return (from, to) => (nextEnd[from] ?? Number.POSITIVE_INFINITY) <= to;
}

/** The line that holds a letter of the joined text; to be asked for letters in order. */
function placeIn(texts: readonly string[]): (at: number) => number {
  let line = 0;
  let end = texts[0]?.length ?? 0;
  return (at) => {
    while (at > end && line < texts.length - 1) {
      line += 1;
      end += 1 + (texts[line]?.length ?? 0);
    }
    return line;
  };
}
