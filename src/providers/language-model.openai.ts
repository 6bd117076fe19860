import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import type { z } from 'zod';
import { checkLines, draftFrom, momentsAnswer, pickAnswer, postAnswers, proposalFrom } from './answers.ts';
import { batchesOf, tokensOfLines } from './batches.ts';
import { chatAnswer } from './chat-answer.ts';
import type {
  CallOptions,
  Draft,
  LanguageModel,
  PostKind,
  Proposal,
  TranscriptLine,
  WritingSource,
} from './language-model.ts';
import { type CallPolicy, outsideCall } from './outside-call.ts';
import { momentsPrompt, type Prompt, pickPrompt, postPrompt, promptVersion } from './prompts.ts';
import { traced } from './traced.ts';

/** Where the model is; `baseURL` unset is OpenAI itself. */
export interface OpenaiModelSettings extends Pick<CallPolicy, 'log' | 'wait'> {
  readonly apiKey: string;
  readonly baseURL?: string | undefined;
  readonly model: string;
}

/** A quarter of an hour of speech: models that are asked about more overlook the middle. */
const momentsBatch = { mostTokens: 6_000, overlap: 8 };
/** Talks above this are read in parts first; it leaves room for the answer in a window of 64 thousand tokens. */
const mostWritingTokens = 40_000;
const pickBatch = { mostTokens: 12_000, overlap: 0 };
const timeoutMs = 120_000;
/** A failed call is tried once more at once; the queue does the patient waiting. */
const attempts = 2;

/**
 * Asks an OpenAI-compatible server by chat completions with a strict schema, the form that most servers speak. Answers
 * are checked against the schema and the lines. Throws PROVIDER_UNAVAILABLE, PROVIDER_REJECTED (also a refusal) and
 * PROVIDER_BAD_ANSWER (also an answer cut off), each call after one further attempt.
 */
export function openaiLanguageModel({ apiKey, baseURL, model, ...patience }: OpenaiModelSettings): LanguageModel {
  const client = new OpenAI({ apiKey, maxRetries: 0, ...(baseURL !== undefined && { baseURL }) });
  const version = `openai:${new URL(client.baseURL).host}:${model}:${promptVersion}`;
  const ask: Ask = ({ name: purpose, schema, prompt, read }, { signal, calls }) => {
    const format = zodResponseFormat(schema, purpose);
    const question = { purpose, model, version, input: { prompt, format } };
    return calls.answer({ ...question, read: (stored) => read(schema.parse(stored)) }, () =>
      outsideCall({ provider: 'openai', signal, timeoutMs, attempts, ...patience }, async (attemptSignal) => {
        const request = { model, messages: messagesOf(prompt), response_format: format };
        const sent = { signal: attemptSignal, headers: traced('x-client-request-id') };
        const response: unknown = await client.chat.completions.create(request, sent);
        const { content, consumed } = chatAnswer(response, prompt);
        const answer = schema.parse(JSON.parse(content));
        read(answer);
        return { answer, consumed };
      }),
    );
  };
  return {
    version,
    provider: 'openai',
    propose: (lines, options) => propose(ask, lines, options),
    write: (kind, source, options) => write(ask, { kind, source }, options),
  };
}

interface Question<S extends z.ZodType, T> {
  readonly name: string;
  readonly schema: S;
  readonly prompt: Prompt;
  /** Turns the answer into ours; a throw counts as a bad answer and is asked again. */
  readonly read: (answer: z.output<S>) => T;
}

type Ask = <S extends z.ZodType, T>(question: Question<S, T>, options: CallOptions) => Promise<T>;

const messagesOf = ({ system, user }: Prompt) => [
  { role: 'system' as const, content: system },
  { role: 'user' as const, content: user },
];

/** One batch after the other: the provider's limits are shared with everything else that waits for it. */
async function propose(ask: Ask, lines: readonly TranscriptLine[], options: CallOptions): Promise<Proposal> {
  const proposals: Proposal[] = [];
  for (const batch of batchesOf(lines, momentsBatch)) {
    const known = numbersOf(batch);
    const question = { name: 'moments', schema: momentsAnswer, prompt: momentsPrompt(batch) };
    proposals.push(await ask({ ...question, read: (answer) => proposalFrom(answer, known) }, options));
  }
  return {
    moments: proposals.flatMap(({ moments }) => moments),
    subjects: proposals.flatMap(({ subjects }) => subjects).sort((a, b) => a.line - b.line),
  };
}

async function write(
  ask: Ask,
  { kind, source }: { kind: PostKind; source: WritingSource },
  options: CallOptions & { complaint?: string },
): Promise<Draft> {
  const lines = await readInParts(ask, source.lines, options);
  const known = numbersOf(lines);
  const prompt = postPrompt(kind, { ...source, lines }, options.complaint);
  const read = (answer: unknown): Draft => draftFrom(kind, answer, known);
  return ask({ name: kind.toLowerCase(), schema: postAnswers[kind], prompt, read }, options);
}

/** The lines a writer needs: all of them, or of a talk beyond the window those that the model picks part by part. */
async function readInParts(
  ask: Ask,
  lines: readonly TranscriptLine[],
  options: CallOptions,
): Promise<readonly TranscriptLine[]> {
  if (tokensOfLines(lines) <= mostWritingTokens) return lines;
  const batches = batchesOf(lines, pickBatch);
  const most = Math.floor((lines.length * mostWritingTokens) / tokensOfLines(lines) / batches.length);
  const picked = new Set<number>();
  for (const batch of batches) {
    const known = numbersOf(batch);
    const question = { name: 'lines', schema: pickAnswer, prompt: pickPrompt(batch, most) };
    const read = (answer: z.output<typeof pickAnswer>): number[] => {
      checkLines(answer.lines, known);
      return answer.lines.slice(0, most);
    };
    for (const id of await ask({ ...question, read }, options)) picked.add(id);
  }
  return lines.filter(({ id }) => picked.has(id));
}

const numbersOf = (lines: readonly TranscriptLine[]): ReadonlySet<number> => new Set(lines.map(({ id }) => id));
