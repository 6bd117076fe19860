import type { TranscriptLine } from './language-model.ts';

/**
 * Upper estimate of a text's tokens: a third of its UTF-8 bytes. English has about four letters to a token, Chinese
 * and Japanese about one character (three bytes); no tokenizer is needed to stay below a window with room to spare.
 */
const tokensOf = (text: string): number => Math.ceil(Buffer.byteLength(text) / 3);

/** Tokens of the lines as numbered in a prompt. */
export const tokensOfLines = (lines: readonly TranscriptLine[]): number =>
  lines.reduce((sum, line) => sum + tokensOfLine(line), 0);

/**
 * The lines in batches of at most `mostTokens`, each starting `overlap` lines before the end of the one before, so
 * that a thought across the border is whole in one of them. Every line is in some batch; a longer line has its own.
 */
export function batchesOf(
  lines: readonly TranscriptLine[],
  { mostTokens, overlap }: { mostTokens: number; overlap: number },
): TranscriptLine[][] {
  const batches: TranscriptLine[][] = [];
  for (let start = 0; start < lines.length; ) {
    const end = endOf(lines, { start, mostTokens });
    batches.push(lines.slice(start, end));
    if (end >= lines.length) break;
    start = Math.max(start + 1, end - overlap);
  }
  return batches;
}

function endOf(lines: readonly TranscriptLine[], { start, mostTokens }: { start: number; mostTokens: number }): number {
  let tokens = 0;
  for (let end = start; end < lines.length; end += 1) {
    const line = lines[end];
    tokens += line ? tokensOfLine(line) : 0;
    if (tokens > mostTokens && end > start) return end;
  }
  return lines.length;
}

/** Number and brackets take about four. */
const tokensOfLine = (line: TranscriptLine): number => tokensOf(line.text) + 4;
