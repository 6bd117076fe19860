import { contentWords } from '#language/content-words.ts';
import { cosine, rootOf, tally } from '#language/likeness.ts';
import type { TranscriptLine } from '#providers/language-model.ts';
import type { Run } from './windows.ts';

/** How alike two runs of lines are in what they speak of, 0 to 1. */
export type Alike = (a: Run, b: Run) => number;

/** Compares by the words of content; those that few lines hold weigh more (tf-idf). */
export function alikeIn(lines: readonly TranscriptLine[], language: string): Alike {
  const contentOf = contentWords(language);
  const roots = lines.map(({ text }) => contentOf(text).map(({ plain }) => rootOf(plain)));
  const spread = tally(roots.flatMap((line) => [...new Set(line)]));
  const bags = new Map<string, ReadonlyMap<string, number>>();
  const bagOf = ({ from, to }: Run): ReadonlyMap<string, number> => {
    const counts = tally(roots.slice(from, to + 1).flat());
    return new Map(
      [...counts].map(([root, count]) => [root, count * Math.log(1 + lines.length / (spread.get(root) ?? 1))]),
    );
  };
  const known = (run: Run): ReadonlyMap<string, number> => {
    const name = `${run.from} ${run.to}`;
    const bag = bags.get(name) ?? bagOf(run);
    bags.set(name, bag);
    return bag;
  };
  return (a, b) => cosine(known(a), known(b));
}
