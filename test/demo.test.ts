import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Folder, openFolder } from '#base/temp.ts';
import { openHome } from './support/home.ts';
import { ffmpegForTests, made, recording } from './support/media.ts';

const root = path.resolve(import.meta.dirname, '..');

/** What `--json` promises. */
const summary = z.strictObject({
  status: z.string(),
  title: z.string().nullable(),
  seconds: z.number().nonnegative(),
  folder: z.string().nullable(),
  files: z.array(z.strictObject({ path: z.string(), durationMs: z.int().nullable(), sizeBytes: z.int().positive() })),
  posts: z.array(z.strictObject({ kind: z.string(), path: z.string(), sentences: z.int(), unsupported: z.int() })),
  failure: z.strictObject({ code: z.string(), message: z.string(), log: z.string().nullable() }).nullable(),
});

const sentences = [
  'Last winter our release took nine hours.',
  'Nobody wanted to be the person who pressed the button.',
  'So we stopped asking people to be brave.',
  'We made every release so small that it could not hurt.',
  'Now forty releases go out on a quiet Tuesday.',
  'And when one of them breaks, it is gone within a minute.',
  'Small steps are not slow; they are the only fast way.',
  'If you remember one thing, remember to make it small.',
];

let home: Folder;
let desk: Folder;

beforeAll(async () => {
  home = await openHome();
  desk = await openFolder();
});
afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await desk[Symbol.asyncDispose]();
});

describe('a recording with captions beside it', () => {
  let answer: Ended;
  beforeAll(async () => {
    await putOnDesk('small steps.mp4', sentences);
    answer = await demo([desk.file('small steps.mp4')]);
  }, 180_000);

  test('ends well, with one JSON object on stdout and the progress on stderr', () => {
    expect(answer.code).toBe(0);
    expect(answer.summary).toMatchObject({ status: 'SUCCEEDED', title: 'small steps', failure: null });
    expect(answer.stderr).toMatch(/^ingest: succeeded$/m);
    expect(answer.stderr).toMatch(/^run: succeeded$/m);
  });

  test('gives a transcript, clips, a poster and four posts, all of the size that was said', async () => {
    const { folder, files } = answer.summary;
    expect(folder).toBe(path.join(desk.file('out'), 'small steps'));
    const paths = files.map((file) => file.path);
    expect(paths).toEqual(expect.arrayContaining(['transcript.json', 'transcript.vtt', 'transcript.srt']));
    for (const shape of [/-landscape\.mp4$/, /-portrait\.mp4$/, /^clips\/01-.*\.jpg$/, /^clips\/01-.*\.vtt$/]) {
      expect(paths.filter((name) => shape.test(name))).not.toEqual([]);
    }
    expect(paths.filter((name) => name.startsWith('posts/')).sort()).toEqual(
      ['blog', 'instagram', 'linkedin', 'x-thread'].map((name) => `posts/${name}.md`),
    );
    for (const file of files) expect((await stat(path.join(folder ?? '', file.path))).size).toBe(file.sizeBytes);
    for (const { durationMs } of files.filter((file) => file.path.endsWith('.mp4'))) {
      expect(durationMs).toBeGreaterThan(10_000);
    }
  });

  test('says in every post where each sentence was said', async () => {
    const spoken = await transcriptOf(answer);
    expect(spoken.segments.map((segment) => segment.text)).toEqual(sentences);
    for (const post of answer.summary.posts) {
      const [, sources = ''] = (await readFile(path.join(answer.summary.folder ?? '', post.path), 'utf8')).split(
        '## Sources',
      );
      expect(sources.match(/^- (\[\d+:\d\d-\d+:\d\d\] )+\S/gm)).toHaveLength(post.sentences - post.unsupported);
      expect(post.sentences).toBeGreaterThan(0);
    }
  });

  test('leaves no server behind', () => {
    expect(serverIsUp()).toBe(false);
  });
});

describe('what cannot be published', () => {
  test('a recording with neither captions nor a recogniser ends in a failure that says what to do', async () => {
    const answer = await demo([await recording('talk.wav')]);
    expect(answer.code).toBe(1);
    expect(answer.summary).toMatchObject({
      status: 'FAILED',
      failure: { code: 'TRANSCRIBER_NOT_CONFIGURED' },
      files: [],
    });
    expect(answer.stderr).toContain('no speech-to-text is configured');
    expect(serverIsUp()).toBe(false);
  });

  test('a wrong path, an empty file, a text and an unknown flag are told in one line, without a server', async () => {
    await writeFile(desk.file('empty.mp4'), '');
    await writeFile(desk.file('notes.mp4'), 'no recording at all');
    const told = await Promise.all(
      [['nowhere.mp4'], [desk.file('empty.mp4')], [desk.file('notes.mp4')], ['--speed', '2']].map((args) => demo(args)),
    );
    expect(told.map(({ code }) => code)).toEqual([1, 1, 1, 1]);
    expect(told.map(({ stderr }) => stderr.trimEnd().split('\n'))).toEqual([
      [`${path.resolve(root, 'nowhere.mp4')} was not found.`],
      [`${desk.file('empty.mp4')} is empty.`],
      [expect.stringContaining('not a recording')],
      [expect.stringContaining("Unknown option '--speed'")],
    ]);
  });

  test('a folder that no demo made is not emptied', async () => {
    await mkdir(desk.file('out/talk'), { recursive: true });
    await writeFile(desk.file('out/talk/mine.txt'), 'keep me');
    const { code, stderr } = await demo([await recording('talk.wav')]);
    expect(code).toBe(1);
    expect(stderr).toContain('holds files that no demo made');
    expect(await readdir(desk.file('out/talk'))).toEqual(['mine.txt']);
  });
});

test('Ctrl+C while it works cancels the run, puts the server away and ends with a failure', async () => {
  await putOnDesk('interrupted.mp4', sentences);
  const child = start([desk.file('interrupted.mp4')]);
  const ended = endOf(child);
  await working(child);
  child.kill('SIGINT');
  const answer = await ended;
  expect(answer.code).toBe(1);
  expect(answer.summary).toMatchObject({ status: 'CANCELED', failure: { code: 'CANCELED' }, files: [] });
  expect(serverIsUp()).toBe(false);
});

type Started = ChildProcessByStdio<null, Readable, Readable>;

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
  readonly summary: z.output<typeof summary>;
}

/** Runs the demo to its end, with a home and a folder for results of this file's own. */
const demo = (args: readonly string[]): Promise<Ended> => endOf(start(args));

async function endOf(child: Started): Promise<Ended> {
  const [[code], stdout, stderr] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return { code, stderr, summary: summary.parse(JSON.parse(stdout)) };
}

/** Of the environment only where the tools are, so that no key of the machine's owner decides the outcome. */
function start(args: readonly string[]): Started {
  const { PATH, FFMPEG_PATH, FFPROBE_PATH } = process.env;
  const entry = path.join(root, 'scripts/demo/demo.ts');
  const places = ['--home', home.path, '--out', desk.file('out'), '--json'];
  return spawn(process.execPath, [entry, ...places, ...args], {
    cwd: root,
    env: { PATH, FFMPEG_PATH, FFPROBE_PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Resolves when the server is at work on the recording. */
const working = (child: Started): Promise<void> =>
  new Promise((resolve) => {
    child.stderr.on('data', (chunk: Buffer) => {
      if (chunk.includes('ingest:')) resolve();
    });
  });

/** Three seconds for each sentence; few pictures, because every one is encoded three times. */
async function putOnDesk(name: string, lines: readonly string[]): Promise<void> {
  const seconds = lines.length * 3;
  const voice = `if(lt(mod(t,3),2.4),0.12*(random(0)-0.5)*(1+sin(2*PI*4*t)),0.0005*(random(1)-0.5))`;
  const { ffmpeg } = (await ffmpegForTests()).tools;
  const file = await made(ffmpeg, 'eight-sentences.mp4', [
    ...lavfi(`testsrc2=s=320x180:r=5:d=${seconds}`),
    ...lavfi(`aevalsrc='${voice}':s=48000:d=${seconds}`),
    ...encoded,
  ]);
  await copyFile(file, desk.file(name));
  const cues = lines.map((line, at) => `${at + 1}\n${stamp(at * 3)} --> ${stamp(at * 3 + 2.4)}\n${line}\n`);
  await writeFile(desk.file(name.replace('.mp4', '.srt')), cues.join('\n'));
}

const lavfi = (graph: string): string[] => ['-f', 'lavfi', '-i', graph];
const encoded = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];

const stamp = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(11, 23).replace('.', ',');

const transcript = z.object({ language: z.string(), segments: z.array(z.object({ text: z.string() })) });

const transcriptOf = async ({ summary: { folder } }: Ended) =>
  transcript.parse(JSON.parse(await readFile(path.join(folder ?? '', 'transcript.json'), 'utf8')));

/** The database is the last that goes; it takes this file with it. */
const serverIsUp = (): boolean => existsSync(home.file('postgres/data/postmaster.pid'));
