import { accent, ink, rail } from './colors.ts';
import { box, drawn, type Outline, type Point, type Shape, words } from './drawing.ts';
import type { Section } from './talk.ts';

type Span = { readonly startMs: number; readonly endMs: number };

const [top, height] = [506, 72];

/** The small drawing at the foot of a slide, as ASS events. */
export function diagram(kind: Section['diagram'], span: Span): string[] {
  const { shapes, labels = [] } = diagrams[kind]();
  return [
    ...shapes.map((shape) => drawn(shape, { layer: 2, ...span })),
    ...labels.map(({ text, x, color }) =>
      words({ text, at: [x, top + height / 2], size: 40, color, bold: true, centered: true }, span),
    ),
  ];
}

interface Diagram {
  readonly shapes: readonly Shape[];
  readonly labels?: readonly { readonly text: string; readonly x: number; readonly color: string }[];
}

const diagrams: Record<Section['diagram'], () => Diagram> = {
  /** A recording as bars of loudness that stops, and the place where its rest would be. */
  tape: () => ({
    shapes: [
      { color: accent, outlines: bars(0, 38, loudnessAt) },
      { color: rail, outlines: bars(38, 52, () => 6) },
    ],
  }),
  /** The row and the job with a gap between them. */
  gap: () => ({
    shapes: [
      { color: rail, outlines: pair(64, 470) },
      { color: accent, outlines: [...dashes(308, 340), ...dashes(420, 452)] },
    ],
    labels: [...named(64, 470), { text: '0.2 s', x: 380, color: accent }],
  }),
  /** The row and the job inside one frame. */
  commit: () => ({
    shapes: [
      { color: accent, outlines: hull([64, top - 22], [576, height + 44]) },
      { color: rail, outlines: pair(90, 384) },
    ],
    labels: [...named(90, 384), { text: '+', x: 352, color: accent }],
  }),
  /** A year of Fridays. */
  fridays: () => ({ shapes: [{ color: accent, outlines: Array.from({ length: 52 }, (_, n) => week(n)) }] }),
};

const bars = (from: number, to: number, heightAt: (n: number) => number): Outline[] =>
  Array.from({ length: to - from }, (_, i) => {
    const tall = heightAt(from + i);
    return box([64 + (from + i) * 12, top + (height - tall) / 2], [6, tall], 3);
  });

const loudnessAt = (n: number): number =>
  10 + 62 * Math.abs(Math.sin(n * 1.7) * Math.sin(n * 0.41 + 0.6)) * (n % 9 === 8 ? 0.1 : 1);

const pair = (row: number, job: number): Outline[] => [
  box([row, top], [230, height], 12),
  box([job, top], [230, height], 12),
];

const named = (row: number, job: number) => [
  { text: 'row', x: row + 115, color: ink },
  { text: 'job', x: job + 115, color: ink },
];

const dashes = (from: number, to: number): Outline[] =>
  [from, to - 12].map((x) => box([x, top + height / 2 - 2], [12, 4], 2));

/** A thin frame: a box with a smaller one cut out of it. */
const hull = ([x, y]: Point, [width, tall]: Point): Outline[] => [
  box([x, y], [width, tall], 22),
  [...box([x + 4, y + 4], [width - 8, tall - 8], 18)].reverse(),
];

const week = (n: number): Outline => box([64 + (n % 26) * 24, top + 12 + Math.floor(n / 26) * 24], [16, 16], 4);
