import type { PlacedSentence, PlacedWord } from './timeline.ts';

const lineLength = 42;

/** The sentences as SRT: cues of at most two lines of 42 characters, never over a sentence's end. */
export function srtOf(sentences: readonly PlacedSentence[]): string {
  const cues = sentences.flatMap((sentence) => cuesOf(sentence.words));
  return cues.map((cue, n) => `${n + 1}\n${clock(cue.startMs)} --> ${clock(cue.endMs)}\n${cue.text}\n`).join('\n');
}

interface Cue {
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
}

function cuesOf(words: readonly PlacedWord[]): Cue[] {
  const text = words.map((word) => word.text).join(' ');
  const lines = wrapped(text);
  if (lines.length <= 2) {
    return [{ startMs: words[0]?.startMs ?? 0, endMs: words.at(-1)?.endMs ?? 0, text: lines.join('\n') }];
  }
  const cut = breakOf(words);
  return [...cuesOf(words.slice(0, cut)), ...cuesOf(words.slice(cut))];
}

/** Where a long sentence is parted: after the comma or colon nearest to its middle, else at the middle. */
function breakOf(words: readonly PlacedWord[]): number {
  const middle = words.length / 2;
  const commas = words.flatMap((word, n) => (/[,:]$/.test(word.text) && n < words.length - 1 ? [n + 1] : []));
  const [nearest] = commas.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  return nearest ?? Math.ceil(middle);
}

/** Greedy lines, then the two lines of a pair evened out so that neither holds one word only. */
function wrapped(text: string): string[] {
  const width =
    text.length > lineLength && text.length <= 2 * lineLength - 8 ? Math.ceil(text.length / 2) + 4 : lineLength;
  return text.split(' ').reduce<string[]>((lines, word) => {
    const line = lines.at(-1);
    if (line === undefined || `${line} ${word}`.length > width) return [...lines, word];
    return [...lines.slice(0, -1), `${line} ${word}`];
  }, []);
}

function clock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 23).replace('.', ',');
}
