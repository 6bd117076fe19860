import { accent, ink, paper, rail } from './colors.ts';
import { diagram } from './diagram.ts';
import { box, drawn, type Frame, type Shape, words } from './drawing.ts';
import { type Section, talk } from './talk.ts';
import type { Timeline } from './timeline.ts';

type Span = { readonly startMs: number; readonly endMs: number };

/** Where the presenter stands beside a slide. Everything ends above 612, so that captions have the lowest 15 %. */
export const inset: Frame = { from: [830, 120], to: [1216, 588], radius: 22 };

/** When a section begins and ends: its slide changes in the middle of the pause before it. */
export function sectionSpan(section: number, { sentences, durationMs }: Timeline): { startMs: number; endMs: number } {
  const edge = (of: number): number => {
    const before = sentences.findLast((sentence) => sentence.section < of);
    const after = sentences.find((sentence) => sentence.section === of);
    if (!before) return 0;
    return after ? (before.endMs + after.startMs) / 2 : durationMs;
  };
  return { startMs: edge(section), endMs: edge(section + 1) };
}

/** The ASS events of every slide. */
export function slides(timeline: Timeline): string[] {
  return talk.flatMap((section, n) => slide(section, n, timeline));
}

function slide(section: Section, n: number, timeline: Timeline): string[] {
  const span = sectionSpan(n, timeline);
  const from = (position: number): { startMs: number; endMs: number } => {
    const sentence = timeline.sentences.find((one) => one.section === n && one.position === position);
    return { startMs: sentence?.startMs ?? span.startMs, endMs: span.endMs };
  };
  return [
    drawn({ color: paper, outlines: [box([0, 0], [1280, 720])] }, { layer: 0, ...span }),
    drawn(
      { color: '1c2b4d', outlines: [box([inset.from[0] - 5, inset.from[1] - 5], [396, 478], 27)] },
      { layer: 0, ...span },
    ),
    ...steps(n).map((shape) => drawn(shape, { layer: 1, ...span })),
    words({ text: section.title, at: [62, 138], size: 76, color: ink, bold: true }, span),
    ...section.bullets.flatMap(({ text, withSentence }, row) => bullet(text, 268 + row * 70, from(withSentence))),
    ...diagram(section.diagram, span),
  ];
}

/** Which of the sections this is, as a row of short bars. */
function steps(current: number): Shape[] {
  const bars = (wanted: (n: number) => boolean) =>
    talk.flatMap((_, n) => (wanted(n) ? [box([64 + n * 52, 120], [40, 6], 3)] : []));
  return [
    { color: rail, outlines: bars((n) => n > current) },
    { color: accent, outlines: bars((n) => n <= current) },
  ];
}

function bullet(text: string, y: number, span: Span): string[] {
  return [
    drawn({ color: accent, outlines: [box([66, y + 19], [16, 16], 3)] }, { layer: 2, ...span }),
    words({ text, at: [104, y], size: 46, color: ink }, span),
  ];
}
