import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import { criteria, type Draft, type PostKind, type Proposal } from './language-model.ts';

/**
 * What a model answers, as schemas of the strict kind: every key required, nothing optional, no bounds (servers differ
 * in the bounds they know). The bounds are checked here, on arrival.
 */
const sentence = z.object({ text: z.string(), lines: z.array(z.number()) });
const paragraphs = z.array(z.array(sentence));

const bestMark = 25;

export const momentsAnswer = z.object({
  moments: z.array(
    z.object({
      firstLine: z.number(),
      lastLine: z.number(),
      title: z.string(),
      summary: z.string(),
      topics: z.array(z.string()),
      hook: z.number(),
      standsAlone: z.number(),
      payoff: z.number(),
      novelty: z.number(),
    }),
  ),
  subjects: z.array(z.object({ line: z.number(), title: z.string() })),
});

export const pickAnswer = z.object({ lines: z.array(z.number()) });

export const postAnswers = {
  BLOG: z.object({
    title: sentence,
    excerpt: sentence,
    sections: z.array(z.object({ heading: z.string(), paragraphs })),
    quote: sentence.nullable(),
    tags: z.array(z.string()),
  }),
  LINKEDIN: z.object({ paragraphs, hashtags: z.array(z.string()) }),
  TWITTER: z.object({ posts: paragraphs }),
  INSTAGRAM: z.object({ caption: paragraphs, hashtags: z.array(z.string()), slides: z.array(sentence) }),
} as const satisfies Record<PostKind, z.ZodType>;

/** Line numbers that a request named; an answer may name no others. */
export type KnownLines = ReadonlySet<number>;

/** Moments and subjects with what was marked. Throws PROVIDER_BAD_ANSWER for unknown or crossed lines, or odd marks. */
export function proposalFrom({ moments, subjects }: z.output<typeof momentsAnswer>, known: KnownLines): Proposal {
  checkLines([...moments.flatMap(({ firstLine, lastLine }) => [firstLine, lastLine]), ...subjects.map(lineOf)], known);
  return {
    moments: moments.map(({ hook, standsAlone, payoff, novelty, ...moment }) => {
      const marks = { hook, standsAlone, payoff, novelty };
      if (moment.firstLine > moment.lastLine) throw badAnswer('a moment ends before it starts');
      if (criteria.some((name) => !(marks[name] >= 0 && marks[name] <= bestMark)))
        throw badAnswer('a mark is outside its scale');
      return { ...moment, marks };
    }),
    subjects: subjects.toSorted((a, b) => a.line - b.line),
  };
}

const lineOf = ({ line }: { line: number }): number => line;

/** A draft from the answer of its kind. Throws PROVIDER_BAD_ANSWER for an unknown line anywhere in it. */
export function draftFrom(kind: PostKind, answer: unknown, known: KnownLines): Draft {
  const draft = draftOf(kind, answer);
  checkLines(linesIn(answer), known);
  return draft;
}

function draftOf(kind: PostKind, answer: unknown): Draft {
  if (kind === 'BLOG') return { kind, ...postAnswers.BLOG.parse(answer) };
  if (kind === 'LINKEDIN') return { kind, ...postAnswers.LINKEDIN.parse(answer) };
  if (kind === 'TWITTER') return { kind, ...postAnswers.TWITTER.parse(answer) };
  return { kind, ...postAnswers.INSTAGRAM.parse(answer) };
}

/** Every line number of an answer: the only numbers that posts hold. */
function linesIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(linesIn) : [];
}

/** Throws PROVIDER_BAD_ANSWER when a number is not a line of the request. */
export function checkLines(lines: readonly number[], known: KnownLines): void {
  const unknown = lines.filter((line) => !known.has(line));
  if (unknown.length > 0) throw badAnswer('unknown line numbers', { unknown: unknown.slice(0, 10) });
}

const badAnswer = (reason: string, facts: Record<string, unknown> = {}): Problem =>
  new Problem('PROVIDER_BAD_ANSWER', { provider: 'openai', reason, ...facts });
