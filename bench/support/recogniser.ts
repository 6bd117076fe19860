import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Word } from '#base/time.ts';
import { locatedParts, type Part } from './located-sound.ts';
import { samplesOf } from './samples.ts';

/** An OpenAI-compatible recogniser that knows one talk by heart. */
export interface Recogniser extends AsyncDisposable {
  readonly baseUrl: string;
}

/**
 * Opens it on a free port. It finds by the sound alone which parts of the talk it was sent, and answers with their
 * words: up to 10 ms off, as recognisers are, and wrong about a word that was cut in two.
 */
export async function openRecogniser(talk: { file: string; words: readonly Word[] }): Promise<Recogniser> {
  const whole = await samplesOf(talk.file);
  const server = createServer((request, response) => {
    void buffer(request)
      .then(async (bytes) => answerTo(await sentSamples(bytes, request.headers['content-type']), whole, talk.words))
      .then(
        (answer) => response.setHeader('content-type', 'application/json').end(JSON.stringify(answer)),
        (thrown: unknown) => response.writeHead(500).end(JSON.stringify({ error: { message: String(thrown) } })),
      );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function sentSamples(bytes: Buffer, type = ''): Promise<Int16Array> {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const file = form.get('file');
  if (file === null || typeof file === 'string') throw new Error('no file was sent');
  return samplesOf('pipe:0', Buffer.from(await file.arrayBuffer()));
}

function answerTo(sound: Int16Array, whole: Int16Array, words: readonly Word[]): unknown {
  const heard = locatedParts(sound, whole).flatMap((part) => heardIn(part, words));
  const text = heard.map(({ word }) => word).join(' ');
  const end = heard.at(-1)?.end ?? 0;
  const segments = [{ id: 0, start: 0, end, text, avg_logprob: -0.2, compression_ratio: 1.4, no_speech_prob: 0 }];
  return { task: 'transcribe', language: 'english', duration: sound.length / 16_000, text, words: heard, segments };
}

function heardIn({ atMs, sourceMs, lengthMs }: Part, words: readonly Word[]) {
  const endMs = sourceMs + lengthMs;
  return words.flatMap((word, index) => {
    const inside = Math.min(word.endMs, endMs) - Math.max(word.startMs, sourceMs);
    if (inside <= 0) return [];
    const whole = inside >= word.endMs - word.startMs - 5;
    const shift = ((index * 7919 + Math.round(atMs)) % 21) - 10;
    const onWire = (at: number): number => Math.min(Math.max(0, at - sourceMs + shift), lengthMs) / 1000 + atMs / 1000;
    return [{ word: whole ? word.text : 'garbled', start: onWire(word.startMs), end: onWire(word.endMs) }];
  });
}
