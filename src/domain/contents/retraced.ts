import type { TranscriptLine } from '#providers/language-model.ts';
import type { ContentBody, ContentSentence } from './body.ts';
import { quotedLines } from './quoted-lines.ts';
import { readableBlocks } from './readable-blocks.ts';

/** What an edited body can be traced to. */
interface Known {
  /** The sentences of the version before. */
  readonly before: readonly ContentSentence[];
  /** What was said. */
  readonly lines: readonly TranscriptLine[];
  /** In which language. */
  readonly language: string;
}

/**
 * The sentences of an edited body with what supports them: one that stands there as before keeps its sources, a new one
 * has those lines of the transcript that it quotes word for word, and is not supported where it quotes none. Pure.
 */
export function retraced(body: ContentBody, { before, lines, language }: Known): ContentSentence[] {
  const kept = new Map(before.filter(({ text }) => text !== '').map((sentence) => [sentence.text, sentence]));
  const longestFirst = [...kept.keys()].sort((a, b) => b.length - a.length);
  const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
  const quotes = quotedLines(lines);
  return readableBlocks(body)
    .flatMap((block) => pieces(block, longestFirst))
    .flatMap((piece): ContentSentence[] => {
      const same = kept.get(piece);
      return same ? [same] : sentencesIn(piece, segmenter).map((text) => newSentence(text, quotes(text)));
    });
}

const newSentence = (text: string, sources: ContentSentence['sources']): ContentSentence => ({
  text,
  supported: sources.length > 0,
  sources,
});

const sentencesIn = (text: string, segmenter: Intl.Segmenter): string[] =>
  [...segmenter.segment(text)]
    .map(({ segment }) => segment.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));

/** A text in pieces: known sentences whole, and what stands between them. */
function pieces(block: string, known: readonly string[]): string[] {
  for (const [at, sentence] of known.entries()) {
    const start = standsAt(block, sentence);
    if (start === null) continue;
    const rest = known.slice(at);
    const before = block.slice(0, start).trim();
    const after = block.slice(start + sentence.length).trim();
    return [...pieces(before, rest), sentence, ...pieces(after, rest)];
  }
  return block === '' ? [] : [block];
}

/** Where a sentence stands in a text as one of its own: inside a longer one it says something else. */
function standsAt(block: string, sentence: string): number | null {
  for (let at = block.indexOf(sentence); at >= 0; at = block.indexOf(sentence, at + 1)) {
    const before = block.slice(0, at).trimEnd();
    const after = block.slice(at + sentence.length).trim();
    if ((before === '' || ends.test(before)) && (after === '' || ends.test(sentence))) return at;
  }
  return null;
}

const ends = /[.!?…。！？]["'”’»)\]]*$/u;
