import { calm, ffmpegForTests } from './media.ts';

/** Starts an endless encode and dies by SIGKILL while it runs: what the kernel does to a worker that is out of memory. */
const [source = '', out = ''] = process.argv.slice(2);
const ffmpeg = await ffmpegForTests();
await ffmpeg.run({
  inputs: [{ file: source, options: ['-re', '-stream_loop', '-1'] }],
  outputs: [{ file: out, options: ['-map', '0:a:0', '-c:a', 'aac'] }],
  expectedMs: 14_000,
  kind: 'encode',
  signal: calm(),
  onProgress: () => process.kill(process.pid, 'SIGKILL'),
});
