import { z } from 'zod';
import { type Answer, refused, type SeenRequest } from './openai-wire.ts';

/** A request for text, whichever of the two endpoints it came through. */
export interface Completion {
  readonly model: string;
  /** Instructions and messages, joined. */
  readonly prompt: string;
  /** Name and schema of the structured output, where one is asked for. */
  readonly schemaName: string | null;
  readonly schema: unknown;
}

/** How the model stops: done, refusing, or out of tokens in the middle of a sentence. */
export type CompletionEnd = 'stop' | 'refusal' | 'length';

type Say = (request: Completion) => unknown;

const refusal = 'I cannot help with that.';

/** POST /v1/chat/completions. */
export function answerChat(seen: SeenRequest, say: Say, end: CompletionEnd): Answer {
  const body = chatBody.parse(seen.json);
  const request = completionOf(body.model, body.messages, body.response_format?.json_schema);
  if (typeof request === 'string') return refused(400, request);
  const content = textOf(request, say, end);
  return {
    status: 200,
    body: {
      id: 'chatcmpl-test',
      object: 'chat.completion',
      created: 1_760_000_000,
      model: request.model,
      choices: [
        {
          index: 0,
          logprobs: null,
          finish_reason: end === 'length' ? 'length' : 'stop',
          message: {
            role: 'assistant',
            content: end === 'refusal' ? null : content,
            refusal: end === 'refusal' ? refusal : null,
          },
        },
      ],
      usage: {
        prompt_tokens: tokensOf(request.prompt),
        completion_tokens: tokensOf(content),
        total_tokens: tokensOf(request.prompt) + tokensOf(content),
        prompt_tokens_details: { cached_tokens: 0 },
      },
    },
  };
}

/** POST /v1/responses. */
export function answerResponse(seen: SeenRequest, say: Say, end: CompletionEnd): Answer {
  const body = responsesBody.parse(seen.json);
  const request = completionOf(body.model, [body.instructions, body.input], body.text?.format);
  if (typeof request === 'string') return refused(400, request);
  const text = textOf(request, say, end);
  const content = end === 'refusal' ? { type: 'refusal', refusal } : { type: 'output_text', text, annotations: [] };
  const status = end === 'length' ? 'incomplete' : 'completed';
  return {
    status: 200,
    body: {
      id: 'resp_test',
      object: 'response',
      created_at: 1_760_000_000,
      model: request.model,
      status,
      error: null,
      incomplete_details: end === 'length' ? { reason: 'max_output_tokens' } : null,
      output: [{ id: 'msg_test', type: 'message', role: 'assistant', status, content: [content] }],
      usage: {
        input_tokens: tokensOf(request.prompt),
        output_tokens: tokensOf(text),
        total_tokens: tokensOf(request.prompt) + tokensOf(text),
        input_tokens_details: { cached_tokens: 0 },
        output_tokens_details: { reasoning_tokens: 0 },
      },
    },
  };
}

const asked = z.object({ name: z.string().optional(), strict: z.boolean().optional(), schema: z.unknown().optional() });
const chatBody = z.object({
  model: z.string().optional(),
  messages: z.unknown(),
  response_format: z.object({ json_schema: asked.optional() }).optional(),
});
const responsesBody = z.object({
  model: z.string().optional(),
  instructions: z.unknown().optional(),
  input: z.unknown(),
  text: z.object({ format: asked.optional() }).optional(),
});

/** The request in one shape, or the sentence with which the service refuses it. */
function completionOf(model: string | undefined, said: unknown, format?: z.output<typeof asked>): Completion | string {
  if (model === undefined) return 'you must provide a model parameter';
  const prompt = texts(said).join('\n');
  if (prompt === '') return 'the request has no text';
  const fault = format?.strict === true ? looseObject(format.schema, '$') : null;
  if (fault !== null) return `Invalid schema for response_format '${format?.name}': ${fault}`;
  return { model, prompt, schemaName: format?.name ?? null, schema: format?.schema ?? null };
}

/** Every string standing alone or called `content` or `text`, in order: both endpoints accept either form. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(texts);
  const part = z.object({ content: z.unknown().optional(), text: z.unknown().optional() }).safeParse(value);
  return part.success ? [...texts(part.data.content), ...texts(part.data.text)] : [];
}

const node = z.looseObject({
  type: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional().catch(undefined),
  required: z.array(z.string()).optional().catch(undefined),
  additionalProperties: z.unknown().optional(),
});

/** Strict mode wants additionalProperties false and every property required, on every object. */
function looseObject(schema: unknown, at: string): string | null {
  if (Array.isArray(schema)) return looseObject(Object.fromEntries(schema.entries()), at);
  const parsed = node.safeParse(schema);
  if (!parsed.success) return null;
  const { type, properties = {}, required = [], additionalProperties } = parsed.data;
  const missing = Object.keys(properties).filter((name) => !required.includes(name));
  if (type === 'object' && additionalProperties !== false) return `${at}: 'additionalProperties' must be false`;
  if (type === 'object' && missing.length > 0) return `${at}: 'required' must list ${missing.join(', ')}`;
  for (const [name, inner] of Object.entries(parsed.data)) {
    const fault = looseObject(inner, `${at}.${name}`);
    if (fault !== null) return fault;
  }
  return null;
}

function textOf(request: Completion, say: Say, end: CompletionEnd): string {
  if (end === 'refusal') return '';
  const said = say(request);
  const text = typeof said === 'string' ? said : JSON.stringify(said);
  return end === 'length' ? text.slice(0, text.length / 2) : text;
}

/** About four characters a token: enough for a bill that is not zero. */
const tokensOf = (text: string): number => Math.ceil(text.length / 4);
