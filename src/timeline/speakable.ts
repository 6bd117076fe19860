import { Problem } from '#base/problem.ts';
import { durationOf, type Span, sourceMs, type Word } from '#base/time.ts';

/**
 * More than anybody says, so that what is made of a transcript grows with the recording and not with what was written
 * beside it. Speech has 2 to 6 words a second; 50 are the 20 ms that a corrected word takes at least.
 */
const mostInAMinute = { words: 3_000, characters: 18_000 } as const;

/** Ten hours of talk. Captions of 60,000 words are laid out in 9 s on a busy machine, in which a worker gives no sign. */
const mostInAll = 100_000;

const minuteMs = 60_000;

/** Throws INVALID_INPUT where texts hold more than can be said in their time, wherever in it they stand. */
export function requireRoomFor(texts: readonly { readonly text: string }[], time: Span): void {
  const characters = texts.reduce((sum, { text }) => sum + text.length, 0);
  const most = mostInAMinute.characters * Math.ceil(durationOf(time) / minuteMs);
  if (characters > most) throw refused(`${characters} characters`, time);
}

/** Throws INVALID_INPUT where there are more than 100,000 words, or a minute holds more than can be said in it. */
export function requireSpeakable(words: readonly Word[]): void {
  const inOrder = words.toSorted((a, b) => a.startMs - b.startMs);
  const [begin, end] = [inOrder[0], inOrder.at(-1)];
  if (begin && end && words.length > mostInAll) {
    throw refused(`${words.length} words`, { startMs: begin.startMs, endMs: end.endMs });
  }
  let [first, characters] = [0, 0];
  for (const [at, { startMs, text }] of inOrder.entries()) {
    characters += text.length;
    for (let left = inOrder[first]; left && left.startMs <= startMs - minuteMs; left = inOrder[first]) {
      characters -= left.text.length;
      first += 1;
    }
    const minute = { startMs: sourceMs(Math.max(0, startMs - minuteMs)), endMs: startMs };
    if (at - first >= mostInAMinute.words) throw refused(`more than ${mostInAMinute.words} words`, minute);
    if (characters > mostInAMinute.characters) throw refused(`${characters} characters`, minute);
  }
}

const refused = (what: string, { startMs, endMs }: Span): Problem =>
  new Problem('INVALID_INPUT', { reason: `From ${startMs} to ${endMs} ms there are ${what}: nobody says so many.` });
