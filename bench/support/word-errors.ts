import type { Word } from '#base/time.ts';
import { plainWord } from '#timeline/word-timing.ts';

/** How a transcript differs from what was said. Errors in milliseconds, of the starts of words that are equal. */
export interface WordErrors {
  readonly equal: number;
  readonly lost: number;
  readonly added: number;
  readonly startErrors: readonly number[];
}

/** How far ahead the two are searched for where they agree again. */
const reach = 30;

/** Compares what was heard with what was said, word by word in order. */
export function wordErrors(heard: readonly Word[], said: readonly Word[]): WordErrors {
  const startErrors: number[] = [];
  let [at, from, lost, added] = [0, 0, 0, 0];
  while (at < said.length || from < heard.length) {
    const [skipped, extra] = nextAgreement(said.slice(at, at + reach), heard.slice(from, from + reach));
    lost += skipped;
    added += extra;
    at += skipped;
    from += extra;
    const [one, other] = [said[at], heard[from]];
    if (one && other) startErrors.push(Math.abs(one.startMs - other.startMs));
    at += 1;
    from += 1;
  }
  return { equal: startErrors.length, lost, added, startErrors };
}

/** How many words of each must be passed over until both say the same. */
function nextAgreement(said: readonly Word[], heard: readonly Word[]): readonly [number, number] {
  for (let sum = 0; sum < said.length + heard.length; sum += 1) {
    for (let skipped = 0; skipped <= sum; skipped += 1) {
      const [one, other] = [said[skipped], heard[sum - skipped]];
      if (one && other && plainWord(one.text) === plainWord(other.text)) return [skipped, sum - skipped];
    }
  }
  return [said.length, heard.length];
}
