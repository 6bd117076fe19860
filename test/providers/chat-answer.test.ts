import { expect, test } from 'vitest';
import { chatAnswer } from '#providers/chat-answer.ts';

const prompt = { system: 'Be brief.', user: 'Say yes.' };
const choices = [{ finish_reason: 'stop', message: { content: '{"a":1}' } }];

test('an answer took the tokens that the server tells', () => {
  const usage = { prompt_tokens: 31, completion_tokens: 7, total_tokens: 38 };
  expect(chatAnswer({ choices, usage }, prompt)).toEqual({
    content: '{"a":1}',
    consumed: { INPUT_TOKENS: 31, OUTPUT_TOKENS: 7 },
  });
});

test.each([{}, { usage: null }, { usage: { prompt_tokens: 'many' } }])(
  'where a server tells no tokens (%j) it took the characters of question and answer',
  (answer) => {
    expect(chatAnswer({ choices, ...answer }, prompt).consumed).toEqual({ CHARACTERS: 9 + 8 + 7 });
  },
);
