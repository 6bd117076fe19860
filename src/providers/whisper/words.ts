import { type ClipMs, clipMs, type Word } from '#base/time.ts';
import type { Piece } from './messages.ts';

/** Scripts without spaces between words: there each token is a word of its own. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Tokens joined to words with their punctuation: " transc", "ription", "." is one word, " So" begins the next. */
export function wordsOfPieces(pieces: readonly Piece[]): Word<ClipMs>[] {
  const words: Word<ClipMs>[] = [];
  let apart = true;
  for (const { text, t0, t1 } of pieces) {
    const letters = text.trim();
    const last = words.at(-1);
    const [startMs, endMs] = [clipMs(t0), clipMs(Math.max(t0, t1))];
    if (letters === '') apart = true;
    else if (last === undefined || apart || /^\s/u.test(text) || unspaced.test(letters))
      words.push({ text: letters, startMs, endMs });
    else words[words.length - 1] = { ...last, text: last.text + letters, endMs: clipMs(Math.max(last.endMs, endMs)) };
    if (letters !== '') apart = /\s$/u.test(text);
  }
  return words;
}
