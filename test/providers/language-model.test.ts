import { extractiveLanguageModel } from '#providers/language-model.extractive.ts';
import { openaiLanguageModel } from '#providers/language-model.openai.ts';
import { wellRead } from '../support/model-answers.ts';
import { openOpenaiServer } from '../support/openai-server.ts';
import { describeLanguageModel } from './language-model.contract.ts';

describeLanguageModel('extractive', async () => ({
  model: extractiveLanguageModel(),
  async [Symbol.asyncDispose]() {},
}));

describeLanguageModel('openai', async () => {
  const server = await openOpenaiServer({ completion: wellRead });
  return {
    model: openaiLanguageModel({ baseURL: server.baseURL, apiKey: server.apiKey, model: 'm' }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
});
