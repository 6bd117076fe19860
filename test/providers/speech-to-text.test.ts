import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { Problem } from '#base/problem.ts';
import { toVtt } from '#captions/subtitles.ts';
import { uncached } from '#providers/model-calls.ts';
import { autoSpeechToText } from '#providers/speech-to-text.auto.ts';
import { captionsSpeechToText } from '#providers/speech-to-text.captions.ts';
import { openaiSpeechToText } from '#providers/speech-to-text.openai.ts';
import type { SpeechSource, SpeechToText } from '#providers/speech-to-text.ts';
import { whisperSpeechToText } from '#providers/speech-to-text.whisper.ts';
import { ffmpegForTests } from '../support/media.ts';
import { openOpenaiServer } from '../support/openai-server.ts';
import { openRecording, type Recording } from '../support/recording.ts';
import { listen, spoken } from '../support/tones.ts';

const ffmpeg = await ffmpegForTests();
const log = pino({ level: 'silent' });
const talk = [...spoken(1000, 'alpha bravo charlie delta'), ...spoken(9000, 'papa oscar november mike')];
const captions = captionsSpeechToText({ ffmpeg });

/** A provider with everything it needs, and the recording as it would get it. */
interface Bench extends AsyncDisposable {
  readonly provider: SpeechToText;
  readonly source: SpeechSource;
}

const benches: Record<string, (recording: Recording) => Promise<Bench>> = {
  captions: async ({ source }) => ({
    provider: captions,
    source: withSidecar(source),
    [Symbol.asyncDispose]: async () => {},
  }),
  openai: async (recording) => {
    const { server, provider } = await openaiFor(recording);
    return { provider, source: recording.source, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  },
  'openai telling voices apart': async (recording) => {
    const { server, provider } = await openaiFor(recording, 'gpt-4o-transcribe-diarize');
    return { provider, source: recording.source, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  },
  whisper: async (recording) => ({
    provider: await whisperFor(recording),
    source: recording.source,
    [Symbol.asyncDispose]: async () => {},
  }),
  auto: async (recording) => {
    const { server, provider: openai } = await openaiFor(recording);
    const provider = autoSpeechToText({ captions, openai, whisper: null });
    return { provider, source: recording.source, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  },
};

/** One cue for each half of the talk. */
function withSidecar(source: SpeechSource): SpeechSource {
  const cues = [talk.slice(0, 4), talk.slice(4)].map((half) => ({
    startMs: half[0]?.startMs ?? 0,
    endMs: half.at(-1)?.endMs ?? 0,
    text: half.map((tone) => tone.word).join(' '),
  }));
  return { ...source, sidecar: { format: 'VTT', language: 'en', text: toVtt(cues) } };
}

async function openaiFor(recording: Recording, model = 'whisper-1') {
  const server = await openOpenaiServer({
    transcription: async ({ file }) => {
      const arrived = recording.scratch(`arrived-${file?.name}`);
      await writeFile(arrived, file?.bytes ?? '');
      const tones = await listen(arrived, ffmpeg.tools.ffmpeg);
      const words = tones.map(({ word, startMs, endMs }) => ({ word, start: startMs / 1000, end: endMs / 1000 }));
      return { language: 'english', words };
    },
  });
  const { baseURL, apiKey } = server;
  return { server, provider: openaiSpeechToText({ baseURL, apiKey, model, ffmpeg, log, chunkMs: 8000 }) };
}

async function whisperFor(recording: Recording): Promise<SpeechToText> {
  const file = recording.scratch('model.bin');
  await writeFile(file, 'hears');
  const engine = fileURLToPath(new URL('../support/whisper-engine.ts', import.meta.url));
  return whisperSpeechToText({ engine, modelName: 'base', model: async () => file, ffmpeg, log, chunkMs: 8000 });
}

describe.each(Object.entries(benches))('%s', (_name, openBench) => {
  test('says every word once, in order, inside its segment and near its time', async () => {
    await using recording = await openRecording(talk, 14_000);
    await using bench = await openBench(recording);
    const heard = await bench.provider.transcribe(bench.source, {
      signal: calm(),
      calls: uncached,
      onProgress: () => {},
    });
    const words = heard.segments.flatMap((segment) => segment.words);
    expect(words.map((word) => word.text.replace('.', ''))).toEqual(talk.map((tone) => tone.word));
    const toleranceMs = heard.wordTiming === 'MEASURED' ? 20 : 350;
    for (const [at, word] of words.entries()) {
      expect(Math.abs(word.startMs - (talk[at]?.startMs ?? 0)), `start of word ${at}`).toBeLessThanOrEqual(toleranceMs);
      expect(word.endMs).toBeGreaterThanOrEqual(word.startMs);
    }
    for (const segment of heard.segments) {
      for (const word of segment.words) {
        expect(word.startMs).toBeGreaterThanOrEqual(segment.startMs);
        expect(word.endMs).toBeLessThanOrEqual(segment.endMs);
      }
    }
    expect(words.map((word) => word.startMs)).toEqual(words.map((word) => word.startMs).toSorted((a, b) => a - b));
    // A model that tells voices apart does not say which language it heard.
    expect(heard.language).toBe(heard.segments[0]?.speaker === undefined ? 'en' : 'und');
    expect(heard.inventedWords).toBe(0);
  });

  test('progress rises from nothing to everything', async () => {
    await using recording = await openRecording(talk, 14_000);
    await using bench = await openBench(recording);
    const fractions: number[] = [];
    await bench.provider.transcribe(bench.source, {
      signal: calm(),
      calls: uncached,
      onProgress: (fraction) => fractions.push(fraction),
    });
    expect(fractions.at(-1)).toBe(1);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
  });

  test('answers the same twice under one version', async () => {
    await using recording = await openRecording(talk, 14_000);
    await using bench = await openBench(recording);
    const options = { signal: calm(), calls: uncached, onProgress: () => {} };
    const first = await bench.provider.transcribe(bench.source, options);
    expect(await bench.provider.transcribe(bench.source, options)).toEqual(first);
    expect(bench.provider.version).toMatch(/^[\w.:(),-]+$/);
  });

  test('an aborted signal throws its own reason', async () => {
    await using recording = await openRecording(talk, 14_000);
    await using bench = await openBench(recording);
    const signal = AbortSignal.abort(new Problem('CANCELED'));
    const call = bench.provider.transcribe(bench.source, { signal, calls: uncached, onProgress: () => {} });
    await expect(call).rejects.toMatchObject({ code: 'CANCELED' });
  });
});

describe.each(['openai', 'openai telling voices apart', 'whisper', 'auto'])('%s', (name) => {
  test.each([
    { given: 'no sound', change: { hasAudio: false }, code: 'MEDIA_NO_AUDIO' },
    { given: 'only silence', change: { silent: true }, code: 'MEDIA_NO_SPEECH' },
  ])('with $given throws $code', async ({ change, code }) => {
    await using recording = await openRecording('silent' in change ? [] : talk, 14_000);
    await using bench = (await benches[name]?.(recording)) ?? raise(name);
    const source = { ...bench.source, ...change };
    const call = bench.provider.transcribe(source, { signal: calm(), calls: uncached, onProgress: () => {} });
    await expect(call).rejects.toMatchObject({ code });
  });
});

const calm = () => new AbortController().signal;

const raise = (name: string): never => {
  throw new Error(`There is no bench for ${name}.`);
};
