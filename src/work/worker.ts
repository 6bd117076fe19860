import type { Ffmpeg } from '#media/ffmpeg.ts';
import type { RunWriter } from '#pipeline/change-run.ts';
import type { LanguageModel } from '#providers/language-model.ts';
import type { SpeechToText } from '#providers/speech-to-text.ts';
import type { Runtime } from '#runtime.ts';
import type { Sources } from './sources.ts';

/** What stages work with: the process, the tools and providers, and the recordings on this machine's disk. */
export interface Worker extends Runtime, RunWriter {
  readonly ffmpeg: Ffmpeg;
  readonly speechToText: SpeechToText;
  readonly languageModel: LanguageModel;
  readonly sources: Sources;
  /** Where stages make their work folders. */
  readonly folder: string;
}
