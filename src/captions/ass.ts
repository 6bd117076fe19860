import { assColour, assText, fontSize, type Piece, type Setting } from './ass-text.ts';
import { captionLayouts, shapeOf } from './caption-layouts.ts';
import { type CaptionPlace, type CaptionStyleName, captionStyles, placeOf } from './caption-styles.ts';
import type { Cue } from './captions.ts';
import { drawnWidth } from './drawn-width.ts';
import { facesFor } from './faces.ts';
import type { CaptionSafeArea } from './safe-areas.ts';

/** How and into what captions are drawn. */
export interface AssLook {
  /** The real frame, in pixels. */
  readonly frame: { readonly width: number; readonly height: number };
  readonly style: CaptionStyleName;
  /** Decides in upright frames only. */
  readonly safeArea: CaptionSafeArea;
  /** Where two parts of the picture meet, in pixels from the top: captions stand there. */
  readonly seam?: number | undefined;
  /** BCP 47: decides faces and direction. */
  readonly language?: string | undefined;
}

/** An ASS file that burns the cues into a frame of exactly this size. Needs its faces in libass's fontsdir. */
export function toAss(cues: readonly Cue<number>[], look: AssLook): string {
  const set = settingOf(look);
  const events = cues.flatMap((cue) => (look.style === 'KARAOKE' ? karaokeEvents(cue) : [plainEvent(cue)]));
  const lines = events
    .filter((event) => hundredths(event.endMs) > hundredths(event.startMs))
    .map((event) => dialogue(event, set));
  return `${[...header(set), ...lines].join('\n')}\n`;
}

interface Set extends Omit<Setting, 'letterSize'> {
  readonly look: AssLook;
  readonly place: CaptionPlace;
}

function settingOf(look: AssLook): Set {
  const shape = shapeOf(look.frame);
  const { safeArea, seam, language } = look;
  const place = placeOf({ ...look.frame, shape, safeArea, seam }, captionLayouts[shape].charactersPerLine);
  const [face] = facesFor(language);
  const { colour } = captionStyles[look.style];
  return { look, place, language, style: { family: face.family, size: fontSize(face, place.letterSize), colour } };
}

interface Event {
  readonly startMs: number;
  readonly endMs: number;
  readonly lines: readonly string[];
  readonly pieces: readonly Piece[];
}

const plainEvent = (cue: Cue<number>): Event => ({ ...cue, pieces: [{ text: cue.text, colour: null }] });

/** One event for each word, from its start to the next one's: only its colour differs, so nothing moves or flickers. */
function karaokeEvents(cue: Cue<number>): Event[] {
  let from = 0;
  return cue.words.map((word, index) => {
    // Words are found in order, as one may come twice.
    const at = Math.max(from, cue.text.indexOf(word.text, from));
    from = at + word.text.length;
    return {
      startMs: index === 0 ? cue.startMs : word.startMs,
      endMs: Math.min(cue.words[index + 1]?.startMs ?? cue.endMs, cue.endMs),
      lines: cue.lines,
      pieces: [
        { text: cue.text.slice(0, at), colour: null },
        { text: cue.text.slice(at, from), colour: captionStyles.KARAOKE.spokenColour },
        { text: cue.text.slice(from), colour: null },
      ],
    };
  });
}

const dialogue = ({ startMs, endMs, lines, pieces }: Event, set: Set): string =>
  `Dialogue: 0,${clock(startMs)},${clock(endMs)},Caption,,0,0,0,,${assText(pieces, { ...set, letterSize: fitting(lines, set) })}`;

/** Lines are never wrapped for us (WrapStyle 2), so a line too long for the frame is set smaller. */
function fitting(lines: readonly string[], { look, place }: Set): number {
  const room = look.frame.width - 2 * place.side;
  const widest = Math.max(...lines.map(drawnWidth));
  return Math.min(place.letterSize, room / Math.max(widest, 1));
}

/** Each moment is rounded by itself to the format's 10 ms grid: errors never add up and neighbours stay joined. */
const hundredths = (ms: number): number => Math.round(ms / 10);

function clock(ms: number): string {
  const at = hundredths(ms);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${Math.floor(at / 360_000)}:${two((at / 6000) % 60)}:${two((at / 100) % 60)}.${two(at % 100)}`;
}

function header({ look, place, style }: Set): string[] {
  const { outline, shadow, box } = captionStyles[look.style];
  const px = (em: number): number => Math.round(em * place.letterSize);
  const colours = [assColour(style.colour), assColour(style.colour), assColour('000000')].join(',');
  // Border style 4 is libass's own: one box behind all lines, of the back colour, with the shadow's length as padding.
  const edges = box
    ? `${assColour(box.colour, box.opacity)},-1,0,0,0,100,100,0,0,4,0,${px(box.padding)}`
    : `${assColour('000000', 0.5)},-1,0,0,0,100,100,0,0,1,${Math.max(1, px(outline))},${px(shadow)}`;
  return [
    '[Script Info]',
    'ScriptType: v4.00+',
    `PlayResX: ${look.frame.width}`,
    `PlayResY: ${look.frame.height}`,
    'WrapStyle: 2',
    'ScaledBorderAndShadow: yes',
    '',
    '[V4+ Styles]',
    'Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding',
    // Encoding -1: libass finds the direction of a whole caption; with any other, each colour is a sentence of its own.
    `Style: Caption,${style.family},${style.size},${colours},${edges},2,${place.side},${place.side},${place.bottom},-1`,
    '',
    '[Events]',
    'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text',
  ];
}
