import { topicsOf, topicVocabulary } from '#domain/moments/topics.ts';
import type { ProposedSubject, TranscriptLine } from '#providers/language-model.ts';

/** Lists cut longer ones. */
const longestTitle = 70;

interface Named {
  readonly language: string;
  readonly subjects: readonly ProposedSubject[];
}

/**
 * A title for each stretch that starts at these lines: a model's where it named that line, else the terms that tell the
 * stretch from the rest of the talk. One line of text each, none empty, no two alike.
 */
export function titledChapters(
  lines: readonly TranscriptLine[],
  starts: readonly number[],
  { language, subjects }: Named,
): string[] {
  const vocabulary = topicVocabulary(
    lines.map(({ text }) => text),
    language,
  );
  const named = new Map(subjects.map(({ line, title }) => [line, oneLine(title)]));
  const used = new Set<string>();
  return starts.map((from, index) => {
    const inside = lines.slice(from, starts[index + 1] ?? lines.length);
    const terms = topicsOf(
      inside.map(({ text }) => text),
      vocabulary,
    );
    const ways = [named.get(lines[from]?.id ?? -1) ?? '', ...waysToName(terms), ...openings(inside), `${index + 1}`];
    const title = ways.find((way) => way !== '' && !used.has(way.toLowerCase())) ?? `${index + 1}`;
    used.add(title.toLowerCase());
    return title;
  });
}

/** Two terms say more than one; of a stretch with a single one that is all there is. */
function waysToName(terms: readonly string[]): string[] {
  const [first = '', second = '', third = ''] = terms;
  return [[first, second], [first, third], [second, third], [first]].map((pair) =>
    capitalised(pair.filter(Boolean).join(', ')),
  );
}

const openings = (inside: readonly TranscriptLine[]): string[] => inside.slice(0, 3).map(({ text }) => oneLine(text));

const oneLine = (text: string): string => {
  const plain = text.replaceAll(/\s+/gu, ' ').trim();
  return plain.length <= longestTitle ? plain : `${plain.slice(0, longestTitle - 1).trimEnd()}…`;
};

const capitalised = (text: string): string => text.slice(0, 1).toLocaleUpperCase() + text.slice(1);
