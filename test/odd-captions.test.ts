import { describe, expect, test } from 'vitest';
import { sourceMs } from '#base/time.ts';
import { parseSubtitles, type SubtitleFormat } from '#captions/subtitles.ts';
import { uncached } from '#providers/model-calls.ts';
import { captionsSpeechToText } from '#providers/speech-to-text.captions.ts';
import type { SpeechSource } from '#providers/speech-to-text.ts';
import { calm, ffmpegForTests } from './support/media.ts';

const cue = (index: number, times: string, text: string) => `${index}\n${times}\n${text}\n`;
const inOrder = [
  cue(1, '00:00:01,000 --> 00:00:02,000', 'One two.'),
  cue(2, '00:00:02,000 --> 00:00:03,000', 'Three four.'),
];

describe('captions as people send them', () => {
  test.each<[string, SubtitleFormat, string]>([
    ['in the wrong order', 'SRT', inOrder.toReversed().join('\n')],
    [
      'with a mark of their encoding and lines of Windows',
      'SRT',
      `\uFEFF${inOrder.join('\n')}`.replaceAll('\n', '\r\n'),
    ],
    ['without numbers', 'SRT', inOrder.join('\n').replaceAll(/^\d\n/gm, '')],
    ['of the web, marked', 'VTT', `\uFEFFWEBVTT\n\n${inOrder.join('\n').replaceAll(',', '.')}`],
  ])('%s are read in the order of time', (_how, format, text) => {
    expect(parseSubtitles(text, format).cues).toMatchObject([
      { startMs: 1000, endMs: 2000, text: 'One two.' },
      { startMs: 2000, endMs: 3000, text: 'Three four.' },
    ]);
  });

  test('that speak at the same time become words one after the other', async () => {
    const overlapping = [
      cue(1, '00:00:01,000 --> 00:00:04,000', 'One two.'),
      cue(2, '00:00:02,000 --> 00:00:03,000', 'Three four.'),
      cue(3, '00:00:02,000 --> 00:00:03,000', 'Five six.'),
    ];
    const sidecar = { format: 'SRT', language: 'en', text: overlapping.join('\n') } as const;
    const speech = captionsSpeechToText({ ffmpeg: await ffmpegForTests() });
    const options = { signal: calm(), calls: uncached, onProgress: () => {} };
    const { segments } = await speech.transcribe({ ...captionsAlone, sidecar }, options);
    const words = segments.flatMap((segment) => segment.words);
    expect(words.map(({ text }) => text).join(' ')).toBe('One two. Three four. Five six.');
    for (const [at, { startMs }] of words.entries()) {
      expect(startMs).toBeGreaterThanOrEqual(words[at - 1]?.endMs ?? 0);
    }
  });
});

/** Ten seconds of which nothing but captions tell. */
const captionsAlone: Omit<SpeechSource, 'sidecar'> = {
  file: '/nowhere',
  sha256: '0'.repeat(64),
  durationMs: sourceMs(10_000),
  hasAudio: false,
  textTracks: [],
  silences: [],
  language: null,
  folder: '/nowhere',
};
