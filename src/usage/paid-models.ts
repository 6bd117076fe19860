import type { Env } from '#base/env.ts';

/** The models that a run may have to pay for; null where this machine does the work itself. */
export interface PaidModels {
  readonly transcription: string | null;
  readonly language: string | null;
}

/** What the environment's words may ask of a vendor. A recording that brings captions asks for less. */
export function paidModels(
  env: Pick<
    Env,
    'SPEECH_TO_TEXT' | 'LANGUAGE_MODEL' | 'OPENAI_API_KEY' | 'OPENAI_TRANSCRIPTION_MODEL' | 'OPENAI_LANGUAGE_MODEL'
  >,
): PaidModels {
  const asked = (word: string): boolean => word === 'openai' || (word === 'auto' && env.OPENAI_API_KEY !== undefined);
  return {
    transcription: asked(env.SPEECH_TO_TEXT) ? env.OPENAI_TRANSCRIPTION_MODEL : null,
    language: asked(env.LANGUAGE_MODEL) ? env.OPENAI_LANGUAGE_MODEL : null,
  };
}
