import type { ClipMs } from '#base/time.ts';
import { widthOf } from './caption-lines.ts';
import type { Cue } from './captions.ts';

/** Space at each edge of the picture that captions stay out of, in pixels. */
interface SafeArea {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
}

export interface AssLook {
  /** The real frame, in pixels. */
  readonly width: number;
  readonly height: number;
  /** KARAOKE colours the word that is being said. */
  readonly style: 'PLAIN' | 'KARAOKE';
  /** By default the one of the picture's shape. */
  readonly safeArea?: SafeArea;
}

/**
 * Fractions of the frame as of 2026-11. Upright: the apps' own buttons and texts cover up to 460 of the lower 1920 and
 * up to 180 of the right 1080 pixels; equal sides keep the text in the middle. Wide: the BBC's 68 % of the width.
 * The font sizes let a full line of the shape's caption layout fit in Inter Bold.
 */
const shapes = {
  UPRIGHT: { side: 0.11, bottom: 0.25, fontSize: 0.0455 },
  SQUARE: { side: 0.08, bottom: 0.1, fontSize: 0.06 },
  WIDE: { side: 0.1, bottom: 0.07, fontSize: 0.058 },
} as const;

const fontName = 'Inter';
/** Average of English text: 0.58 em, and libass takes the font size as the height of a line, 1.21 em. */
const emPerLetter = 0.48;
/** &HAABBGGRR without the alpha: white and a warm yellow, legible on any picture with the black outline. */
const [plainColour, activeColour] = ['FFFFFF', '2BD4FF'];

/** An ASS file that burns the cues into a frame of exactly this size. Needs the font in libass's fontsdir. */
export function toAss(cues: readonly Cue<ClipMs>[], look: AssLook): string {
  const events = cues.flatMap((cue) => (look.style === 'KARAOKE' ? karaokeEvents(cue) : [plainEvent(cue)]));
  const lines = events
    .filter((event) => hundredths(event.endMs) > hundredths(event.startMs))
    .map((event) => dialogue(event, look));
  return `${[...header(look), ...lines].join('\n')}\n`;
}

interface Event {
  readonly startMs: number;
  readonly endMs: number;
  readonly lines: readonly string[];
  readonly text: string;
}

const plainEvent = (cue: Cue<ClipMs>): Event => ({ ...cue, text: cue.lines.map(escaped).join('\\N') });

/** One event for each word, from its start to the next one's: only its colour differs, so nothing moves or flickers. */
function karaokeEvents(cue: Cue<ClipMs>): Event[] {
  return cue.words.map((word, index) => ({
    startMs: index === 0 ? cue.startMs : word.startMs,
    endMs: Math.min(cue.words[index + 1]?.startMs ?? cue.endMs, cue.endMs),
    lines: cue.lines,
    text: withActive(cue, index),
  }));
}

/** The cue's lines with its n-th word in the active colour. Words are found in order, as a word may come twice. */
function withActive(cue: Cue<ClipMs>, active: number): string {
  let from = 0;
  for (const word of cue.words.slice(0, active)) from = endOfWord(cue.text, word.text, from);
  const to = endOfWord(cue.text, cue.words[active]?.text ?? '', from);
  const start = to - (cue.words[active]?.text.length ?? 0);
  const parts = [cue.text.slice(0, start), cue.text.slice(start, to), cue.text.slice(to)].map(escaped);
  return `${parts[0]}{\\c&H${activeColour}&}${parts[1]}{\\c&H${plainColour}&}${parts[2]}`;
}

const endOfWord = (text: string, word: string, from: number): number => {
  const at = text.indexOf(word, from);
  return at < 0 ? from : at + word.length;
};

/** Escapes that held on ffmpeg 4.1, 5.1 and 7.0: a word joiner keeps a backslash from starting a command. */
const escaped = (text: string): string =>
  text
    .replaceAll('\\', '\\\u2060')
    .replaceAll('{', '\\{')
    .replaceAll('}', '\\}')
    .replace(/\r\n|\r|\n/g, '\\N');

const dialogue = (event: Event, look: AssLook): string =>
  `Dialogue: 0,${clock(event.startMs)},${clock(event.endMs)},Caption,,0,0,0,,${shrunk(event.lines, look)}${event.text}`;

/** Lines are never wrapped for us (WrapStyle 2), so a line too long for the frame is set smaller. */
function shrunk(lines: readonly string[], look: AssLook): string {
  const room = look.width - areaOf(look).left - areaOf(look).right;
  const needed = Math.max(...lines.map(widthOf)) * emPerLetter * fontSizeOf(look);
  return needed <= room ? '' : `{\\fs${Math.max(1, Math.floor((fontSizeOf(look) * room) / needed))}}`;
}

/** Each moment is rounded by itself to the format's 10 ms grid: errors never add up and neighbours stay joined. */
const hundredths = (ms: number): number => Math.round(ms / 10);

function clock(ms: number): string {
  const at = hundredths(ms);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${Math.floor(at / 360_000)}:${two((at / 6000) % 60)}:${two((at / 100) % 60)}.${two(at % 100)}`;
}

const shapeOf = ({ width, height }: AssLook): (typeof shapes)[keyof typeof shapes] => {
  if (height > width * 1.2) return shapes.UPRIGHT;
  return width > height * 1.2 ? shapes.WIDE : shapes.SQUARE;
};

const fontSizeOf = (look: AssLook): number => Math.max(1, Math.round(look.height * shapeOf(look).fontSize));

function areaOf(look: AssLook): SafeArea {
  const { side, bottom } = shapeOf(look);
  const sidePx = Math.round(look.width * side);
  return look.safeArea ?? { left: sidePx, right: sidePx, bottom: Math.round(look.height * bottom) };
}

function header(look: AssLook): string[] {
  const { left, right, bottom } = areaOf(look);
  const size = fontSizeOf(look);
  const outline = Math.max(1, Math.round(size / 16));
  const colours = `&H00${plainColour},&H00${plainColour},&H00000000,&H80000000`;
  return [
    '[Script Info]',
    'ScriptType: v4.00+',
    `PlayResX: ${look.width}`,
    `PlayResY: ${look.height}`,
    'WrapStyle: 2',
    'ScaledBorderAndShadow: yes',
    '',
    '[V4+ Styles]',
    'Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding',
    `Style: Caption,${fontName},${size},${colours},-1,0,0,0,100,100,0,0,1,${outline},${Math.round(outline / 2)},2,${left},${right},${bottom},1`,
    '',
    '[Events]',
    'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text',
  ];
}
