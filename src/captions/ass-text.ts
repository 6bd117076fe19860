import { directionMark } from './direction.ts';
import { covers, type Face, facesFor } from './faces.ts';

/** A stretch of a caption in one colour; null is that of the style. */
export interface Piece {
  readonly text: string;
  readonly colour: string | null;
}

/** How the text of an event is set. */
export interface Setting {
  /** 1 em, in pixels. */
  readonly letterSize: number;
  readonly language: string | undefined;
  /** What holds where no tag says otherwise. */
  readonly style: { readonly family: string; readonly size: number; readonly colour: string };
}

/** The text of an ASS event: escaped, each script in a face that has its letters, set in its own direction. */
export function assText(pieces: readonly Piece[], setting: Setting): string {
  const whole = pieces.map(({ text }) => text).join('');
  const mark = directionMark(whole, setting.language);
  const order = facesFor(setting.language);
  const main = order.find((face) => covers(face, whole)) ?? order[0];
  const marked = pieces.map(({ text, colour }, index) => ({
    colour,
    text: (index === 0 ? mark : '') + text.replaceAll('\n', `\n${mark}`),
  }));
  return tagged(
    marked.flatMap((piece) => runsOf(piece, order, main)),
    setting,
  );
}

interface Run extends Piece {
  readonly face: Face;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Stretches in one face. A face goes on for as long as it can, so that spaces and commas do not cut words apart. */
function runsOf({ text, colour }: Piece, order: readonly Face[], main: Face): Run[] {
  const runs: Run[] = [];
  for (const { segment } of graphemes.segment(text)) {
    const last = runs.at(-1);
    const face = [last?.face, main, ...order].find((one) => one && covers(one, segment)) ?? main;
    if (last?.face === face) runs[runs.length - 1] = { ...last, text: last.text + segment };
    else runs.push({ text: segment, colour, face });
  }
  return runs;
}

/** Runs with a tag wherever something differs from the style or from the run before. */
function tagged(runs: readonly Run[], { letterSize, style }: Setting): string {
  let now = style;
  return runs
    .map(({ text, face, colour }) => {
      const next = { family: face.family, size: fontSize(face, letterSize), colour: colour ?? style.colour };
      const tags = [
        next.family === now.family ? '' : `\\fn${next.family}`,
        next.size === now.size ? '' : `\\fs${next.size}`,
        next.colour === now.colour ? '' : `\\c${assColour(next.colour)}&`,
      ].join('');
      now = next;
      return (tags === '' ? '' : `{${tags}}`) + escaped(text);
    })
    .join('');
}

/** Font size as libass counts it, which gives letters of this size. */
export const fontSize = (face: Face, letterSize: number): number =>
  Math.max(1, Math.round(letterSize * face.lineHeight));

/** RRGGBB as ASS writes colours: &HAABBGGRR, where an alpha of 00 is opaque. */
export function assColour(colour: string, opacity = 1): string {
  const alpha = Math.round((1 - opacity) * 255)
    .toString(16)
    .padStart(2, '0');
  return `&H${alpha}${colour.slice(4, 6)}${colour.slice(2, 4)}${colour.slice(0, 2)}`.toUpperCase();
}

/**
 * Escapes that held on ffmpeg 4.1, 5.1 and 7.0: a word joiner keeps a backslash from starting a command. Control
 * characters would end the line, or the file.
 */
const escaped = (text: string): string =>
  text
    .replaceAll('\\', '\\\u2060')
    .replaceAll('{', '\\{')
    .replaceAll('}', '\\}')
    .replaceAll('\n', '\\N')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
