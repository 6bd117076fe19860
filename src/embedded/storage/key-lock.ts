/** Lets one body at a time run for each name. Bodies of different names run beside each other. */
export class KeyLock {
  readonly #tails = new Map<string, Promise<void>>();

  /** Waits for earlier bodies of the name, then runs this one. A failed body does not stop the next. */
  async hold<T>(name: string, body: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(name);
    const { promise: mine, resolve: release } = Promise.withResolvers<void>();
    this.#tails.set(name, mine);
    await before;
    try {
      return await body();
    } finally {
      if (this.#tails.get(name) === mine) this.#tails.delete(name);
      release();
    }
  }
}
