import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

/** A language model over the chat protocol that answers with the lines it is shown, and counts how often it is asked. */
export interface ModelServer extends AsyncDisposable {
  readonly baseUrl: string;
  readonly asked: number;
}

const question = z.object({
  model: z.string(),
  messages: z.array(z.object({ content: z.string() })),
  response_format: z.object({ json_schema: z.object({ name: z.string() }) }),
});

/** Opens it on a free port. */
export async function openModelServer(): Promise<ModelServer> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json');
    void json(request).then((body) => response.end(JSON.stringify(completionOf(question.parse(body)))));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    get asked() {
      return asked;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function completionOf({ model, messages, response_format }: z.output<typeof question>) {
  const prompt = messages.map(({ content }) => content).join('\n');
  const content = JSON.stringify(answerTo(response_format.json_schema.name, linesOf(prompt)));
  return {
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    created: 0,
    model,
    choices: [{ index: 0, logprobs: null, finish_reason: 'stop', message: { role: 'assistant', content } }],
    usage: { prompt_tokens: 1_000, completion_tokens: 100, total_tokens: 1_100 },
  };
}

interface Line {
  readonly id: number;
  readonly text: string;
}

/** The numbered lines of a prompt's transcript. */
const linesOf = (prompt: string): Line[] =>
  [...prompt.matchAll(/^\[(\d+)\] (.*)$/gm)].map(([, id, text = '']) => ({ id: Number(id), text }));

function answerTo(asked: string, lines: readonly Line[]): unknown {
  const said = (from: number, count: number) =>
    lines.slice(from, from + count).map(({ id, text }) => ({ text, lines: [id] }));
  const [first] = said(0, 1);
  const answers: Record<string, unknown> = {
    moments: { moments: [passage(lines.slice(2, 7)), passage(lines.slice(10, 15))], subjects: [] },
    linkedin: { paragraphs: [said(1, 1), said(3, 3)], hashtags: ['talk'] },
    twitter: { posts: [said(1, 2), said(4, 1)] },
    instagram: { caption: [said(1, 2)], hashtags: ['talk'], slides: said(4, 4) },
    blog: {
      title: first,
      excerpt: first,
      sections: [{ heading: 'What was said', paragraphs: [said(2, 4), said(6, 3)] }],
      quote: first,
      tags: ['talk'],
    },
  };
  return answers[asked];
}

const passage = (lines: readonly Line[]) => ({
  firstLine: lines[0]?.id ?? 0,
  lastLine: lines.at(-1)?.id ?? 0,
  title: 'A passage',
  summary: 'What was said.',
  topics: ['talk'],
  hook: 25,
  standsAlone: 4,
  payoff: 3,
  novelty: 3,
});
