import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import type { Consumed } from './model-calls.ts';
import type { Prompt } from './prompts.ts';

const tokens = z.int().min(0);
const completion = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }).nullish().catch(null),
});

/**
 * The text of a chat completion that was finished, and what it took: tokens, or characters where the server tells none.
 * Throws PROVIDER_REJECTED for a refusal, PROVIDER_BAD_ANSWER for an answer cut off, and ZodError for anything else: a
 * proxy's page of HTML arrives as a string.
 */
export function chatAnswer(response: unknown, prompt: Prompt): { content: string; consumed: Consumed } {
  const { choices, usage } = completion.parse(response);
  const { finish_reason: reason, message } = choices[0] ?? { message: {} };
  if (message.refusal || reason === 'content_filter') {
    throw new Problem('PROVIDER_REJECTED', { provider: 'openai', reason: 'the model refused to answer' });
  }
  if (reason === 'length' || !message.content) {
    throw new Problem('PROVIDER_BAD_ANSWER', {
      provider: 'openai',
      reason: `the answer ended by ${reason ?? 'nothing'}`,
    });
  }
  const consumed = usage
    ? { INPUT_TOKENS: usage.prompt_tokens, OUTPUT_TOKENS: usage.completion_tokens }
    : { CHARACTERS: prompt.system.length + prompt.user.length + message.content.length };
  return { content: message.content, consumed };
}
