import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openFolder } from '#base/temp.ts';
import { type Span, sourceMs, type Word } from '#base/time.ts';
import { analyse } from '#media/analysis.ts';
import { probe } from '#media/probe.ts';
import { uncached } from '#providers/model-calls.ts';
import { openaiSpeechToText } from '#providers/speech-to-text.openai.ts';
import type { SpeechSource } from '#providers/speech-to-text.ts';
import { speechChunks } from '#timeline/cuts.ts';
import { timeMap } from '#timeline/time-map.ts';
import { calm, ffmpegForTests } from '../support/media.ts';
import { openOpenaiServer } from '../support/openai-server.ts';
import type { SeenRequest } from '../support/openai-wire.ts';

// A recording of real sound whose every word is known, and a recogniser that knows it too: 10 ms off here and there, and
// wrong about words that a chunk cuts in two. Whatever else differs from the truth, the speech map did.

const file = 'samples/talk.mp4';
const ffmpeg = await ffmpegForTests();

const truthShape = z.object({
  sentences: z.array(z.object({ words: z.array(z.tuple([z.string(), z.number(), z.number()])) })),
});

let truth: Word[];
let silences: Span[];
let durationMs: SpeechSource['durationMs'];
let sha256: string;

beforeAll(async () => {
  truth = truthShape
    .parse(JSON.parse(await readFile('samples/talk.truth.json', 'utf8')))
    .sentences.flatMap(({ words }) => words)
    .map(([text, startMs, endMs]) => ({ text, startMs: sourceMs(startMs), endMs: sourceMs(endMs) }));
  const { facts } = await probe(ffmpeg, file, calm());
  await using folder = await openFolder();
  ({ silences } = await analyse(ffmpeg, file, { facts, storyboardFile: folder.file('all.jpg'), signal: calm() }));
  durationMs = sourceMs(facts.durationMs);
  sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
});

describe.each([
  { cut: 'nowhere', chunkMs: 600_000, pauses: true },
  { cut: 'in silences', chunkMs: 60_000, pauses: true },
  { cut: 'in many silences', chunkMs: 20_000, pauses: true },
  { cut: 'hard, as if there were no silences', chunkMs: 30_000, pauses: false },
])('a talk that is cut $cut', ({ chunkMs, pauses }) => {
  test('comes back with every word once, in order, within 20 ms', async () => {
    const known = pauses ? silences : [];
    const { segments, inventedWords } = await transcribed(known, chunkMs);
    const words = segments.flatMap((segment) => segment.words);
    expect(words.map(({ text }) => text)).toEqual(truth.map(({ text }) => text));
    expect(inventedWords).toBe(0);
    for (const [at, { startMs, endMs }] of words.entries()) {
      expect(Math.abs(startMs - (truth[at]?.startMs ?? 0)), `start of word ${at}`).toBeLessThanOrEqual(20);
      expect(Math.abs(endMs - (truth[at]?.endMs ?? 0)), `end of word ${at}`).toBeLessThanOrEqual(20);
    }
  });
});

test('no word of the talk lies in what was taken for silence', () => {
  const touched = truth.filter(({ startMs, endMs }) =>
    silences.some((silence) => Math.min(endMs, silence.endMs) - Math.max(startMs, silence.startMs) > 120),
  );
  expect(touched).toEqual([]);
  expect(silences.length).toBeGreaterThan(20);
});

async function transcribed(known: readonly Span[], chunkMs: number) {
  await using folder = await openFolder();
  await mkdir(folder.file('chunks'));
  await using server = await openOpenaiServer({ transcription: (request) => heardIn(request, known, chunkMs) });
  const { baseURL, apiKey } = server;
  const log = pino({ level: 'silent' });
  const provider = openaiSpeechToText({ baseURL, apiKey, model: 'whisper-1', ffmpeg, log, chunkMs });
  const source = { file, sha256, durationMs, hasAudio: true, textTracks: [], sidecar: null, language: null } as const;
  return await provider.transcribe(
    { ...source, silences: known, folder: folder.file('chunks') },
    { signal: calm(), calls: uncached, onProgress: () => {} },
  );
}

/** The words of the chunk whose number the file bears, on its own timeline. That its sound is right is shown elsewhere. */
function heardIn({ file: sent }: SeenRequest, known: readonly Span[], maxMs: number) {
  const number = Number(/\d+/.exec(sent?.name ?? '')?.[0]);
  const chunk = speechChunks(known, durationMs, { maxMs })[number];
  if (!chunk) throw new Error(`There is no chunk ${sent?.name}.`);
  const map = timeMap(chunk.source);
  const words = truth.flatMap((word, index) => {
    if (word.endMs <= chunk.startMs || word.startMs >= chunk.endMs) return [];
    const whole = chunk.startMs <= word.startMs && word.endMs <= chunk.endMs;
    const shift = whole ? ((index * 7919 + number) % 21) - 10 : 0;
    const [start, end] = [word.startMs, word.endMs].map((at) => Math.max(0, map.toClip(at) + shift) / 1000);
    return [{ word: whole ? word.text : 'garbled', start: start ?? 0, end: end ?? 0 }];
  });
  return { language: 'english', words };
}
