/** What was worked out before, by what it was worked out from. */
export interface OftenAsked<Value> {
  readonly find: (key: string) => Value | undefined;
  readonly keep: (key: string, value: Value) => void;
}

/**
 * Keeps values that are asked for again and again. What was asked once is kept apart from what was asked for again, each
 * up to its own number, and in each the one asked for longest ago goes first: thousands that nobody asks for twice push
 * out one another and nothing else.
 */
export function openOftenAsked<Value>(most: { readonly once: number; readonly again: number }): OftenAsked<Value> {
  const once = new Map<string, Value>();
  const again = new Map<string, Value>();
  return {
    find: (key) => {
      const value = again.get(key) ?? once.get(key);
      if (value === undefined) return undefined;
      once.delete(key);
      again.delete(key);
      again.set(key, value);
      if (again.size > most.again) move(again, once);
      if (once.size > most.once) move(once);
      return value;
    },
    keep: (key, value) => {
      once.set(key, value);
      if (once.size > most.once) move(once);
    },
  };

  /** Takes out the one asked for longest ago; from what was asked for again it gets another chance. */
  function move(from: Map<string, Value>, to?: Map<string, Value>): void {
    const [oldest] = from;
    if (!oldest) return;
    from.delete(oldest[0]);
    to?.set(...oldest);
  }
}
