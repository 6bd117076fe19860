import OpenAI, { APIConnectionError } from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openOpenaiServer } from './openai-server.ts';

const Verdict = z.object({ verdict: z.string(), marks: z.array(z.object({ mark: z.number() })) });
const said = { verdict: 'good', marks: [{ mark: 1 }] };
const messages = [{ role: 'user' as const, content: 'Judge this.' }];

test('the SDK parses structured answers of both endpoints and sees what they cost', async () => {
  await using server = await openOpenaiServer({
    completion: ({ schemaName }) => (schemaName === 'verdict' ? said : ''),
  });
  const client = new OpenAI({ baseURL: server.baseURL, apiKey: server.apiKey, maxRetries: 0 });
  const chat = await client.chat.completions.parse({
    model: 'm',
    messages,
    response_format: zodResponseFormat(Verdict, 'verdict'),
  });
  const response = await client.responses.parse({
    model: 'm',
    input: messages,
    text: { format: zodTextFormat(Verdict, 'verdict') },
  });
  expect(chat.choices[0]?.message.parsed).toEqual(said);
  expect(response.output_parsed).toEqual(said);
  expect(chat.usage?.total_tokens).toBeGreaterThan(0);
  expect(response.usage?.output_tokens).toBeGreaterThan(0);
});

test('a schema that strict mode does not allow is refused', async () => {
  await using server = await openOpenaiServer({ completion: () => said });
  const client = new OpenAI({ baseURL: server.baseURL, apiKey: server.apiKey, maxRetries: 0 });
  const schema = { anyOf: [{ type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false }] };
  const call = client.chat.completions.create({
    model: 'm',
    messages,
    response_format: { type: 'json_schema', json_schema: { name: 'loose', strict: true, schema } },
  });
  await expect(call).rejects.toMatchObject({ status: 400, message: expect.stringContaining("'required' must list a") });
});

test('a wrong key is refused, and scripted faults come in order and then end', async () => {
  await using server = await openOpenaiServer({ completion: () => 'hello' });
  const client = (apiKey: string) => new OpenAI({ baseURL: server.baseURL, apiKey, maxRetries: 0 });
  const ask = (apiKey: string) => client(apiKey).chat.completions.create({ model: 'm', messages });
  await expect(ask('sk-other')).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
  server.script({ status: 429, headers: { 'retry-after': '7' } }, 'reset', 'cut', 'length', 'refusal', null);
  await expect(ask(server.apiKey)).rejects.toMatchObject({ status: 429 });
  await expect(ask(server.apiKey)).rejects.toBeInstanceOf(APIConnectionError);
  await expect(ask(server.apiKey)).rejects.toThrow('terminated');
  expect((await ask(server.apiKey)).choices[0]?.finish_reason).toBe('length');
  expect((await ask(server.apiKey)).choices[0]?.message.refusal).toBeTypeOf('string');
  expect((await ask(server.apiKey)).choices[0]?.message.content).toBe('hello');
});
