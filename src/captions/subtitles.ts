import { Problem } from '#base/problem.ts';
import type { Span } from '#base/time.ts';
import { directedLine } from './direction.ts';
import { parseAss } from './subtitles-ass.ts';
import { parseBlocks } from './subtitles-blocks.ts';
import { withoutRolling } from './subtitles-rolling.ts';
import { dialogueMark, type SubtitleCue } from './subtitles-text.ts';

export type SubtitleFormat = 'SRT' | 'VTT' | 'ASS';

/**
 * The cues of a caption file in order of time: tags stripped, entities decoded, lines joined, empty cues left out.
 * Tolerant of what real files hold (test/media/subtitles.test.ts has the table). Throws INVALID_INPUT when no cue is found.
 */
export function parseSubtitles(text: string, format: SubtitleFormat): { readonly cues: SubtitleCue[] } {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const found = format === 'ASS' ? parseAss(lines) : withoutRolling(parseBlocks(lines, format));
  const cues = found.filter((cue) => cue.text !== '').sort((a, b) => a.startMs - b.startMs);
  if (cues.length === 0) throw new Problem('INVALID_INPUT', { reason: `The ${format} captions hold no readable cue.` });
  return { cues };
}

type Written = Span<number> & { readonly text: string; readonly speaker?: string };

/** A SubRip file. The format has no escapes, so a word joiner keeps players from reading text as markup. */
export const toSrt = (cues: readonly Written[], language?: string): string =>
  cues
    .map((cue, index) => {
      const text = linesOf(cue, language).replace(looksLikeMarkup, '$&\u2060');
      return `${index + 1}\n${arrow(cue, ',')}\n${text}\n`;
    })
    .join('\n');

/** Opening tags, entities, override blocks and arrows. */
const looksLikeMarkup = /<(?=[/a-z\d])|&(?=#?\w+;)|\{(?=[\\a-z])|-(?=->)/gi;

const overrideStart = /\{(?=[\\a-z])/gi;

/** A WebVTT file, with speakers as voice tags. */
export const toVtt = (cues: readonly Written[], language?: string): string =>
  [
    'WEBVTT\n',
    ...cues.map((cue) => {
      const text = escaped(linesOf(cue, language)).replace(overrideStart, '$&\u2060');
      return `${arrow(cue, '.')}\n${voice(cue)}${text}\n`;
    }),
  ].join('\n');

const voice = ({ speaker }: Written): string =>
  speaker === undefined ? '' : `<v ${escaped(speaker.replace(/\s+/gu, ' '))}>`;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A blank line or a control character would end the cue; a dash at its start would be read as a change of speaker. */
const linesOf = ({ text }: Written, language: string | undefined): string =>
  text
    .split(/[\r\n\u2028\u2029]+/)
    .map((line) => line.replace(/\p{Cc}/gu, ' ').trim())
    .filter((line) => line !== '')
    .map((line) => directedLine(line.replace(dialogueMark, '\u2060$&'), text, language))
    .join('\n');

const arrow = (cue: Written, mark: ',' | '.'): string => `${clock(cue.startMs, mark)} --> ${clock(cue.endMs, mark)}`;

function clock(ms: number, mark: string): string {
  const [hours, minutes, seconds] = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1000) % 60].map((value) =>
    String(Math.floor(value)).padStart(2, '0'),
  );
  return `${hours}:${minutes}:${seconds}${mark}${String(Math.floor(ms % 1000)).padStart(3, '0')}`;
}
