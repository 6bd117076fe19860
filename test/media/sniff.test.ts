import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openFolder } from '#base/temp.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import { probe } from '#media/probe.ts';
import { sniff } from '#media/sniff.ts';
import { calm, ffmpegForTests, type RecordingName, recording } from '../support/media.ts';

let ffmpeg: Ffmpeg;
beforeAll(async () => {
  ffmpeg = await ffmpegForTests();
});

async function fileOf(content: string): Promise<string> {
  const folder = await openFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  await writeFile(folder.file('talk.mp4'), content);
  return folder.file('talk.mp4');
}

describe('sniff', () => {
  it.each<RecordingName>(['talk.mp4', 'talk.wav', 'talk.mp3', 'mute.mp4'])('accepts %s', async (name) => {
    await expect(sniff(await recording(name))).resolves.toBeUndefined();
  });

  it.each([
    ['', 'an empty file'],
    ['#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n', 'a playlist'],
    ["ffconcat version 1.0\nfile '/etc/passwd'\n", 'a concat script'],
    ['<!doctype html><title>talk</title>', 'a web page'],
    ['Dear all,\nhere is my talk.\n', 'text'],
    ['\u0000\u0001\u0002\u0003 nothing known', 'unknown data'],
    ['%PDF-1.7\n', 'application/pdf'],
    ['\u007fELF\u0002\u0001', 'application/x-elf'],
  ])('refuses %j named talk.mp4 and says what it is', async (content, found) => {
    await expect(sniff(await fileOf(content))).rejects.toMatchObject({ code: 'MEDIA_UNSUPPORTED', facts: { found } });
  });
});

describe('a playlist disguised as a recording does not open another local file', () => {
  const disguises = async () => {
    const secret = await recording('talk.mp4');
    return [
      await fileOf(`#EXTM3U\n#EXT-X-TARGETDURATION:14\n#EXTINF:14,\nfile://${secret}\n#EXT-X-ENDLIST\n`),
      await fileOf(`ffconcat version 1.0\nfile '${secret}'\n`),
    ];
  };

  it('at the level of ffprobe', async () => {
    for (const file of await disguises()) {
      await expect(probe(ffmpeg, file, calm())).rejects.toMatchObject({
        code: expect.stringMatching(/^MEDIA_(UNSUPPORTED|CORRUPT)$/),
      });
    }
  });

  it('at the level of ffmpeg', async () => {
    for (const file of await disguises()) {
      let bytes = 0;
      const running = ffmpeg.run({
        inputs: [{ file }],
        outputs: [
          {
            file: 'pipe',
            options: ['-c:a', 'pcm_s16le', '-f', 's16le'],
            onOutput: (chunk) => {
              bytes += chunk.length;
            },
          },
        ],
        expectedMs: 0,
        kind: 'light',
        signal: calm(),
      });
      await expect(running).rejects.toMatchObject({ code: 'ENCODE_FAILED' });
      expect(bytes).toBe(0);
    }
  });
});

it('a playlist disguised as a recording makes nobody ask the address that it names', async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer(({ url }, answer) => {
    asked.push(url);
    answer.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  // This server listens on a port, never on a pipe.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await fetch(`${address}/hears`);
  const playlist = await fileOf(
    `#EXTM3U\n#EXT-X-TARGETDURATION:14\n#EXTINF:14,\n${address}/inner.ts\n#EXT-X-ENDLIST\n`,
  );
  await expect(probe(ffmpeg, playlist, calm())).rejects.toMatchObject({ code: expect.any(String) });
  const output = { file: 'pipe', options: ['-c:a', 'pcm_s16le', '-f', 's16le'], onOutput: () => {} };
  const running = ffmpeg.run({
    inputs: [{ file: playlist }],
    outputs: [output],
    expectedMs: 0,
    kind: 'light',
    signal: calm(),
  });
  await expect(running).rejects.toMatchObject({ code: 'ENCODE_FAILED' });
  expect(asked).toEqual(['/hears']);
});
