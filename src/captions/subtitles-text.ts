import { type Span, sourceMs, type Word } from '#base/time.ts';
import { joinWords, spreadWords } from '#timeline/word-timing.ts';

/** One caption of a file. `words` are there when the file times its words (karaoke stamps). */
export interface SubtitleCue extends Span {
  readonly text: string;
  readonly speaker?: string;
  readonly words?: Word[];
}

/** Text that is spoken from a known moment on. */
export interface StampedText {
  readonly startMs: number;
  readonly text: string;
}

/** Caption lines as one plain text: no tags, no override blocks, entities decoded, dialogue dashes gone. */
export function plainText(lines: readonly string[]): string {
  const texts = lines.map((line) =>
    decoded(line.replace(rubyReading, '').replace(tag, '').replace(override, ''))
      .replace(dialogueMark, '')
      .replace(invisible, '')
      .replace(/\s+/gu, ' ')
      .trim(),
  );
  return joinWords(texts.filter(Boolean));
}

// Captions come from strangers. No pattern may run over a place where it could begin again: a line of two megabytes that
// opens tags and never closes one took hours.

const rubyReading = /<rt>[^<]*<\/rt>/gi;
/** HTML and WebVTT tags and time stamps; `a < b` and `<3` stay. */
const tag = /<\/?[a-z][^<>]*>|<\d[\d.]*:[\d:.]*>/gi;
/** `{\an8}` and MicroDVD's `{y:i}`. */
const override = /\{\\[^{}]*\}|\{[a-z]:[^{}]*\}/gi;
/** Marks of direction, joiners and byte order: they would make equal words differ. */
const invisible = /[\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/gu;

/** A change of speaker. A word joiner before it says that it is text. */
export const dialogueMark = /^[\s\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]*(?:[-–—]\s+|>>\s*)/u;

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  lrm: '',
  rlm: '',
  hellip: '…',
  mdash: '—',
  ndash: '–',
};

/** In one pass: what an entity stands for is never read as an entity again. */
const decoded = (text: string): string =>
  text.replace(/&(#x[\da-f]{1,6}|#\d{1,7}|\w{2,8});/gi, (whole, name: string) => entity(name.toLowerCase()) ?? whole);

function entity(name: string): string | undefined {
  if (name.startsWith('#x')) return character(Number.parseInt(name.slice(2), 16));
  return name.startsWith('#') ? character(Number(name.slice(1))) : named[name];
}

const character = (code: number): string => (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '');

/** Words of stamped texts: each text fills the time up to the next stamp. Stamps outside the cue are moved inside. */
export function stampedWords(texts: readonly StampedText[], cue: Span): Word[] {
  let from = cue.startMs;
  return texts.flatMap(({ startMs, text }, index) => {
    from = sourceMs(Math.min(Math.max(startMs, from), cue.endMs));
    const until = Math.min(Math.max(texts[index + 1]?.startMs ?? cue.endMs, from), cue.endMs);
    return spreadWords({ startMs: from, endMs: sourceMs(until), text: plainText([text]) }, []);
  });
}
