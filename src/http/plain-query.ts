import type { IncomingMessage, ServerResponse } from 'node:http';
import { type DocumentNode, type ExecutionResult, getOperationAST, OperationTypeNode } from 'graphql';
import { z } from 'zod';
import { type Answering, execute, hasLostHold } from './answer.ts';
import { type Cors, corsHeaders } from './cors.ts';
import type { Pressure } from './pressure.ts';
import { budgetHeaders } from './request-rate.ts';

/** Answers a request, or says that it is none of those it answers, of which nothing has been sent then. */
export type AnswerPlain = (request: IncomingMessage, response: ServerResponse, body: Buffer | null) => Promise<boolean>;

/**
 * Queries as JSON by POST, which are nearly all that is asked, without the way through Yoga: its requests, responses and
 * hooks cost as much as all else of a small page. Everything that goes wrong before there is data, and everything else that
 * GraphQL over HTTP knows, is left to Yoga, which finds the caller counted, the document read and an answer that was made.
 */
export function openPlainQueries(
  answering: Answering,
  { pressure, cors }: { readonly pressure: Pressure; readonly cors: Cors },
): AnswerPlain {
  return async (request, response, body) => {
    const type = answerType(request);
    if (!type || !body) return false;
    const arrival = await answering.arrivalOf(request).catch(() => null);
    // A body of somebody who is refused is not looked at: reading one can take a hundred times what a refusal costs.
    if (!arrival || arrival.budget?.refused || hasLostHold(request, arrival)) return false;
    const asked = askedIn(body);
    if (!asked) return false;
    const document = answering.documents(asked);
    answering.begun.set(request, { document, params: asked });
    if (!('kind' in document) || kindOf(document, asked) !== OperationTypeNode.QUERY) return false;
    const result = execute({ document, params: asked, arrival }, answering);
    answering.begun.set(request, { document, params: asked, result });
    const text = textOf(await result.catch(() => null));
    if (text === null) return false;
    pressure.made(request);
    response.writeHead(200, {
      ...corsHeaders(request, cors),
      ...(arrival.budget && budgetHeaders(arrival.budget)),
      'content-type': type,
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
    return true;
  };
}

const kindOf = (document: DocumentNode, { operationName }: Query) =>
  getOperationAST(document, operationName)?.operation;

/** Of an answer with data the status is 200 in every form; any other is for Yoga to tell. */
const textOf = (result: ExecutionResult | null): string | null => (result?.data ? JSON.stringify(result) : null);

const answerTypes = ['application/graphql-response+json', 'application/json'];

/**
 * In which form an answer is taken: of those that are asked for the first one that we have. Null for what is no query as
 * JSON, or takes no answer in one piece. Other charsets than UTF-8, and weights, are not looked at by Yoga either.
 */
function answerType({ method, url, headers }: IncomingMessage): string | null {
  if (method !== 'POST' || url !== '/graphql' || !/^application\/json(;|$)/.test(headers['content-type'] ?? ''))
    return null;
  for (const one of (headers.accept ?? '*/*').replace(/\s/g, '').toLowerCase().split(',')) {
    const [asked = '', ...params] = one.split(';');
    if (params.some((param) => param.includes('charset=') && param !== 'charset=utf-8')) continue;
    const type = asked === '*/*' || asked === 'application/*' ? 'application/json' : asked;
    if (answerTypes.includes(type)) return `${type}; charset=utf-8`;
  }
  return null;
}

/** As it is: a copy of a large one takes longer than all else, and would not have every key of it. */
const object = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

const query = z.strictObject({
  query: z.string().nullish(),
  documentId: z.string().nullish(),
  operationName: z.string().nullish(),
  variables: object.nullish(),
  extensions: object.nullish(),
});

type Query = z.infer<typeof query>;

/** What is asked, or null for what is not in the usual form. */
function askedIn(body: Buffer): Query | null {
  try {
    return query.safeParse(JSON.parse(body.toString())).data ?? null;
  } catch {
    return null;
  }
}
