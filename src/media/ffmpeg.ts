import { rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import fluent from 'fluent-ffmpeg';
import pLimit from 'p-limit';
import type { Log } from '#base/log.ts';
import { canceled, problemOf, saysDiskFull } from './ffmpeg-failure.ts';
import { filesOf, graphOptions, isFile, type Job, longGraph, muxerOptions, type Output, partOf } from './ffmpeg-job.ts';
import { ffprobe } from './ffprobe.ts';
import { guardsOf, urlOf } from './location.ts';
import { type OutputSockets, openOutputSockets } from './output-sockets.ts';
import { type StderrTail, stderrTail } from './stderr-tail.ts';
import { leashing, type Tools } from './tools.ts';

/** ffmpeg and ffprobe, for local files and our own server of ranges only. The one door to both programs. */
export interface Ffmpeg {
  readonly tools: Tools;
  /**
   * What decides the bytes of an encode besides the order: ffmpeg's own version and the threads that one encode has
   * (x264 divides its bits otherwise over other threads).
   */
  readonly version: string;
  /**
   * Runs one call. Outputs appear under their names only when whole. Throws ENCODE_FAILED, DISK_FULL, TIMED_OUT, or
   * what the signal was aborted with (CANCELED by default); the child has ended by then.
   */
  run(job: Job): Promise<Ran>;
  /** ffprobe's answer (streams, format) as JSON. Throws MEDIA_UNSUPPORTED or MEDIA_CORRUPT. */
  probe(file: string, signal: AbortSignal): Promise<unknown>;
}

/** How a call went: its last words, how far it came, and the CPU time it took, in milliseconds. */
interface Ran {
  readonly stderrTail: string[];
  readonly reachedMs: number;
  readonly cpuMs: number;
}

/** Opens ffmpeg with `concurrency` encodes at a time; each of several takes one thread (1.4 times more work done). */
export function openFfmpeg(tools: Tools, { concurrency, log }: { concurrency: number; log: Log }): Ffmpeg {
  const gate = pLimit(concurrency);
  const threads = concurrency > 1 ? ['-threads', '1'] : [];
  return {
    tools,
    version: `${tools.version}/${concurrency > 1 ? 1 : availableParallelism()}`,
    run(job) {
      const start = () => runJob({ tools, log, threads: job.kind === 'encode' ? threads : [] }, job);
      return job.kind === 'encode' ? admitted(gate, job.signal, start) : start();
    },
    probe: (file, signal) => ffprobe(tools, file, signal),
  };
}

/** Waits for a place; an abort ends the wait at once. */
function admitted<T>(gate: ReturnType<typeof pLimit>, signal: AbortSignal, start: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(canceled(signal));
    signal.addEventListener('abort', leave, { once: true });
    gate(() => {
      signal.removeEventListener('abort', leave);
      return start();
    }).then(resolve, reject);
  });
}

interface Surroundings {
  readonly tools: Tools;
  readonly log: Log;
  readonly threads: readonly string[];
}

async function runJob(around: Surroundings, job: Job): Promise<Ran> {
  if (job.signal.aborted) throw canceled(job.signal);
  const files = job.outputs.filter(isFile);
  const tail = stderrTail(filesOf(job));
  try {
    await supervise(around, job, tail);
    for (const output of files) await rename(partOf(output), output.file);
    return { stderrTail: tail.lines(), reachedMs: tail.reachedMs, cpuMs: tail.cpuMs };
  } catch (error) {
    await Promise.all(files.map((output) => rm(partOf(output), { force: true })));
    throw error;
  }
}

async function supervise(around: Surroundings, job: Job, tail: StderrTail): Promise<void> {
  const timeoutMs = job.timeoutMs ?? 600_000 + 30 * job.expectedMs;
  const startedAt = performance.now();
  const stop = AbortSignal.any([job.signal, AbortSignal.timeout(timeoutMs)]);
  try {
    await primeLists(around.tools);
    const graph = longGraph(job);
    if (graph) await writeFile(graph.file, graph.text);
    await spawned(around, { ...job, signal: stop }, tail);
    stop.throwIfAborted();
    if (saysDiskFull(tail.lines())) throw new Error('ffmpeg reported a full disk');
  } catch (thrown) {
    const elapsedMs = stop.aborted && !job.signal.aborted ? timeoutMs : Math.round(performance.now() - startedAt);
    const problem = problemOf({ thrown, tail, signal: job.signal, timeoutMs, elapsedMs });
    around.log.debug({ code: problem.code, elapsedMs }, 'ffmpeg did not finish');
    throw problem;
  }
  job.onProgress?.(1);
}

/**
 * fluent asks for the lists of formats and encoders before each call, unless it has them (one cache per process); asked
 * through setpriv it would never get them.
 */
let primed: Promise<void> | undefined;
const primeLists = (tools: Tools): Promise<void> =>
  (primed ??= new Promise((resolve) => {
    const command = fluent().setFfmpegPath(tools.ffmpeg);
    command.getAvailableFormats(() => command.getAvailableEncoders(() => resolve()));
  }));

/**
 * fluent's `progress` event is not used: listening to it starts an ffprobe on the input without the whitelists, and its
 * percentage is of the input, not of the clip.
 */
async function spawned(around: Surroundings, job: Job, tail: StderrTail): Promise<void> {
  await using sockets = await openOutputSockets(job.outputs);
  const command = commandOf(around, job, sockets);
  using _leash = killOnAbort(command, job.signal);
  await new Promise<void>((resolve, reject) => {
    command.on('stderr', (line: string) => {
      const before = tail.reachedMs;
      tail.take(line);
      if (job.expectedMs > 0 && tail.reachedMs > before) {
        job.onProgress?.(Math.min(tail.reachedMs / job.expectedMs, 1));
      }
    });
    command.on('end', () => resolve());
    command.on('error', reject);
    command.run();
  });
  await sockets.taken();
}

/**
 * Nobody waits for an encode as they wait for a page: on a machine that does both, encoders take what the API, the
 * database and heartbeats leave. Alone they are as fast as ever.
 */
const niceness = 10;

function commandOf({ tools, threads }: Surroundings, job: Job, sockets: OutputSockets): fluent.FfmpegCommand {
  const command = fluent({ niceness }).setFfmpegPath(tools.leashed ? 'setpriv' : tools.ffmpeg);
  const leash = tools.leashed ? [...leashing, tools.ffmpeg] : [];
  for (const [index, input] of job.inputs.entries()) {
    const first = index === 0 ? [...leash, '-hide_banner', '-nostdin', '-benchmark', '-y'] : [];
    command.input(urlOf(input.file)).inputOptions(...first, ...guardsOf(input), ...threads, ...(input.options ?? []));
  }
  const graph = graphOptions(job);
  for (const [index, output] of job.outputs.entries()) {
    command.output(addressOf(output, sockets));
    command.outputOptions(
      ...(index === 0 ? graph : []),
      ...threads,
      ...output.options,
      ...muxerOptions(output),
      '-map_chapters',
      `${output.chaptersFrom ?? -1}`,
    );
  }
  return command;
}

function addressOf(output: Output, sockets: OutputSockets): string {
  if (output.file === 'null') return '-';
  return output.file === 'pipe' ? sockets.addressOf(output) : urlOf(partOf(output));
}

/**
 * One SIGTERM makes ffmpeg finish the frames it holds, for nobody: 3.2 to 4.9 s at 1080 × 1920. At the fourth it stops
 * where it is (0.23 s, both builds). One that hangs is killed after three seconds.
 */
function killOnAbort(command: fluent.FfmpegCommand, signal: AbortSignal): Disposable {
  let insisting: NodeJS.Timeout | undefined;
  let hardKill: NodeJS.Timeout | undefined;
  const kill = () => {
    command.kill('SIGTERM');
    insisting = setInterval(() => command.kill('SIGTERM'), 50);
    hardKill = setTimeout(() => command.kill('SIGKILL'), 3000);
  };
  signal.addEventListener('abort', kill, { once: true });
  command.on('start', () => signal.aborted && command.kill('SIGKILL'));
  return {
    [Symbol.dispose]() {
      clearInterval(insisting);
      clearTimeout(hardKill);
      signal.removeEventListener('abort', kill);
    },
  };
}
