import path from 'node:path';
import type { Env } from '#base/env.ts';
import type { Log } from '#base/log.ts';
import { Problem } from '#base/problem.ts';
import type { Ffmpeg } from '#media/ffmpeg.ts';
import { extractiveLanguageModel } from './language-model.extractive.ts';
import { openaiLanguageModel } from './language-model.openai.ts';
import type { LanguageModel } from './language-model.ts';
import { autoSpeechToText } from './speech-to-text.auto.ts';
import { captionsSpeechToText } from './speech-to-text.captions.ts';
import { openaiSpeechToText } from './speech-to-text.openai.ts';
import type { SpeechToText } from './speech-to-text.ts';
import { whisperSpeechToText } from './speech-to-text.whisper.ts';
import { fetchModel, whisperModels } from './whisper/model.ts';
import { findWhisper } from './whisper/recogniser.ts';

/** What the stages ask of the outside. */
export interface WorkProviders {
  readonly speechToText: SpeechToText;
  readonly languageModel: LanguageModel;
}

/** The only place that turns the environment's words into vendors. */
export function workProvidersFrom(env: Env, tools: { ffmpeg: Ffmpeg; log: Log }): WorkProviders {
  return { speechToText: speechToTextFrom(env, tools), languageModel: languageModelFrom(env, tools) };
}

function speechToTextFrom(env: Env, tools: { ffmpeg: Ffmpeg; log: Log }): SpeechToText {
  const captions = captionsSpeechToText(tools);
  const openai = openaiAccount(env);
  const listening = openai && openaiSpeechToText({ ...openai, model: env.OPENAI_TRANSCRIPTION_MODEL, ...tools });
  const whisper = localWhisper(env, tools);
  const named: Record<Env['SPEECH_TO_TEXT'], () => SpeechToText> = {
    auto: () => autoSpeechToText({ captions, openai: listening, whisper }),
    captions: () => captions,
    openai: () => required(listening),
    whisper: () => whisper ?? missingWhisper(),
  };
  return named[env.SPEECH_TO_TEXT]();
}

/** whisper.cpp where somebody installed it; its model is only fetched when a recording needs it. */
function localWhisper(env: Env, tools: { ffmpeg: Ffmpeg; log: Log }): SpeechToText | null {
  const engine = findWhisper();
  if (engine === null) return null;
  const { WHISPER_MODEL_PATH: file, WHISPER_MODEL: name, WHISPER_MODEL_BASE_URL: baseUrl } = env;
  const folder = path.join(env.home, 'models');
  return whisperSpeechToText({
    engine,
    modelName: file ?? name,
    model: async (signal) =>
      file ?? fetchModel({ model: whisperModels[name], baseUrl, folder, log: tools.log }, signal),
    ...tools,
  });
}

function languageModelFrom(env: Env, { log }: { log: Log }): LanguageModel {
  const account = openaiAccount(env);
  const openai = account && openaiLanguageModel({ ...account, model: env.OPENAI_LANGUAGE_MODEL, log });
  const named: Record<Env['LANGUAGE_MODEL'], () => LanguageModel> = {
    auto: () => openai ?? extractiveLanguageModel(),
    openai: () => required(openai),
    extractive: () => extractiveLanguageModel(),
  };
  return named[env.LANGUAGE_MODEL]();
}

const openaiAccount = (env: Env) =>
  env.OPENAI_API_KEY === undefined
    ? null
    : { apiKey: env.OPENAI_API_KEY, ...(env.OPENAI_BASE_URL !== undefined && { baseURL: env.OPENAI_BASE_URL }) };

function missingWhisper(): never {
  const reason = 'SPEECH_TO_TEXT=whisper needs it: npm install --no-save @fugood/whisper.node@1.1.3';
  throw new Problem('TOOL_MISSING', { tool: '@fugood/whisper.node', reason });
}

/** The environment's check has made sure that a provider named outright is configured. */
function required<T>(provider: T | null): T {
  if (provider === null) throw new TypeError('a provider was chosen that is not configured');
  return provider;
}
