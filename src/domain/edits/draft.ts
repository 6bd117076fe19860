import type { Span, Word } from '#base/time.ts';

/** A segment of a transcript as an edit sees it. */
export interface DraftSegment extends Span {
  readonly id: string;
  readonly text: string;
  /** In order of time. */
  readonly words: readonly Word[];
  readonly confidence: number | null;
  readonly edited: boolean;
  readonly speakerId: string | null;
}

/** A voice of a transcript as an edit sees it. */
export interface DraftSpeaker {
  readonly id: string;
  readonly displayName: string | null;
}

/** A stretch of a transcript that is being edited, with the neighbours of all that an edit names. */
export interface Draft {
  /** Where in the transcript its first segment stands. */
  readonly from: number;
  readonly segments: readonly DraftSegment[];
  readonly speakers: readonly DraftSpeaker[];
  /** Length of the recording. */
  readonly durationMs: number;
}
