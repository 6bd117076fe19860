import { existsSync } from 'node:fs';
import { copyFile, readFile, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import type { RecipeInput } from '#generated/client/graphql.ts';
import { announce, finalize, type House, openHouse, sendBytes } from './support/house.ts';
import { ffmpegForTests, firstPart, made, recording } from './support/media.ts';
import { untilNoFolders, untilNoJobs } from './support/run-rows.ts';
import { openSpokenHouse } from './support/spoken-house.ts';
import { shortClip, talkCaptions } from './support/talk-run.ts';

const endDocument = graphql(`
  query EndOfUpload($id: ID!) {
    node(id: $id) {
      __typename
      ... on Upload {
        status
        title
        fileName
        failure { code message stage retryable }
        media { durationMs video { width } audio { codec } }
        transcript { wordCount }
        clips { nodes { poster { contentType } renditions { preset status file { contentType } } } }
        runs { nodes { status isFinal failure { code message stage } } }
      }
    }
  }
`);

type Sent = Parameters<typeof sendBytes>[2];
type Captions = Parameters<typeof finalize>[3];

describe('media as strangers send it', () => {
  let house: House;

  beforeAll(async () => {
    house = await openHouse({ env: { MAX_MEDIA_MINUTES: '1' } });
  });
  afterAll(() => house[Symbol.asyncDispose]());
  describe('is refused when it is no recording', () => {
    test.each([
      ['one byte', Buffer.from([0]), 'unknown data'],
      ['text', Buffer.from('Dear reader, this is only text.\n'.repeat(40)), 'text'],
      ['a web page', Buffer.from('<!doctype html><title>Not found</title><p>404'), 'a web page'],
      ['an archive', Buffer.from('504b0304140000000800', 'hex'), 'application/zip'],
    ])('%s with the type of a video', async (_what, bytes, found) => {
      const upload = await endOf(house, bytes);
      expect(upload).toMatchObject({ status: 'REJECTED', media: null });
      expect(upload.failure).toMatchObject({ code: 'MEDIA_UNSUPPORTED', stage: 'INGEST', retryable: false });
      expect(upload.failure?.message).toContain(found);
      expect(upload.runs.nodes).toMatchObject([{ status: 'FAILED', failure: { code: 'MEDIA_UNSUPPORTED' } }]);
    });

    test.each([
      [
        'a playlist',
        (file: string) => `#EXTM3U\n#EXT-X-TARGETDURATION:14\n#EXTINF:14,\nfile://${file}\n#EXT-X-ENDLIST\n`,
      ],
      ['a concat script', (file: string) => `ffconcat version 1.0\nfile 'file:${file}'\n`],
    ])('%s named .mp4 never gets another file of this machine opened', async (found, script) => {
      const secret = path.join(house.home, 'secret.mp4');
      await copyFile(await recording('talk.mp4'), secret);
      await utimes(secret, 1, 2);
      const upload = await endOf(house, Buffer.from(script(secret)));
      expect(upload).toMatchObject({ status: 'REJECTED', media: null, failure: { code: 'MEDIA_UNSUPPORTED' } });
      expect(upload.failure?.message).toContain(found);
      expect((await stat(secret)).atimeMs).toBe(1_000);
    });
  });

  describe('is refused when it is damaged or not what was announced', () => {
    test('a recording cut short whose index came first', async () => {
      const upload = await endOf(house, await firstPart(await recording('talk.mp4'), 0.6));
      expect(upload).toMatchObject({ status: 'REJECTED', failure: { code: 'MEDIA_CORRUPT' } });
    });

    test('a recording cut short whose index was to come last', async () => {
      const upload = await endOf(house, await firstPart(await recording('counted.mp4'), 0.6));
      expect(upload).toMatchObject({ status: 'REJECTED', failure: { code: 'MEDIA_CORRUPT' } });
    });

    test('other bytes than the checksum said', async () => {
      const upload = await endOf(house, await readFile(await recording('mute.mp4')), {
        sent: { sha256: '0'.repeat(64) },
      });
      expect(upload).toMatchObject({ status: 'REJECTED', failure: { code: 'CHECKSUM_MISMATCH' } });
    });

    test('no bytes at all', async () => {
      const { upload, errors } = await announce(house, Buffer.alloc(0));
      expect(upload).toBeNull();
      expect(errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['input', 'sizeBytes'] }]);
    });
  });

  describe('is refused when it is too long', () => {
    test('by what is in it', async () => {
      const upload = await endOf(house, await readFile(await long('long.mp3', ['anullsrc=r=8000:cl=mono', 61])));
      expect(upload.failure).toMatchObject({
        code: 'MEDIA_TOO_LONG',
        message: 'The recording lasts 2 minutes; at most 1 are accepted.',
      });
    });

    test('by what its header claims, before anything is decoded', async () => {
      const file = await long('claims.mp4', ['color=s=64x64:r=1/3600', 4 * 3600]);
      const upload = await endOf(house, await readFile(file));
      expect(upload.failure).toMatchObject({
        code: 'MEDIA_TOO_LONG',
        message: 'The recording lasts 240 minutes; at most 1 are accepted.',
      });
    });
  });

  describe('is taken as it is when something is missing', () => {
    test('sound alone becomes sound, whatever shape was asked for', async () => {
      const bytes = await readFile(await recording('talk.mp3'));
      const sent = { fileName: 'talk.mp3', contentType: 'audio/mpeg' };
      const recipe = shortClip('PORTRAIT_1080P', 'SQUARE_1080P');
      const upload = await endOf(house, bytes, { sent, recipe, captions: talkCaptions });
      expect(upload).toMatchObject({ status: 'READY', media: { video: null, audio: { codec: 'mp3' } } });
      expect(upload.runs.nodes).toMatchObject([{ status: 'SUCCEEDED' }]);
      expect(upload.clips.nodes).toEqual([
        {
          poster: null,
          renditions: [{ preset: 'AUDIO_ONLY', status: 'SUCCEEDED', file: { contentType: 'audio/mp4' } }],
        },
      ]);
    });

    test('a silent film without captions is kept, but its run has nothing to transcribe', async () => {
      const upload = await endOf(house, await readFile(await recording('mute.mp4')));
      expect(upload).toMatchObject({ status: 'READY', failure: null, media: { audio: null, video: { width: 640 } } });
      expect(upload.runs.nodes).toMatchObject([
        { status: 'FAILED', failure: { code: 'MEDIA_NO_AUDIO', stage: 'TRANSCRIBE' } },
      ]);
    });

    test('a silent film with captions has what its captions say', async () => {
      const captions = {
        format: 'SRT',
        language: 'en',
        text: '1\n00:00:00,500 --> 00:00:03,500\nNobody speaks.\n',
      } as const;
      const bytes = await readFile(await recording('mute.mp4'));
      const upload = await endOf(house, bytes, { captions });
      expect(upload).toMatchObject({ status: 'READY', transcript: { wordCount: 2 } });
      expect(upload.runs.nodes).toMatchObject([{ status: 'SUCCEEDED', failure: null }]);
    });

    test('speech that nobody is there to hear says three ways to get a transcript', async () => {
      const upload = await endOf(house, await readFile(await recording('talk.wav')), {
        sent: { fileName: 'talk.wav', contentType: 'audio/wav' },
      });
      expect(upload.status).toBe('READY');
      const [run] = upload.runs.nodes;
      expect(run).toMatchObject({ status: 'FAILED', failure: { code: 'TRANSCRIBER_NOT_CONFIGURED' } });
      expect(run?.failure?.message).toMatch(/send captions .* OPENAI_API_KEY .* @fugood\/whisper\.node/);
    });
  });

  test('names with the characters of a shell stay names', async () => {
    const name = `a b;$(touch pwned)&&'"%d\`id\`|[x].mp4`;
    const bytes = await readFile(await recording('talk.mp4'));
    const recipe = shortClip('AUDIO_ONLY');
    const upload = await endOf(house, bytes, { sent: { fileName: name }, recipe, captions: talkCaptions });
    expect(upload).toMatchObject({ status: 'READY', fileName: name, title: name.replace('.mp4', '') });
    expect(upload.runs.nodes).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(existsSync('pwned') || existsSync(path.join(house.home, 'pwned'))).toBe(false);
  });

  test('captions that are none are refused before anything starts, and may be sent right', async () => {
    const uploadId = await sendBytes(house, await readFile(await recording('talk.mp4')));
    const garbage = { format: 'SRT', language: 'en', text: '\u0007\u0007 no cue in sight' } as const;
    const refused = await finalize(house, uploadId, { transcript: true }, garbage);
    expect(refused).toMatchObject({
      errors: [{ code: 'INVALID_INPUT', path: ['input', 'captions', 'text'] }],
      run: null,
    });
    const { run, errors } = await finalize(house, uploadId, { transcript: true }, talkCaptions);
    expect(errors).toEqual([]);
    const events = await house.follow(run?.id ?? '');
    expect(events.at(-1)).toMatchObject({ runStatus: 'SUCCEEDED' });
  });
});

describe('a recording without words', () => {
  test('has no transcript, and nobody is asked about pure silence', async () => {
    await using spoken = await openSpokenHouse();
    const { house, openai } = spoken;
    openai.answers.transcription = () => ({ language: 'english', words: [] });
    const silent = await endOf(house, await readFile(await recording('silent.wav')), {
      sent: { fileName: 'silent.wav', contentType: 'audio/wav' },
    });
    expect(silent.runs.nodes).toMatchObject([{ status: 'FAILED', failure: { code: 'MEDIA_NO_SPEECH' } }]);
    expect(openai.requests).toEqual([]);
    const wordless = await endOf(house, await readFile(await recording('talk.mp3')), {
      sent: { fileName: 'talk.mp3', contentType: 'audio/mpeg' },
    });
    expect(wordless).toMatchObject({ status: 'READY', transcript: null });
    expect(wordless.runs.nodes).toMatchObject([{ status: 'FAILED', failure: { code: 'MEDIA_NO_SPEECH' } }]);
    expect(openai.requests).toHaveLength(1);
  });

  test('is not listened to where only captions are wanted', async () => {
    await using house = await openHouse({ env: { SPEECH_TO_TEXT: 'captions' } });
    const upload = await endOf(house, await readFile(await recording('talk.mp4')));
    expect(upload.runs.nodes).toMatchObject([{ status: 'FAILED', failure: { code: 'TRANSCRIBER_NOT_CONFIGURED' } }]);
  });
});

interface Order {
  readonly sent?: Sent;
  readonly recipe?: RecipeInput;
  readonly captions?: Captions;
}

/** Sends bytes, runs them to their end, sees that nothing is left, and gives what became of the upload. */
async function endOf(house: House, bytes: Uint8Array, { sent, recipe = { transcript: true }, captions }: Order = {}) {
  const uploadId = await sendBytes(house, bytes, sent);
  const { run, errors } = await finalize(house, uploadId, recipe, captions);
  expect(errors).toEqual([]);
  await house.follow(run?.id ?? '');
  await untilNoJobs(house.database);
  await untilNoFolders(path.join(house.home, 'work'));
  const { data } = await house.send(endDocument, { id: uploadId });
  if (data.node?.__typename !== 'Upload') throw new Error('the upload is not found');
  return data.node;
}

async function long(name: string, [source, seconds]: [string, number]): Promise<string> {
  const { ffmpeg } = (await ffmpegForTests()).tools;
  return made(ffmpeg, name, ['-f', 'lavfi', '-i', source, '-t', `${seconds}`]);
}
