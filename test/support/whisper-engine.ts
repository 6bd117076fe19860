import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { listen } from './tones.ts';

/**
 * An engine with the face of @fugood/whisper.node that understands tone words and gives tokens as whisper does. What the
 * model file says decides how it behaves: `hears`, or one of the ways in which native code fails.
 */
export async function initWhisper({ filePath }: { filePath: string }) {
  const behaviour = (await readFile(filePath, 'utf8')).trim();
  if (behaviour === 'dies on opening') process.kill(process.pid, 'SIGSEGV');
  if (behaviour === 'hangs on opening') await new Promise(() => {});
  if (!behaviour.startsWith('hears') && !behaviour.includes('listening'))
    throw new Error('Failed to initialize whisper context');
  return {
    transcribeFile: (file: string, options: Options) => ({ promise: behave(behaviour, file, options) }),
  };
}

interface Options {
  readonly language: string;
  readonly maxLen: number;
  readonly tokenTimestamps: boolean;
  readonly onProgress: (percent: number) => void;
}

async function behave(behaviour: string, file: string, options: Options): Promise<unknown> {
  options.onProgress(10);
  if (behaviour === 'dies listening') process.kill(process.pid, 'SIGSEGV');
  if (behaviour === 'hangs listening') return new Promise(() => {});
  if (behaviour === 'answers nonsense listening') return { segments: 'none' };
  if (options.maxLen !== 1 || !options.tokenTimestamps || path.extname(file) !== '.wav')
    throw new Error('wrong options');
  const tones = await listen(file);
  options.onProgress(372);
  const language = options.language === 'auto' ? 'en' : options.language;
  return { language, result: '', isAborted: false, segments: tones.flatMap(tokensOf) };
}

/** A word as two tokens on whisper's grid of 10 ms, with a full stop after each fourth. */
function tokensOf({ word, startMs, endMs }: { word: string; startMs: number; endMs: number }, at: number) {
  const grid = (ms: number): number => Math.round(ms / 10) * 10;
  const middle = grid((startMs + endMs) / 2);
  const stop = at % 4 === 3 ? [{ text: '.', t0: grid(endMs), t1: grid(endMs) }] : [];
  return [
    { text: ` ${word.slice(0, 3)}`, t0: grid(startMs), t1: middle },
    { text: word.slice(3), t0: middle, t1: grid(endMs) },
    ...stop,
  ];
}
