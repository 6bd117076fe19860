import { frameMs, posesOf } from './acting.ts';
import { drawn, type Frame, type Placement, placed } from './drawing.ts';
import { presenter } from './presenter.ts';
import { inset, sectionSpan, slides } from './slide.ts';
import { talk } from './talk.ts';
import type { Timeline } from './timeline.ts';

const head = `[Script Info]
ScriptType: v4.00+
PlayResX: 1280
PlayResY: 720
WrapStyle: 2
ScaledBorderAndShadow: yes

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Slide,Inter,38,&H00FFFFFF,&H00FFFFFF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,0,0,7,0,0,0,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
`;

/** Everything that is seen, as one ASS file: slides, and the presenter drawn anew for each frame. */
export function pictureOf(timeline: Timeline): string {
  const closeUps = closeUpsOf(timeline);
  const frames = posesOf(timeline).flatMap((pose, n) => {
    const startMs = n * frameMs;
    const close = closeUps.some((span) => startMs >= span.startMs && startMs < span.endMs);
    const view = close ? closeView(startMs) : insetView;
    return presenter(pose).map((shape, depth) =>
      drawn(placed(shape, view.placement), {
        layer: (close ? 100 : 10) + depth,
        startMs,
        endMs: startMs + frameMs,
        frame: view.frame,
      }),
    );
  });
  return `${head}${[...slides(timeline), ...frames].join('\n')}\n`;
}

interface View {
  readonly placement: Placement;
  readonly frame: Frame;
}

const insetView: View = { placement: { at: [1023, 310], scale: 1.06 }, frame: inset };

/** The camera fills the picture and comes nearer by 0.4 % a second. */
const closeView = (ms: number): View => ({
  placement: { at: [640, 292], scale: 1.58 + 0.04 * Math.sin(ms / 4000) },
  frame: { from: [0, 0], to: [1280, 720], radius: 0 },
});

/** Cuts stand in the middle of the pauses around the sentences, on whole frames. */
function closeUpsOf(timeline: Timeline): { startMs: number; endMs: number }[] {
  return talk.flatMap(({ closeUp }, section) => {
    if (!closeUp) return [];
    const own = timeline.sentences.filter((sentence) => sentence.section === section);
    const span = sectionSpan(section, timeline);
    const [first, last] = closeUp;
    const middle = (before: number, otherwise: number): number => {
      const [a, b] = [own[before], own[before + 1]];
      return a && b ? (a.endMs + b.startMs) / 2 : otherwise;
    };
    return [{ startMs: middle(first - 1, span.startMs), endMs: middle(last, span.endMs) }];
  });
}
