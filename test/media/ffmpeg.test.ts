import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, symlink } from 'node:fs/promises';
import { availableParallelism, constants, getPriority } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Problem } from '#base/problem.ts';
import { openFolder } from '#base/temp.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import type { Job } from '#media/ffmpeg-job.ts';
import { eventually } from '../support/eventually.ts';
import { calm, ffmpegForTests, recording } from '../support/media.ts';

const execute = promisify(execFile);

let ffmpeg: Ffmpeg;
beforeAll(async () => {
  ffmpeg = await ffmpegForTests(1);
});

async function folder() {
  const opened = await openFolder();
  onTestFinished(() => opened[Symbol.asyncDispose]());
  return opened;
}

/** An encode that takes longer than any test, into `out`. */
const endless = async (out: string): Promise<Omit<Job, 'signal'>> => ({
  inputs: [{ file: await recording('talk.mp4'), options: ['-re', '-stream_loop', '-1'] }],
  outputs: [{ file: out, options: ['-map', '0:a:0', '-c:a', 'aac'] }],
  expectedMs: 14_000,
  kind: 'encode',
});

const short = async (out: string): Promise<Job> => ({
  inputs: [{ file: await recording('talk.wav') }],
  outputs: [{ file: out, options: ['-c:a', 'flac'] }],
  expectedMs: 14_000,
  kind: 'light',
  signal: calm(),
});

/** Running processes whose command line names the file. */
async function childrenNaming(file: string): Promise<string[]> {
  const { stdout } = await execute('ps', ['-eo', 'pid=,args='], { maxBuffer: 8 * 1024 ** 2 });
  return stdout.split('\n').filter((line) => line.includes(file));
}

const failure = (promise: Promise<unknown>): Promise<Problem> =>
  promise.then(
    () => Promise.reject(new Error('it succeeded')),
    (error: unknown) => {
      if (error instanceof Problem) return error;
      throw error;
    },
  );

it('names the threads of one encode in its version, because x264 makes other bytes with other threads', async () => {
  const { version } = ffmpeg.tools;
  expect(ffmpeg.version).toBe(`${version}/${availableParallelism()}`);
  expect((await ffmpegForTests(2)).version).toBe(`${version}/1`);
});

describe('run', () => {
  it('writes the output under its name only when it is whole', async () => {
    const work = await folder();
    const out = work.file('talk.flac');
    const seen: number[] = [];
    await ffmpeg.run({ ...(await short(out)), onProgress: (fraction) => seen.push(fraction) });
    expect(await readdir(work.path)).toEqual(['talk.flac']);
    expect(seen.at(-1)).toBe(1);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
  });

  it('takes names literally, whatever they hold', async () => {
    const work = await folder();
    const name = "a b;$(touch pwned)'%d:[x],http:.mp4";
    await copyFile(await recording('mute.mp4'), work.file(name));
    await ffmpeg.run({
      inputs: [{ file: work.file(name) }],
      outputs: [{ file: work.file(`-${name}`), options: ['-c', 'copy'] }],
      expectedMs: 0,
      kind: 'light',
      signal: calm(),
    });
    expect((await readdir(work.path)).sort()).toEqual([`-${name}`, name]);
    expect(existsSync('pwned')).toBe(false);
  });

  it('ends the child and removes what it wrote when aborted, with the reason it was given', async () => {
    const work = await folder();
    const out = work.file('endless.m4a');
    const controller = new AbortController();
    const running = failure(
      ffmpeg.run({
        ...(await endless(out)),
        signal: controller.signal,
        onProgress: () => controller.abort(new Problem('WORKER_LOST')),
      }),
    );
    expect((await running).code).toBe('WORKER_LOST');
    expect(await readdir(work.path)).toEqual([]);
    expect(await childrenNaming(out)).toEqual([]);
  });

  it('is gone within the two seconds of a cancel, also with a lookahead of large frames in hand', async () => {
    await using place = await openFolder();
    const controller = new AbortController();
    const large = ['-map', '0:v:0', '-vf', 'scale=1080:1920', '-c:v', 'libx264', '-preset', 'medium'];
    let abortedAt = 0;
    const encode = ffmpeg.run({
      ...(await endless(place.file('large.mp4'))),
      inputs: [{ file: await recording('talk.mp4'), options: ['-stream_loop', '-1'] }],
      outputs: [{ file: place.file('large.mp4'), options: large }],
      signal: controller.signal,
      onProgress: (fraction) => {
        if (abortedAt > 0 || fraction < 0.02) return;
        abortedAt = performance.now();
        controller.abort(new Problem('CANCELED'));
      },
    });
    await expect(encode).rejects.toMatchObject({ code: 'CANCELED' });
    expect(performance.now() - abortedAt).toBeLessThan(2_000);
  });

  it('lets an aborted encode leave the queue while another one runs', async () => {
    const work = await folder();
    const first = new AbortController();
    const started = Promise.withResolvers<void>();
    const running = failure(
      ffmpeg.run({
        ...(await endless(work.file('first.m4a'))),
        signal: first.signal,
        onProgress: () => started.resolve(),
      }),
    );
    await started.promise;
    const second = new AbortController();
    const waiting = failure(ffmpeg.run({ ...(await endless(work.file('second.m4a'))), signal: second.signal }));
    second.abort();
    expect((await waiting).code).toBe('CANCELED');
    expect(await readdir(work.path)).toEqual(['first.m4a.part']);
    first.abort();
    expect((await running).code).toBe('CANCELED');
  });

  it('ends a call that takes too long', async () => {
    const work = await folder();
    const job = { ...(await endless(work.file('late.m4a'))), signal: calm(), timeoutMs: 300 };
    expect(await failure(ffmpeg.run(job))).toMatchObject({ code: 'TIMED_OUT', facts: { timeoutMs: 300 } });
  });

  it('says DISK_FULL when the disk is full', async () => {
    const work = await folder();
    await symlink('/dev/full', work.file('talk.flac.part'));
    const problem = await failure(ffmpeg.run(await short(work.file('talk.flac'))));
    expect(problem).toMatchObject({ code: 'DISK_FULL', transient: true });
    expect(await readdir(work.path)).toEqual([]);
  });

  it('keeps the last words of a failure without the names of files', async () => {
    const work = await folder();
    const job: Job = { ...(await short(work.file('private-name.flac'))), filterGraph: '[0:a:0]volume=nonsense[x]' };
    const problem = await failure(ffmpeg.run(job));
    expect(problem.code).toBe('ENCODE_FAILED');
    expect(JSON.stringify(problem.facts)).toContain('nonsense');
    expect(JSON.stringify(problem.facts)).not.toContain(work.path);
  });

  const samples = { file: 'pipe', options: ['-c:a', 'pcm_s16le', '-f', 's16le'] };

  it('hands every byte of a piped output on, in order', async () => {
    const chunks: Buffer[] = [];
    const file = await recording('talk.wav');
    await ffmpeg.run({
      inputs: [{ file }],
      outputs: [{ ...samples, onOutput: (chunk) => chunks.push(chunk) }],
      expectedMs: 0,
      kind: 'light',
      signal: calm(),
    });
    const bytes = Buffer.concat(chunks);
    expect((await readFile(file)).subarray(-bytes.length).equals(bytes)).toBe(true);
    expect(bytes.length).toBe(14 * 48_000 * 2);
  });

  it('keeps several piped outputs of one call apart', async () => {
    const sizes = [0, 0, 0];
    const take = (at: number) => (chunk: Buffer) => {
      sizes[at] = (sizes[at] ?? 0) + chunk.length;
    };
    const pixels = ['-map', '0:v', '-t', '1', '-pix_fmt', 'gray', '-c:v', 'rawvideo', '-f', 'rawvideo'];
    await ffmpeg.run({
      inputs: [{ file: await recording('mute.mp4') }, { file: await recording('silent.wav') }],
      outputs: [
        { file: 'pipe', options: pixels, onOutput: take(0) },
        { file: 'pipe', options: ['-map', '1:a', ...samples.options], onOutput: take(1) },
        { file: 'pipe', options: [...pixels, '-s', '64x36'], onOutput: take(2) },
      ],
      expectedMs: 0,
      kind: 'light',
      signal: calm(),
    });
    expect(sizes).toEqual([30 * 640 * 360, 3 * 16_000 * 2, 30 * 64 * 36]);
  });

  it('fails with what a taker of its output throws', async () => {
    const onOutput = () => {
      throw new RangeError('too much');
    };
    const inputs = [{ file: await recording('talk.wav') }];
    const job: Job = { inputs, outputs: [{ ...samples, onOutput }], expectedMs: 0, kind: 'light', signal: calm() };
    expect(await failure(ffmpeg.run(job))).toMatchObject({ cause: { message: 'too much' } });
  });

  it('gives way to everything else on the machine', async () => {
    const out = (await folder()).file('polite.m4a');
    const stop = new AbortController();
    const ended = failure(ffmpeg.run({ ...(await endless(out)), signal: stop.signal }));
    const lower = Math.min(getPriority() + 10, constants.priority.PRIORITY_LOW);
    const priorities = async () =>
      (await childrenNaming(out)).map((line) => getPriority(Number.parseInt(line.trim(), 10)));
    await vi.waitFor(async () => expect(await priorities()).toEqual([lower]), 20_000);
    stop.abort();
    expect((await ended).code).toBe('CANCELED');
  });

  it('leaves no encoder behind when its process is killed', async () => {
    const work = await folder();
    const out = work.file('orphan.m4a');
    const killed = execute(process.execPath, [
      path.resolve('test/support/killed-worker.ts'),
      await recording('talk.mp4'),
      out,
    ]);
    await expect(killed).rejects.toMatchObject({ signal: 'SIGKILL' });
    expect(existsSync(`${out}.part`)).toBe(true);
    await eventually(async () => expect(await childrenNaming(out)).toEqual([]));
  });
});
