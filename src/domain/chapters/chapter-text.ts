import type { Span } from '#base/time.ts';

/** In which form chapters are wanted. */
export type ChapterFormat = 'WEBVTT' | 'DESCRIPTION';

type Titled = Span<number> & { readonly title: string };

/** Chapters as text: a WebVTT track of kind `chapters`, or lines such as `0:00 Intro` for a platform's description. */
export const chapterText = (chapters: readonly Titled[], format: ChapterFormat): string =>
  format === 'WEBVTT' ? webVtt(chapters) : chapters.map(({ startMs, title }) => `${mark(startMs)} ${title}\n`).join('');

const webVtt = (chapters: readonly Titled[]): string =>
  ['WEBVTT', ...chapters.map(({ startMs, endMs, title }) => `${clock(startMs)} --> ${clock(endMs)}\n${escaped(title)}`)]
    .map((block) => `${block}\n`)
    .join('\n');

/** As a player writes it; what is less than a second is left out, so that no chapter begins too late. */
function mark(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function clock(ms: number): string {
  const [hours, minutes, seconds] = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1000) % 60].map(Math.floor);
  return `${two(hours)}:${two(minutes)}:${two(seconds)}.${String(ms % 1000).padStart(3, '0')}`;
}

const two = (value = 0): string => String(value).padStart(2, '0');

/** `&` first; an arrow cannot stand without its `>`. */
const escaped = (title: string): string =>
  title.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(/\s+/gu, ' ');
