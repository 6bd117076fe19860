import { expect, test } from 'vitest';
import { Problem } from '#base/problem.ts';
import { sourceMs } from '#base/time.ts';
import { uncached } from '#providers/model-calls.ts';
import { autoSpeechToText } from '#providers/speech-to-text.auto.ts';
import { captionsSpeechToText } from '#providers/speech-to-text.captions.ts';
import type { SpeechSource, SpeechToText, Transcription } from '#providers/speech-to-text.ts';
import { ffmpegForTests, recording } from '../support/media.ts';

const captions = captionsSpeechToText({ ffmpeg: await ffmpegForTests() });
const options = { signal: new AbortController().signal, calls: uncached, onProgress: () => {} };

const says = (provider: Transcription['provider']): SpeechToText => ({
  version: `${provider}:1`,
  transcribe: async () => ({
    provider,
    model: 'm',
    language: 'en',
    wordTiming: 'MEASURED',
    segments: [],
    inventedWords: 0,
  }),
});
const both = { captions, openai: says('openai'), whisper: says('whisper') };

const source: SpeechSource = {
  file: await recording('talk.wav'),
  sha256: 'a'.repeat(64),
  durationMs: sourceMs(14_000),
  hasAudio: true,
  textTracks: [],
  sidecar: null,
  silences: [],
  language: null,
  folder: '/nonexistent',
};
const sidecar = { format: 'SRT' as const, language: 'en', text: '1\n00:00:01,000 --> 00:00:02,000\nHello.\n' };

test.each([
  { given: 'captions', source: { ...source, sidecar }, chosen: 'captions' },
  { given: 'captions and no sound', source: { ...source, sidecar, hasAudio: false }, chosen: 'captions' },
  { given: 'no captions', source, chosen: 'openai' },
])('with $given it takes $chosen', async ({ source, chosen }) => {
  expect((await autoSpeechToText(both).transcribe(source, options)).provider).toBe(chosen);
});

test('without a service it takes the local recogniser', async () => {
  expect((await autoSpeechToText({ ...both, openai: null }).transcribe(source, options)).provider).toBe('whisper');
});

test('without anybody to listen it names the ways to get a transcript', async () => {
  const call = autoSpeechToText({ captions, openai: null, whisper: null }).transcribe(source, options);
  await expect(call).rejects.toMatchObject({
    code: 'TRANSCRIBER_NOT_CONFIGURED',
    message: expect.stringContaining('OPENAI_API_KEY'),
  });
});

test('without sound and captions there is nothing to transcribe', async () => {
  const call = autoSpeechToText(both).transcribe({ ...source, hasAudio: false }, options);
  await expect(call).rejects.toMatchObject({ code: 'MEDIA_NO_AUDIO' });
});

test('text tracks that turn out to be empty are no transcript, so the recording is heard', async () => {
  const empty: SpeechToText = {
    version: 'captions:1',
    transcribe: () => Promise.reject(new Problem('TRANSCRIBER_NOT_CONFIGURED')),
  };
  const tracks = { ...source, textTracks: [{ index: 1, language: null }] };
  expect((await autoSpeechToText({ ...both, captions: empty }).transcribe(tracks, options)).provider).toBe('openai');
});

test('captions that were sent and cannot be read are not passed over in silence', async () => {
  const unreadable = { ...source, sidecar: { ...sidecar, text: '' } };
  await expect(autoSpeechToText(both).transcribe(unreadable, options)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});

test('the version tells everything that may decide the answer', () => {
  expect(autoSpeechToText(both).version).toBe('auto(captions:1,openai:1)');
  expect(autoSpeechToText({ ...both, openai: null }).version).toBe('auto(captions:1,whisper:1)');
});
