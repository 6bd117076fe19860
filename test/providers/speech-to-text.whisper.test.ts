import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Problem } from '#base/problem.ts';
import { uncached } from '#providers/model-calls.ts';
import { whisperSpeechToText } from '#providers/speech-to-text.whisper.ts';
import { ffmpegForTests } from '../support/media.ts';
import { openRecording, type Recording } from '../support/recording.ts';
import { remembering } from '../support/remembering.ts';
import { spoken } from '../support/tones.ts';

const ffmpeg = await ffmpegForTests();
const engine = fileURLToPath(new URL('../support/whisper-engine.ts', import.meta.url));
const talk = [...spoken(1000, 'alpha bravo charlie delta'), ...spoken(9000, 'papa oscar november mike')];
const calm = () => ({ signal: new AbortController().signal, calls: uncached, onProgress: () => {} });

/** A recogniser whose model file tells the engine how to behave. */
async function transcriber(
  recording: Recording,
  behaviour: string,
  more: { modelName?: string; patienceMs?: number } = {},
) {
  const file = recording.scratch('model.bin');
  await writeFile(file, behaviour);
  const log = pino({ level: 'silent' });
  return whisperSpeechToText({
    engine,
    modelName: 'base',
    model: async () => file,
    ffmpeg,
    log,
    chunkMs: 8000,
    ...more,
  });
}

test('tokens come back as words with their marks, at the times of the recording', async () => {
  await using recording = await openRecording(talk, 14_000);
  const { segments, language, model } = await (await transcriber(recording, 'hears')).transcribe(
    recording.source,
    calm(),
  );
  expect(segments.map((segment) => segment.text)).toEqual(['alpha bravo charlie delta.', 'papa oscar november mike.']);
  for (const [at, word] of segments.flatMap((segment) => segment.words).entries()) {
    expect(Math.abs(word.startMs - (talk[at]?.startMs ?? 0)), `start of word ${at}`).toBeLessThanOrEqual(20);
  }
  expect([language, model]).toEqual(['en', 'base']);
});

test.each([
  { wanted: 'de-AT', modelName: 'base', language: 'de-AT' },
  { wanted: null, modelName: 'tiny.en', language: 'en' },
])('$modelName asked for $wanted listens in $language', async ({ wanted, modelName, language }) => {
  await using recording = await openRecording(talk, 14_000);
  const whisper = await transcriber(recording, 'hears', { modelName });
  expect((await whisper.transcribe({ ...recording.source, language: wanted }, calm())).language).toBe(language);
});

test.each([
  { behaviour: 'is no model', code: 'PROVIDER_REJECTED', facts: { reason: 'Failed to initialize whisper context' } },
  { behaviour: 'dies on opening', code: 'PROVIDER_UNAVAILABLE', facts: { provider: 'whisper', killedBy: 'SIGSEGV' } },
  { behaviour: 'dies listening', code: 'PROVIDER_UNAVAILABLE', facts: { provider: 'whisper', killedBy: 'SIGSEGV' } },
  { behaviour: 'answers nonsense listening', code: 'PROVIDER_REJECTED', facts: { provider: 'whisper' } },
])('an engine that $behaviour is $code', async ({ behaviour, code, facts }) => {
  await using recording = await openRecording(talk, 14_000);
  const call = (await transcriber(recording, behaviour)).transcribe(recording.source, calm());
  await expect(call).rejects.toMatchObject({ code, facts });
});

test.each(['hangs on opening', 'hangs listening'])(
  'an engine that %s is killed when patience ends',
  async (behaviour) => {
    await using recording = await openRecording(talk, 14_000);
    const whisper = await transcriber(recording, behaviour, { patienceMs: 1500 });
    await expect(whisper.transcribe(recording.source, calm())).rejects.toMatchObject({ code: 'TIMED_OUT' });
  },
);

test('cancelling kills an engine that would never stop by itself, and throws the reason', async () => {
  await using recording = await openRecording(talk, 14_000);
  const whisper = await transcriber(recording, 'hangs listening');
  const stop = new AbortController();
  const call = whisper.transcribe(recording.source, {
    signal: stop.signal,
    calls: uncached,
    onProgress: () => stop.abort(new Problem('CANCELED')),
  });
  await expect(call).rejects.toMatchObject({ code: 'CANCELED' });
});

test('an engine that is not there is refused', async () => {
  await using recording = await openRecording(talk, 14_000);
  const log = pino({ level: 'silent' });
  const whisper = whisperSpeechToText({
    engine: recording.scratch('nothing.ts'),
    modelName: 'base',
    model: async () => recording.scratch('model.bin'),
    ffmpeg,
    log,
  });
  await expect(whisper.transcribe(recording.source, calm())).rejects.toMatchObject({ code: 'PROVIDER_REJECTED' });
});

test('without sound no model is asked for', async () => {
  await using recording = await openRecording(talk, 14_000);
  const whisper = await transcriber(recording, 'hears');
  const silent = { ...recording.source, hasAudio: false };
  await expect(whisper.transcribe(silent, calm())).rejects.toMatchObject({ code: 'MEDIA_NO_AUDIO' });
});

test('a recording that was heard before needs no engine', async () => {
  await using recording = await openRecording(talk, 14_000);
  const options = { ...calm(), calls: remembering() };
  const first = await (await transcriber(recording, 'hears')).transcribe(recording.source, options);
  const again = (await transcriber(recording, 'is no model')).transcribe(recording.source, options);
  expect(await again).toEqual(first);
});
