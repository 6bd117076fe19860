import { expect, test } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { calm, ffmpegForTests, recording, samplesOf } from '../support/media.ts';

test('a filter graph longer than an argument may be is read from a file', async () => {
  await using folder = await openFolder();
  const ffmpeg = await ffmpegForTests();
  const out = folder.file('quiet.wav');
  await ffmpeg.run({
    inputs: [{ file: await recording('talk.wav'), options: ['-t', '1'] }],
    filterGraph: `[0:a:0]${' '.repeat(160_000)}volume=0[out]`,
    graphFile: folder.file('long.graph'),
    outputs: [{ file: out, options: ['-map', '[out]'] }],
    expectedMs: 1000,
    kind: 'light',
    signal: calm(),
  });
  expect((await samplesOf(ffmpeg, out)).every((sample) => sample === 0)).toBe(true);
});
