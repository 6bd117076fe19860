import type { Span } from '#base/time.ts';
import type { ModelCalls } from './model-calls.ts';

/** One line of a transcript, with the number by which a model may name it. Models never see or return times. */
export interface TranscriptLine extends Span {
  readonly id: number;
  readonly segmentId: string;
  readonly text: string;
  /** Who says it, where voices are told apart. */
  readonly speaker?: string;
}

/** What a passage is judged by, each 0 to 25. Closed, so that marks of two batches can be compared. */
export const criteria = ['hook', 'standsAlone', 'payoff', 'novelty'] as const;
export type Marks = Readonly<Record<(typeof criteria)[number], number>>;

/** A span worth sharing, proposed by line numbers; the code turns them into times and the marks into one score. */
export interface ProposedMoment {
  readonly firstLine: number;
  readonly lastLine: number;
  readonly title: string;
  readonly summary: string;
  readonly topics: readonly string[];
  readonly marks: Marks;
}

/** Where a talk turns to another subject, and what that is called. */
export interface ProposedSubject {
  readonly line: number;
  readonly title: string;
}

/** What a model read out of a transcript. */
export interface Proposal {
  readonly moments: readonly ProposedMoment[];
  /** In order of the lines. */
  readonly subjects: readonly ProposedSubject[];
}

/** One sentence of a post and the transcript lines that support it; empty when nothing does. */
export interface DraftSentence {
  readonly text: string;
  readonly lines: readonly number[];
}

export type PostKind = 'BLOG' | 'LINKEDIN' | 'TWITTER' | 'INSTAGRAM';

/** A post as its parts. The room that stores it checks platform rules and joins the parts to a body. */
export type Draft =
  | {
      readonly kind: 'BLOG';
      readonly title: DraftSentence;
      readonly excerpt: DraftSentence;
      readonly sections: readonly {
        readonly heading: string;
        readonly paragraphs: readonly (readonly DraftSentence[])[];
      }[];
      /** A sentence worth repeating in large type, where there is one. */
      readonly quote: DraftSentence | null;
      readonly tags: readonly string[];
    }
  | {
      readonly kind: 'LINKEDIN';
      readonly paragraphs: readonly (readonly DraftSentence[])[];
      readonly hashtags: readonly string[];
    }
  | { readonly kind: 'TWITTER'; readonly posts: readonly (readonly DraftSentence[])[] }
  | {
      readonly kind: 'INSTAGRAM';
      readonly caption: readonly (readonly DraftSentence[])[];
      readonly hashtags: readonly string[];
      readonly slides: readonly DraftSentence[];
    };

/** What a post is written from. */
export interface WritingSource {
  readonly title: string;
  readonly language: string;
  readonly lines: readonly TranscriptLine[];
  readonly tone: string | null;
  /** Longest body in characters, where the caller asked for one. */
  readonly maxLength: number | null;
}

/**
 * Chooses and writes. `openai` asks a model and checks its answer; `extractive` ranks the speaker's own sentences.
 * Failures are Problems (PROVIDER_*). Answers are checked against the lines: an unknown line number never gets out.
 */
export interface LanguageModel {
  /** Provider, model and prompt versions: part of the artifact key. */
  readonly version: string;
  readonly provider: 'openai' | 'extractive';
  /** Moments worth sharing and subjects; null means that the signals alone decide. */
  propose(lines: readonly TranscriptLine[], options: CallOptions): Promise<Proposal | null>;
  /** A post of one kind. `complaint` names the rule that the previous draft broke. */
  write(kind: PostKind, source: WritingSource, options: CallOptions & { complaint?: string }): Promise<Draft>;
}

export interface CallOptions {
  readonly signal: AbortSignal;
  /** What was answered before; `uncached` where nothing is remembered. */
  readonly calls: ModelCalls;
}
