/** Reads a key once for everybody who asks for it in the same turn. */
export type SharedReads = <T>(key: string, read: () => Promise<T>) => Promise<T>;

/**
 * A wake-up has a thousand readers of one run ask the same question at once. A read begins one turn of the event loop
 * after it was first asked for, and whoever asks until then shares it: so its answer is never older than the question,
 * which sharing a read that has already begun could not promise.
 */
export function openSharedReads(): SharedReads {
  const asked = new Map<string, Promise<unknown>>();
  return <T>(key: string, read: () => Promise<T>): Promise<T> => {
    const begin = async (): Promise<T> => {
      await nextTurn();
      asked.delete(key);
      return read();
    };
    const answer = asked.get(key) ?? begin();
    asked.set(key, answer);
    // A key names one read, so all its answers are of one kind.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return answer as Promise<T>;
  };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
