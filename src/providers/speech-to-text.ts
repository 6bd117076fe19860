import type { SourceMs, Span, Word } from '#base/time.ts';
import type { ModelCalls } from './model-calls.ts';

/** A sentence or cue as the provider heard it. Words are inside the span and in order. */
export interface SpokenSegment extends Span {
  readonly text: string;
  readonly words: readonly Word[];
  /** Label of the voice where the provider tells voices apart, such as `A` or a name from a caption. */
  readonly speaker?: string;
  readonly confidence?: number;
}

/** What a provider made of a recording. */
export interface Transcription {
  readonly provider: 'captions' | 'openai' | 'whisper';
  readonly model: string;
  /** BCP 47. */
  readonly language: string;
  /** ESTIMATED when word times were spread over cues or turns instead of heard. */
  readonly wordTiming: 'MEASURED' | 'ESTIMATED';
  readonly segments: readonly SpokenSegment[];
  /** Words that the recogniser told and nobody can have said; they are in no segment. */
  readonly inventedWords: number;
}

/** What there is to work with. Paths are local files inside the stage's work folder. */
export interface SpeechSource {
  /** The recording itself. */
  readonly file: string;
  /** Of its bytes: what was heard in a recording is remembered under it. */
  readonly sha256: string;
  readonly durationMs: SourceMs;
  readonly hasAudio: boolean;
  /** Text tracks inside the file: index among all streams and language tag. */
  readonly textTracks: readonly { readonly index: number; readonly language: string | null }[];
  /** Captions that came with the upload. */
  readonly sidecar: {
    readonly format: 'SRT' | 'VTT' | 'ASS';
    readonly language: string | null;
    readonly text: string;
  } | null;
  /** Stretches without speech, used to cut chunks and to place estimated words. */
  readonly silences: readonly Span[];
  /** Wanted language, when the recipe names one. */
  readonly language: string | null;
  /** An empty folder for chunks. */
  readonly folder: string;
}

/** Makes timed text of speech. Failures are Problems (TRANSCRIBER_NOT_CONFIGURED, MEDIA_NO_AUDIO, MEDIA_NO_SPEECH, PROVIDER_*). Never invented text. */
export interface SpeechToText {
  /** Everything that decides the answer besides the recording: provider, model, version. Part of the artifact key. */
  readonly version: string;
  transcribe(source: SpeechSource, options: HearingOptions): Promise<Transcription>;
}

export interface HearingOptions {
  readonly signal: AbortSignal;
  /** What was heard before; `uncached` where nothing is remembered. */
  readonly calls: ModelCalls;
  readonly onProgress: (fraction: number) => void;
}
