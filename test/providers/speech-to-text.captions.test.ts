import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { uncached } from '#providers/model-calls.ts';
import { captionsSpeechToText, hasCaptions } from '#providers/speech-to-text.captions.ts';
import type { SpeechSource } from '#providers/speech-to-text.ts';
import { ffmpegForTests } from '../support/media.ts';
import { openRecording, type Recording } from '../support/recording.ts';
import { spoken } from '../support/tones.ts';

const execute = promisify(execFile);
const ffmpeg = await ffmpegForTests();
const captions = captionsSpeechToText({ ffmpeg });
const calm = () => ({ signal: new AbortController().signal, calls: uncached, onProgress: () => {} });
const open = () => openRecording(spoken(1000, 'alpha bravo charlie delta'), 6000);
const textOf = (segments: readonly { readonly text: string }[]) => segments.map(({ text }) => text).join(' | ');

const srt = (...cues: string[]) =>
  cues.map((text, at) => `${at + 1}\n00:00:0${at},000 --> 00:00:0${at + 1},000\n${text}\n`).join('\n');

/** The recording in a container with one text track for each of these. */
async function withTracks(
  recording: Recording,
  tracks: readonly { language: string; text: string }[],
): Promise<SpeechSource> {
  const files = tracks.map((_, at) => recording.scratch(`track-${at}.srt`));
  for (const [at, file] of files.entries()) await writeFile(file, tracks[at]?.text ?? '');
  const file = recording.scratch('captioned.mkv');
  const inputs = [recording.source.file, ...files].flatMap((input) => ['-i', input]);
  const maps = [recording.source.file, ...files].flatMap((_, at) => ['-map', String(at)]);
  const languages = tracks.flatMap(({ language }, at) => [`-metadata:s:s:${at}`, `language=${language}`]);
  await execute(ffmpeg.tools.ffmpeg, ['-v', 'error', '-y', ...inputs, ...maps, '-c:s', 'srt', ...languages, file]);
  return { ...recording.source, file, textTracks: tracks.map(({ language }, at) => ({ index: at + 1, language })) };
}

test('captions sent with the upload win over tracks in the file', async () => {
  await using recording = await open();
  const source = await withTracks(recording, [{ language: 'eng', text: srt('From the file.') }]);
  const sidecar = { format: 'SRT' as const, language: 'en-GB', text: srt('From the upload.') };
  const heard = await captions.transcribe({ ...source, sidecar }, calm());
  expect(textOf(heard.segments)).toBe('From the upload.');
  expect(heard).toMatchObject({ provider: 'captions', model: 'sidecar', language: 'en-GB', wordTiming: 'ESTIMATED' });
});

test('of the tracks in the file the one in the wanted language is read', async () => {
  await using recording = await open();
  const tracks = [
    { language: 'eng', text: srt('One.', 'Two.') },
    { language: 'ger', text: srt('Eins.', 'Zwei.') },
  ];
  const source = await withTracks(recording, tracks);
  const first = await captions.transcribe(source, calm());
  const german = await captions.transcribe({ ...source, language: 'de-AT' }, calm());
  expect([first.language, textOf(first.segments)]).toEqual(['en', 'One. | Two.']);
  expect([german.language, textOf(german.segments)]).toEqual(['de', 'Eins. | Zwei.']);
});

test('estimated words avoid the silences and stay inside their cue', async () => {
  await using recording = await open();
  const text = '1\n00:00:00,000 --> 00:00:05,000\nalpha bravo charlie delta\n';
  const source = { ...recording.source, sidecar: { format: 'SRT' as const, language: null, text } };
  const { segments, language } = await captions.transcribe(source, calm());
  const words = segments[0]?.words ?? [];
  expect(words.map((word) => word.text)).toEqual(['alpha', 'bravo', 'charlie', 'delta']);
  expect(words[0]?.startMs).toBeGreaterThanOrEqual(1000);
  expect(words.at(-1)?.endMs).toBeLessThanOrEqual(2100);
  expect(language).toBe('und');
});

test('words that the captions time themselves are measured', async () => {
  await using recording = await open();
  const text = 'WEBVTT\n\n00:01.000 --> 00:03.000\n<00:01.000>alpha <00:01.300>bravo\n';
  const source = { ...recording.source, sidecar: { format: 'VTT' as const, language: 'en', text } };
  const { wordTiming, segments } = await captions.transcribe(source, calm());
  expect(wordTiming).toBe('MEASURED');
  expect(segments[0]?.words[1]).toMatchObject({ text: 'bravo', startMs: 1300 });
});

test('cues after the end and mere sounds are left out, and the last cue ends with the recording', async () => {
  await using recording = await open();
  const text = [
    '1\n00:00:00,000 --> 00:00:01,000\n[Music]\n',
    '2\n00:00:05,000 --> 00:00:09,000\nThe last one.\n',
    '3\n00:00:07,000 --> 00:00:09,000\nToo late.\n',
  ].join('\n');
  const source = { ...recording.source, sidecar: { format: 'SRT' as const, language: null, text } };
  const { segments } = await captions.transcribe(source, calm());
  expect(segments).toHaveLength(1);
  expect(segments[0]).toMatchObject({ text: 'The last one.', endMs: 6000 });
  expect(segments[0]?.words.at(-1)?.endMs).toBeLessThanOrEqual(6000);
});

test('captions that cannot be read are the sender’s mistake', async () => {
  await using recording = await open();
  const source = { ...recording.source, sidecar: { format: 'SRT' as const, language: null, text: 'no cue at all' } };
  await expect(captions.transcribe(source, calm())).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});

test('captions of sounds only hold no speech', async () => {
  await using recording = await open();
  const source = { ...recording.source, sidecar: { format: 'SRT' as const, language: null, text: srt('(applause)') } };
  await expect(captions.transcribe(source, calm())).rejects.toMatchObject({ code: 'MEDIA_NO_SPEECH' });
});

test('a recording without any captions needs a recogniser', async () => {
  await using recording = await open();
  expect(hasCaptions(recording.source)).toBe(false);
  await expect(captions.transcribe(recording.source, calm())).rejects.toMatchObject({
    code: 'TRANSCRIBER_NOT_CONFIGURED',
  });
});

test('a caption track of more than 4 MB is refused instead of being read into memory', async () => {
  await using recording = await open();
  const line = 'endless captions '.repeat(9);
  const stamp = (ms: number) => new Date(ms).toISOString().slice(11, 23).replace('.', ',');
  const flood = Array.from(
    { length: 30_000 },
    (_, at) => `${at + 1}\n${stamp(at * 40)} --> ${stamp(at * 40 + 40)}\n${line}\n`,
  ).join('\n');
  const source = await withTracks(recording, [{ language: 'eng', text: flood }]);
  await expect(captions.transcribe(source, calm())).rejects.toMatchObject({ code: 'MEDIA_UNSUPPORTED' });
});

test('captions with more text than the recording has time for are refused', async () => {
  await using recording = await open();
  const sidecar = { format: 'SRT' as const, language: 'en', text: srt('word '.repeat(20_000)) };
  await expect(captions.transcribe({ ...recording.source, sidecar }, calm())).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: 'From 0 to 6000 ms there are 99999 characters: nobody says so many.',
  });
});
