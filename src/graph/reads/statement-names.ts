/**
 * How often a statement is asked before it is kept, how many are known and kept at most, and how often one that is kept
 * makes way for another.
 */
const limits = { askedFor: 3, known: 2_000, kept: 500, changeMs: 6_000 };

/** A statement that is kept. */
interface Kept {
  readonly name: string;
  times: number;
}

/**
 * Names for statements that are asked again and again: the server keeps their plan, on each connection, and planning one
 * of a dashboard takes longer than running it. What somebody asks once gets no name, and there are 500 at most: beyond
 * that the least used makes way for one that is asked twice as often. Nothing ends a kept statement but its connection,
 * which lasts an hour (`database.ts`): a name is therefore never given twice, and one changes every six seconds at most, so that no
 * connection ever holds more than 1,100.
 */
export function openStatementNames(now: () => number = Date.now): (text: string) => string | undefined {
  const asked = new Map<string, number>();
  const kept = new Map<string, Kept>();
  let given = 0;
  let changedAt = Number.NEGATIVE_INFINITY;

  return (text) => {
    const known = kept.get(text);
    if (known) {
      known.times += 1;
      return known.name;
    }
    const times = (asked.get(text) ?? 0) + 1;
    asked.set(text, times);
    if (times >= limits.askedFor && hasRoomFor(times)) return keep(text, times);
    if (asked.size > limits.known) forget();
    return undefined;
  };

  function hasRoomFor(times: number): boolean {
    if (kept.size < limits.kept) return true;
    if (now() - changedAt < limits.changeMs) return false;
    const [text, least] = leastUsed();
    if (times < least * 2) return false;
    changedAt = now();
    kept.delete(text);
    return true;
  }

  function leastUsed(): [text: string, times: number] {
    let least: [string, number] = ['', Number.POSITIVE_INFINITY];
    for (const [text, { times }] of kept) if (times < least[1]) least = [text, times];
    return least;
  }

  function keep(text: string, times: number): string {
    asked.delete(text);
    const name = `read_${given}`;
    given += 1;
    kept.set(text, { name, times });
    return name;
  }

  /** Halves what is counted, so that what was asked long ago weighs less than what is asked now. */
  function forget(): void {
    for (const [text, times] of asked) {
      if (times < 2) asked.delete(text);
      else asked.set(text, Math.floor(times / 2));
    }
    for (const each of kept.values()) each.times /= 2;
  }
}
