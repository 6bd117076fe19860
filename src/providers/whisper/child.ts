import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { type Order, order, piece, type Report } from './messages.ts';

/**
 * The process in which whisper.cpp runs. It has its own, because the binding's promise never settles after a stop or a
 * native error (measured: 300 s pending) and a fault in native code takes the process along. The parent kills it.
 */
process.on('message', (message) => {
  obey(order.parse(message)).catch((error: unknown) => {
    tell({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  });
});
/** A parent that was killed cannot kill us; `exit` would wait for the native threads. */
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));

const tell = (message: Report): void => void process.send?.(message);

type Context = z.output<typeof context>;
let opened: Context | undefined;

async function obey(command: Order): Promise<void> {
  if (command.kind === 'open') {
    opened = await open(command.engine, command.model);
    tell({ kind: 'opened' });
    return;
  }
  if (opened === undefined) throw new Error('No model is open.');
  tell(await listen(opened, command));
}

const anyFunction = <F>() => z.custom<F>((value) => typeof value === 'function');
const context = z.custom<{
  transcribeFile(file: string, options: Readonly<Record<string, unknown>>): { promise: Promise<unknown> };
}>((value) => typeof value === 'object' && value !== null && 'transcribeFile' in value);
const engine = z.object({
  initWhisper: anyFunction<(options: { filePath: string; useGpu: boolean }, variant: string) => Promise<unknown>>(),
});
/** A CommonJS module shows its exports by name or only as its default. */
const engineModule = z.union([engine, z.object({ default: engine }).transform((module) => module.default)]);

/** The CPU variant: the GPU ones fall back to the CPU in silence and take 50 to 190 MB. */
async function open(engineFile: string, model: string): Promise<Context> {
  const { initWhisper } = engineModule.parse(await import(pathToFileURL(engineFile).href));
  return context.parse(await initWhisper({ filePath: model, useGpu: false }, 'default'));
}

const result = z.object({ language: z.string().nullish(), segments: z.array(piece) });

/** `maxLen: 1` makes a segment of each token, which is the only way to word times. */
async function listen(model: Context, command: Extract<Order, { kind: 'listen' }>): Promise<Report> {
  const { promise } = model.transcribeFile(command.file, {
    language: command.language,
    tokenTimestamps: true,
    maxLen: 1,
    onProgress: (percent: number) => tell({ kind: 'progress', fraction: Math.min(1, percent / 100) }),
  });
  const { language, segments } = result.parse(await promise);
  return { kind: 'heard', language: language ?? null, pieces: segments };
}
