import { digestOf } from '#base/digest.ts';
import type { ModelCalls } from '#providers/model-calls.ts';

/** Remembers every answer for as long as it is kept itself. */
export function remembering(): ModelCalls {
  const answers = new Map<string, unknown>();
  return {
    async answer({ version, input, read }, ask) {
      const key = digestOf({ version, input });
      if (!answers.has(key)) answers.set(key, (await ask()).answer);
      return read(answers.get(key));
    },
  };
}
