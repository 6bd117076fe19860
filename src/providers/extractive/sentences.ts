import type { Span } from '#base/time.ts';
import type { TranscriptLine } from '#providers/language-model.ts';
import { joined } from './joined.ts';
import type { Lexicon } from './lexicon.ts';
import { capitalised, tidied, unhesitating } from './tidied.ts';
import { contentRoots, wordsOf } from './words.ts';

/** A sentence of the talk, tidied for print, with the lines it was spoken in. */
export interface Sentence extends Span<number> {
  /** Place in the talk, from 0. */
  readonly at: number;
  /** For a place after other sentences. */
  readonly text: string;
  /** For a place where it stands first: without the conjunction that ties it to what was said before. */
  readonly first: string;
  readonly lines: readonly number[];
  readonly wordCount: number;
  /** Roots of the words that carry meaning, repeated as spoken. */
  readonly roots: readonly string[];
  readonly pauseBeforeMs: number;
  /** How it was tied to the sentence before, whatever of that is printed. */
  readonly bond: 'contrast' | 'result' | null;
}

/** The talk as sentences, whatever the lines are: several in one line, one over several lines, or no punctuation at all. */
export function sentencesOf(lines: readonly TranscriptLine[], lexicon: Lexicon): Sentence[] {
  const sentences: Sentence[] = [];
  for (const spoken of spokenSentences(lines)) {
    const plain = unhesitating(spoken.text, lexicon);
    const text = tidied(plain, lexicon);
    const words = wordsOf(text);
    if (words.length === 0) continue;
    const { lines: numbers, startMs, endMs } = spoken;
    const pauseBeforeMs = startMs - (sentences.at(-1)?.endMs ?? startMs);
    const roots = contentRoots(words, lexicon);
    const first = capitalised(text.replace(lexicon.ties, ''));
    sentences.push({
      at: sentences.length,
      text,
      first,
      lines: numbers,
      wordCount: words.length,
      roots,
      pauseBeforeMs,
      bond: bondOf(plain, lexicon),
      startMs,
      endMs,
    });
  }
  return sentences;
}

function bondOf(text: string, { contrasts, results }: Lexicon): Sentence['bond'] {
  if (contrasts.test(text)) return 'contrast';
  return results.test(text) ? 'result' : null;
}

interface Spoken extends Span<number> {
  readonly text: string;
  readonly lines: readonly number[];
}

/**
 * A pause of 0.7 s is longer than a breath inside a sentence and ends one whose mark the recogniser missed. Where it
 * writes hardly any marks, its lines are all there is, and a quarter of a second between two of them has to do.
 */
const endingPauseMs = 700;
const unmarkedPauseMs = 250;
const wordsPerMark = 40;
const mostWords = 45;

function spokenSentences(lines: readonly TranscriptLine[]): Spoken[] {
  const done: Spoken[] = [];
  const endingMs = isUnmarked(lines) ? unmarkedPauseMs : endingPauseMs;
  let open: Spoken | null = null;
  const close = (): void => {
    if (open) done.push(open);
    open = null;
  };
  for (const line of lines) {
    const current: Spoken | null = open;
    if (current && (line.startMs - current.endMs >= endingMs || wordsOf(current.text).length >= mostWords)) close();
    for (const piece of pieces(line.text)) {
      open = extended(open, { ...line, text: piece });
      if (endsSentence(piece)) close();
    }
  }
  close();
  return done;
}

function isUnmarked(lines: readonly TranscriptLine[]): boolean {
  const text = lines.map((line) => line.text).join(' ');
  return (text.match(/[.!?…。！？]/gu)?.length ?? 0) * wordsPerMark < wordsOf(text).length;
}

function extended(open: Spoken | null, { text, id, startMs, endMs }: TranscriptLine): Spoken {
  if (open === null) return { text, lines: [id], startMs, endMs };
  return { text: joined([open.text, text]), lines: [...new Set([...open.lines, id])], startMs: open.startMs, endMs };
}

const boundary = /(?<=[.!?…]["'”’»)\]]*)\s+(?=["'“‘«([]?[\p{Lu}\p{Lo}\p{N}])|(?<=[。！？][」』）]*)(?![」』）。！？])/u;

function pieces(text: string): string[] {
  const parts = text.trim().split(boundary).filter(Boolean);
  return parts.reduce<string[]>((joined, part) => {
    const last = joined.at(-1);
    return last !== undefined && !endsSentence(last) ? [...joined.slice(0, -1), `${last} ${part}`] : [...joined, part];
  }, []);
}

/** Titles and common short forms, and single capitals as in a name's initial: their full stop ends nothing. */
const abbreviation =
  /(?:^|\s)(?:dr|mr|mrs|ms|prof|st|vs|etc|e\.g|i\.e|z\.b|d\.h|u\.a|bzw|ca|nr|no|inc|ltd|jr|sr|\p{Lu})\.$/iu;

const endsSentence = (text: string): boolean =>
  /[.!?…。！？]["'”’»)\]」』）]*$/u.test(text) && !abbreviation.test(text);
