import { randomUUID } from 'node:crypto';
import { Problem } from '#base/problem.ts';
import { durationOf, sourceMs, type Word } from '#base/time.ts';
import { refitted, reworded } from '#timeline/reworded.ts';
import { joinWords, wordTexts } from '#timeline/word-timing.ts';
import type { Draft, DraftSegment, DraftSpeaker } from './draft.ts';
import type { Operation } from './operation.ts';

/** Nobody says more words in a time than this: below it words would be one on top of the other. */
const leastMsPerWord = 20;

/**
 * What was heard comes in sentences of 60 words at most. Two texts are compared word by word, each with each: 500 with
 * 500 take 0.5 MB and about 20 ms.
 */
const mostWords = 500;

type Path = readonly string[];
type Given<Kind extends keyof Operation> = NonNullable<Operation[Kind]>;

/**
 * A draft after all operations, each on top of the one before. Segments that nothing was done to stay the same objects.
 * Throws NOT_FOUND for a segment or speaker that is not the transcript's, INVALID_INPUT for what cannot be done; both
 * with the operation's path in the input.
 */
export function amended(draft: Draft, operations: readonly Operation[]): Draft {
  return operations.reduce((so, operation, at) => amendedBy(so, operation, ['input', 'operations', `${at}`]), draft);
}

function amendedBy(draft: Draft, operation: Operation, path: Path): Draft {
  const { replaceText, splitSegment, mergeSegments, setSpeaker, renameSpeaker, setRange } = operation;
  if (replaceText) return withText(draft, replaceText, path);
  if (splitSegment) return split(draft, splitSegment, path);
  if (mergeSegments) return merged(draft, mergeSegments, path);
  if (setSpeaker) return spokenBy(draft, setSpeaker, path);
  if (renameSpeaker) return named(draft, renameSpeaker, path);
  return setRange ? moved(draft, setRange, path) : draft;
}

/** An empty text takes the segment out. */
function withText(draft: Draft, { segmentId, text }: Given<'replaceText'>, path: Path): Draft {
  const { at, segment } = found(draft, segmentId, path);
  const texts = wordTexts(text);
  if (joinWords(texts) === segment.text) return draft;
  if (texts.length === 0) return spliced(draft, { at, count: 1 }, []);
  requireRoomFor(texts.length, path);
  if (durationOf(segment) < texts.length * leastMsPerWord)
    throw refused(`In ${durationOf(segment)} ms nobody says ${texts.length} words.`, path);
  return spliced(draft, { at, count: 1 }, [said(segment, reworded(segment, text))]);
}

function split(draft: Draft, { segmentId, atMs }: Given<'splitSegment'>, path: Path): Draft {
  const { at, segment } = found(draft, segmentId, path);
  const place = segment.words.findIndex((word) => word.endMs > atMs);
  const [first, second] = [segment.words.slice(0, place), segment.words.slice(place)];
  if (place <= 0) throw refused('A segment is split between two of its words.', path);
  const halves = [
    { ...segment, endMs: sourceMs(Math.max(...first.map((word) => word.endMs))) },
    { ...segment, id: randomUUID(), startMs: second[0]?.startMs ?? segment.startMs },
  ] as const;
  return spliced(draft, { at, count: 1 }, [said(halves[0], first), said(halves[1], second)]);
}

function merged(draft: Draft, { segmentIds }: Given<'mergeSegments'>, path: Path): Draft {
  const places = placesOf(draft, segmentIds, path).sort((a, b) => a - b);
  const at = places[0] ?? 0;
  const parts = draft.segments.slice(at, at + places.length);
  const [first] = parts;
  if (!first || places.at(-1) !== at + places.length - 1) throw refused('Only neighbours can be joined.', path);
  const count = parts.reduce((sum, { words }) => sum + words.length, 0);
  requireRoomFor(count, path);
  const sure = parts.flatMap(({ confidence }) => confidence ?? []);
  const whole = {
    ...first,
    endMs: sourceMs(Math.max(...parts.map(({ endMs }) => endMs))),
    confidence: sure.length > 0 ? Math.min(...sure) : null,
  };
  const words = parts.flatMap((part) => part.words);
  return spliced(draft, { at, count: parts.length }, [said(whole, words)]);
}

function spokenBy(draft: Draft, { segmentIds, speakerId }: Given<'setSpeaker'>, path: Path): Draft {
  requireSpeaker(draft, speakerId, path);
  const named = new Set(placesOf(draft, segmentIds, path));
  const segments = draft.segments.map((one, at) =>
    named.has(at) && one.speakerId !== speakerId ? { ...one, speakerId, edited: true } : one,
  );
  return { ...draft, segments };
}

function named(draft: Draft, { speakerId, displayName }: Given<'renameSpeaker'>, path: Path): Draft {
  requireSpeaker(draft, speakerId, path);
  const changes = (one: DraftSpeaker): boolean => one.id === speakerId && one.displayName !== displayName;
  return { ...draft, speakers: draft.speakers.map((one) => (changes(one) ? { ...one, displayName } : one)) };
}

/** Moved as a whole the words move along; else those stay that fit. */
function moved(draft: Draft, { segmentId, range }: Given<'setRange'>, path: Path): Draft {
  const { at, segment } = found(draft, segmentId, path);
  const [before, after] = [draft.segments[at - 1], draft.segments[at + 1]];
  const from = Math.min(segment.startMs, before?.endMs ?? 0);
  const to = Math.max(segment.endMs, after?.startMs ?? draft.durationMs);
  if (range.startMs < from || range.endMs > to) throw refused(`There is room from ${from} to ${to} ms only.`, path);
  if (range.endMs - range.startMs < segment.words.length * leastMsPerWord)
    throw refused('The words of the segment do not fit into that time.', path);
  const byMs = range.startMs - segment.startMs;
  const bounds = { startMs: sourceMs(range.startMs), endMs: sourceMs(range.endMs) };
  const whole = byMs !== 0 && range.endMs - segment.endMs === byMs;
  const words = whole ? segment.words.map((word) => later(word, byMs)) : refitted({ ...bounds, words: segment.words });
  return spliced(draft, { at, count: 1 }, [{ ...segment, ...bounds, words, edited: true }]);
}

const later = (word: Word, byMs: number): Word => ({
  ...word,
  startMs: sourceMs(word.startMs + byMs),
  endMs: sourceMs(word.endMs + byMs),
});

const said = (segment: DraftSegment, words: readonly Word[]): DraftSegment => ({
  ...segment,
  words,
  text: joinWords(words.map((word) => word.text)),
  edited: true,
});

const spliced = (
  draft: Draft,
  { at, count }: { at: number; count: number },
  segments: readonly DraftSegment[],
): Draft => ({ ...draft, segments: draft.segments.toSpliced(at, count, ...segments) });

function found(draft: Draft, id: string, path: Path): { at: number; segment: DraftSegment } {
  const at = draft.segments.findIndex((segment) => segment.id === id);
  const segment = draft.segments[at];
  if (!segment) throw unknownSegment(path);
  return { at, segment };
}

function placesOf({ segments }: Draft, ids: readonly string[], path: Path): number[] {
  const places = new Map(segments.map(({ id }, at) => [id, at]));
  return ids.map((id) => {
    const at = places.get(id);
    if (at === undefined) throw unknownSegment(path);
    return at;
  });
}

const unknownSegment = (path: Path): Problem => new Problem('NOT_FOUND', { what: 'The segment', path });

function requireRoomFor(words: number, path: Path): void {
  if (words > mostWords) throw refused(`A segment holds at most ${mostWords} words, not ${words}.`, path);
}

function requireSpeaker({ speakers }: Draft, id: string, path: Path): void {
  if (!speakers.some((speaker) => speaker.id === id)) throw new Problem('NOT_FOUND', { what: 'The speaker', path });
}

const refused = (reason: string, path: Path): Problem => new Problem('INVALID_INPUT', { reason, path });
