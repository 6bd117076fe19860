import { writeFile } from 'node:fs/promises';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import { sourceMs } from '#base/time.ts';
import { uncached } from '#providers/model-calls.ts';
import { openaiSpeechToText } from '#providers/speech-to-text.openai.ts';
import { ffmpegForTests } from '../support/media.ts';
import { type Fault, type OpenaiServer, openOpenaiServer } from '../support/openai-server.ts';
import type { HeardTurn } from '../support/openai-transcriptions.ts';
import type { SeenRequest } from '../support/openai-wire.ts';
import { openRecording, type Recording } from '../support/recording.ts';
import { listen, spoken, type Tone } from '../support/tones.ts';

const ffmpeg = await ffmpegForTests();
const quiet = pino({ level: 'silent' });

/** Hears what is in the file that arrived, as a service would. */
const hearing = (recording: Recording) => async (request: SeenRequest) => {
  const file = recording.scratch(`arrived-${request.file?.name}`);
  await writeFile(file, request.file?.bytes ?? '');
  const tones = await listen(file, ffmpeg.tools.ffmpeg);
  return {
    language: 'english',
    words: tones.map(({ word, startMs, endMs }) => ({ word, start: startMs / 1000, end: endMs / 1000 })),
  };
};

const transcriber = (server: OpenaiServer, chunkMs?: number, model = 'whisper-1') =>
  openaiSpeechToText({
    apiKey: server.apiKey,
    baseURL: server.baseURL,
    model,
    ffmpeg,
    log: quiet,
    wait: async () => {},
    ...(chunkMs !== undefined && { chunkMs }),
  });

const calm = () => ({ signal: new AbortController().signal, calls: uncached, onProgress: () => {} });

/** Three talks with long silences between them, and one without any pause. */
const talk: Tone[] = [
  ...spoken(1000, 'alpha bravo charlie delta echo foxtrot golf hotel'),
  ...spoken(9000, 'india juliett kilo lima mike november oscar papa'),
  ...spoken(
    17_000,
    'papa oscar november mike lima kilo juliett india hotel golf foxtrot echo delta charlie bravo alpha',
  ),
];
const talkMs = 30_000;

test('chunks without their silences come back as the words of the recording at their own times', async () => {
  await using recording = await openRecording(talk, talkMs);
  await using server = await openOpenaiServer({ transcription: hearing(recording) });
  const { segments, language } = await transcriber(server, 10_000).transcribe(recording.source, calm());
  const words = segments.flatMap((segment) => segment.words);
  expect(words.map((word) => word.text)).toEqual(talk.map((tone) => tone.word));
  for (const [at, word] of words.entries()) {
    expect(Math.abs(word.startMs - (talk[at]?.startMs ?? 0)), `start of word ${at}`).toBeLessThanOrEqual(15);
    expect(Math.abs(word.endMs - (talk[at]?.endMs ?? 0)), `end of word ${at}`).toBeLessThanOrEqual(15);
  }
  expect(language).toBe('en');
  expect(server.requests.length).toBeGreaterThanOrEqual(3);
  const sentMs = await Promise.all(server.requests.map((request) => listenedMs(recording, request)));
  expect(sentMs.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(20_000);
});

const probed = z.object({ format: z.object({ duration: z.coerce.number() }) });

const listenedMs = async (recording: Recording, request: SeenRequest): Promise<number> => {
  const file = recording.scratch(`measured-${request.file?.name}`);
  await writeFile(file, request.file?.bytes ?? '');
  const { format } = probed.parse(await ffmpeg.probe(file, calm().signal));
  return format.duration * 1000;
};

test('speech without any pause is cut hard and no word is lost or doubled', async () => {
  const words = 'alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa';
  const unbroken = spoken(0, `${words} ${words} ${words}`, 40);
  await using recording = await openRecording(unbroken, 48 * 220);
  await using server = await openOpenaiServer({ transcription: hearing(recording) });
  const source = { ...recording.source, silences: [] };
  const { segments } = await transcriber(server, 4000).transcribe(source, calm());
  expect(segments.flatMap((segment) => segment.words.map((word) => word.text))).toEqual(
    unbroken.map((tone) => tone.word),
  );
  expect(server.requests.length).toBeGreaterThan(3);
});

test('asks for word times, as FLAC, in the wanted language', async () => {
  await using recording = await openRecording(talk, talkMs);
  await using server = await openOpenaiServer({ transcription: hearing(recording) });
  const { language } = await transcriber(server).transcribe({ ...recording.source, language: 'pt-BR' }, calm());
  expect(language).toBe('pt-BR');
  expect(server.requests).toHaveLength(1);
  expect(server.requests[0]).toMatchObject({
    path: '/v1/audio/transcriptions',
    authorized: true,
    fields: {
      model: ['whisper-1'],
      language: ['pt'],
      response_format: ['verbose_json'],
      'timestamp_granularities[]': ['word', 'segment'],
    },
    file: { name: 'chunk-000.flac', type: 'audio/flac' },
  });
  expect(server.requests[0]?.file?.bytes.subarray(0, 4).toString()).toBe('fLaC');
});

/** Ada says the first half of the alphabet, Bob the other; in each file whoever speaks first is called A. */
const conversing = (recording: Recording) => async (request: SeenRequest) => {
  const { language, words } = await hearing(recording)(request);
  const voiceOf = (word: string) => (word < 'india' ? 'Ada' : 'Bob');
  const voices = [...new Set(words.map(({ word }) => voiceOf(word)))];
  const turns: HeardTurn[] = [];
  for (const { word, start, end } of words) {
    const last = turns.at(-1);
    const speaker = 'AB'[voices.indexOf(voiceOf(word))] ?? '?';
    if (last?.speaker === speaker) turns[turns.length - 1] = { ...last, end, text: `${last.text} ${word}` };
    else turns.push({ speaker, start, end, text: word });
  }
  return { language, words, turns };
};

test('a model that tells voices apart gives each word once, near its time, and each voice one name', async () => {
  const lines = ['alpha bravo charlie', 'papa oscar november mike', 'delta echo', 'lima kilo juliett', 'golf hotel'];
  const dialogue = Array.from({ length: 24 }, (_, at) => spoken(300 + at * 1700, lines[at % 5] ?? '')).flat();
  await using recording = await openRecording(dialogue, 41_500);
  await using server = await openOpenaiServer({ transcription: conversing(recording) });
  const heard = await transcriber(server, 20_000, 'gpt-4o-transcribe-diarize').transcribe(recording.source, calm());
  expect(server.requests.length).toBeGreaterThanOrEqual(3);
  expect(server.requests[0]?.fields).toMatchObject({ response_format: ['diarized_json'], chunking_strategy: ['auto'] });
  const words = heard.segments.flatMap(({ speaker, ...segment }) =>
    segment.words.map((word) => ({ ...word, speaker })),
  );
  expect(words.map(({ text }) => text)).toEqual(dialogue.map(({ word }) => word));
  for (const [at, word] of words.entries()) {
    expect(Math.abs(word.startMs - (dialogue[at]?.startMs ?? 0)), `start of word ${at}`).toBeLessThanOrEqual(350);
    expect(word.speaker).toBe(word.text < 'india' ? 'A' : 'B');
  }
  expect(heard.wordTiming).toBe('ESTIMATED');
});

test('the same bytes are sent again after a failure', async () => {
  await using recording = await openRecording(talk, talkMs);
  await using server = await openOpenaiServer({ transcription: hearing(recording) });
  server.script({ status: 500 }, 'reset', null);
  await transcriber(server).transcribe(recording.source, calm());
  const sent = server.requests.map((request) => request.file?.bytes.toString('base64'));
  expect(sent).toHaveLength(3);
  expect(new Set(sent).size).toBe(1);
});

test.each<{ name: string; faults: Fault[]; code: string }>([
  { name: 'a web page instead of an answer', faults: ['html', 'html', 'html'], code: 'PROVIDER_BAD_ANSWER' },
  { name: 'an answer without text', faults: ['empty', 'empty', 'empty'], code: 'PROVIDER_BAD_ANSWER' },
  { name: 'half an answer', faults: ['garbage', 'garbage', 'garbage'], code: 'PROVIDER_BAD_ANSWER' },
  { name: 'an empty account', faults: [{ status: 429, code: 'insufficient_quota' }], code: 'PROVIDER_REJECTED' },
  { name: 'a long wait', faults: [{ status: 429, headers: { 'retry-after': '90' } }], code: 'PROVIDER_UNAVAILABLE' },
])('$name is $code and never a transcript', async ({ faults, code }) => {
  await using recording = await openRecording(talk, talkMs);
  await using server = await openOpenaiServer({ transcription: hearing(recording) });
  server.script(...faults);
  await expect(transcriber(server).transcribe(recording.source, calm())).rejects.toMatchObject({ code });
  expect(server.requests).toHaveLength(faults.length);
});

test('one refused chunk ends the others', async () => {
  await using recording = await openRecording(talk, talkMs);
  await using server = await openOpenaiServer({ transcription: hearing(recording) });
  server.script('hang', { status: 400 }, 'hang', 'hang');
  const call = transcriber(server, 8000).transcribe(recording.source, calm());
  await expect(call).rejects.toMatchObject({ code: 'PROVIDER_REJECTED' });
});

test('cancelling in the middle of a request throws the reason', async () => {
  await using recording = await openRecording(talk, talkMs);
  await using server = await openOpenaiServer({ transcription: hearing(recording) });
  server.script('hang');
  const stop = new AbortController();
  const arrival = server.arrival();
  const call = transcriber(server).transcribe(recording.source, {
    signal: stop.signal,
    calls: uncached,
    onProgress: () => {},
  });
  await arrival;
  stop.abort(new Problem('CANCELED'));
  await expect(call).rejects.toMatchObject({ code: 'CANCELED' });
});

test('words invented over silence are left out', async () => {
  await using recording = await openRecording(spoken(0, 'alpha bravo charlie'), 6000);
  const heard = hearing(recording);
  await using server = await openOpenaiServer({
    transcription: async (request) => {
      const { language, words } = await heard(request);
      return {
        language,
        words: [...words, { word: 'thanks', start: 1.05, end: 1.1 }, { word: 'subscribe', start: 1.12, end: 1.15 }],
      };
    },
  });
  const { segments, inventedWords } = await transcriber(server).transcribe(recording.source, calm());
  expect(segments.flatMap((segment) => segment.words.map((word) => word.text))).toEqual(['alpha', 'bravo', 'charlie']);
  expect(inventedWords).toBe(2);
});

test('a recording in which only invented words were heard has no speech', async () => {
  await using recording = await openRecording([], 5000);
  const whole = [{ startMs: sourceMs(0), endMs: sourceMs(5000) }];
  await using server = await openOpenaiServer({
    transcription: () => ({ language: 'english', words: [{ word: '[Music]', start: 0, end: 2 }] }),
  });
  const quietSource = { ...recording.source, silences: [] };
  await expect(transcriber(server).transcribe(quietSource, calm())).rejects.toMatchObject({ code: 'MEDIA_NO_SPEECH' });
  expect(server.requests).toHaveLength(1);
  const silentSource = { ...recording.source, silences: whole };
  await expect(transcriber(server).transcribe(silentSource, calm())).rejects.toMatchObject({ code: 'MEDIA_NO_SPEECH' });
  expect(server.requests).toHaveLength(1);
});
