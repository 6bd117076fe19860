import type { UsageUnit } from '#generated/prisma/enums.ts';

/** What one call used up, in whole units. Characters only where the service tells no tokens. */
export type Consumed = Readonly<
  Partial<Record<Extract<UsageUnit, 'AUDIO_MS' | 'INPUT_TOKENS' | 'OUTPUT_TOKENS' | 'CHARACTERS'>, number>>
>;

/** One question to a model. The same model, version and input have the same answer. */
export interface ModelCall<T> {
  /** What it is for, in a word or two, such as `moments`: to be told apart by people, not by the key. */
  readonly purpose: string;
  /** As its vendor names it; has a price. */
  readonly model: string;
  /** Of provider, prompts and decoding. */
  readonly version: string;
  /** All else that decides the answer, as JSON. */
  readonly input: unknown;
  /** Checks a stored answer and makes it ours. Throws for one that cannot be used. */
  readonly read: (stored: unknown) => T;
}

/** An answer as it is stored (JSON), and what it took to get it. */
export interface Asked {
  readonly answer: unknown;
  readonly consumed: Consumed;
}

/** Through here go all questions to models: what was answered before is not asked again. */
export interface ModelCalls {
  /** The remembered answer, or else the one that `ask` brings, which is remembered at once. Throws what `ask` throws. */
  answer<T>(call: ModelCall<T>, ask: () => Promise<Asked>): Promise<T>;
}

/** Remembers nothing: for using a provider by itself. */
export const uncached: ModelCalls = {
  answer: async (call, ask) => call.read((await ask()).answer),
};
