import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Problem } from '#base/problem.ts';
import { amended } from '#domain/edits/amend.ts';
import { type Change, changeBetween, isEmpty, sideColumn, sideOf } from '#domain/edits/change.ts';
import type { Draft, DraftSegment } from '#domain/edits/draft.ts';
import type { Operation } from '#domain/edits/operation.ts';
import { ada, ben, draftOf, idNumber } from '../../support/drafts.ts';

const talk = draftOf('We lost three hours.', 'Nobody noticed it.', 'The disk was full.');
const [first, second, third] = [idNumber(1), idNumber(2), idNumber(3)];

const texts = ({ segments }: Draft): string[] => segments.map(({ text }) => text);
const bounds = ({ segments }: Draft): string[] => segments.map(({ startMs, endMs }) => `${startMs}-${endMs}`);
const refusal = (operation: Operation): unknown => {
  try {
    return amended(talk, [{ renameSpeaker: { speakerId: ada.id, displayName: 'Ada' } }, operation]);
  } catch (thrown) {
    return thrown instanceof Problem ? { code: thrown.code, ...thrown.facts } : thrown;
  }
};

describe('an operation', () => {
  test('replaces the text of a segment and says that a person did', () => {
    const after = amended(talk, [{ replaceText: { segmentId: second, text: ' Nobody\n noticed anything. ' } }]);
    expect(texts(after)).toEqual(['We lost three hours.', 'Nobody noticed anything.', 'The disk was full.']);
    expect(after.segments.map(({ edited }) => edited)).toEqual([false, true, false]);
    expect(bounds(after)).toEqual(bounds(talk));
  });

  test('takes a segment out whose text is empty', () => {
    expect(texts(amended(talk, [{ replaceText: { segmentId: second, text: '  ' } }]))).toEqual([
      'We lost three hours.',
      'The disk was full.',
    ]);
  });

  test('splits a segment before the word at a time, also in the middle of the word', () => {
    const after = amended(talk, [{ splitSegment: { segmentId: first, atMs: 1_750 } }]);
    expect(texts(after).slice(0, 2)).toEqual(['We lost', 'three hours.']);
    expect(bounds(after).slice(0, 2)).toEqual(['1000-1600', '1600-2200']);
    expect(after.segments[0]?.id).toBe(first);
  });

  test('joins neighbours, whatever the order they are named in', () => {
    const after = amended(talk, [{ mergeSegments: { segmentIds: [third, second] } }]);
    expect(texts(after)).toEqual(['We lost three hours.', 'Nobody noticed it. The disk was full.']);
    expect(after.segments[1]).toMatchObject({ id: second, startMs: 2_700, endMs: 5_300 });
  });

  test('says who speaks, and what a speaker is called', () => {
    const after = amended(talk, [
      { setSpeaker: { segmentIds: [first, third], speakerId: ben.id } },
      { renameSpeaker: { speakerId: ben.id, displayName: 'Ben' } },
    ]);
    expect(after.segments.map(({ speakerId }) => speakerId)).toEqual([ben.id, null, ben.id]);
    expect(after.speakers).toEqual([ada, { ...ben, displayName: 'Ben' }]);
  });

  test('moves a segment as a whole with its words', () => {
    const after = amended(talk, [{ setRange: { segmentId: second, range: { startMs: 2_900, endMs: 3_800 } } }]);
    expect(after.segments[1]?.words.map(({ startMs }) => startMs)).toEqual([2_900, 3_200, 3_500]);
  });

  test('moves one bound, and only the words that would stick out', () => {
    const after = amended(talk, [{ setRange: { segmentId: second, range: { startMs: 2_700, endMs: 3_500 } } }]);
    expect(after.segments[1]?.words.map(({ startMs, endMs }) => `${startMs}-${endMs}`)).toEqual([
      '2700-3000',
      '3000-3300',
      '3300-3500',
    ]);
  });

  test('stands on those before it', () => {
    const after = amended(talk, [
      { mergeSegments: { segmentIds: [first, second] } },
      { splitSegment: { segmentId: first, atMs: 2_700 } },
      { replaceText: { segmentId: first, text: 'We lost four hours.' } },
    ]);
    expect(texts(after)).toEqual(['We lost four hours.', 'Nobody noticed it.', 'The disk was full.']);
  });

  test.each<[string, Operation, object]>([
    ['an unknown segment', { splitSegment: { segmentId: idNumber(9), atMs: 0 } }, { code: 'NOT_FOUND' }],
    [
      'an unknown speaker',
      { setSpeaker: { segmentIds: [first], speakerId: idNumber(9) } },
      { code: 'NOT_FOUND', what: 'The speaker' },
    ],
    ['a split before the first word', { splitSegment: { segmentId: first, atMs: 1_100 } }, {}],
    ['a split behind the last word', { splitSegment: { segmentId: first, atMs: 2_200 } }, {}],
    ['a join over a gap', { mergeSegments: { segmentIds: [first, third] } }, {}],
    ['a range over a neighbour', { setRange: { segmentId: second, range: { startMs: 2_700, endMs: 4_200 } } }, {}],
    [
      'a range too short for its words',
      { setRange: { segmentId: second, range: { startMs: 2_700, endMs: 2_750 } } },
      {},
    ],
    ['more words than there is time for', { replaceText: { segmentId: first, text: 'a '.repeat(80) } }, {}],
    [
      'more words than a segment holds',
      { replaceText: { segmentId: first, text: 'a '.repeat(501) } },
      { reason: 'A segment holds at most 500 words, not 501.' },
    ],
  ])('is refused with its place: %s', (_name, operation, facts) => {
    expect(refusal(operation)).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['input', 'operations', '1'],
      ...facts,
    });
  });
});

describe('long segments', () => {
  const long = draftOf('a '.repeat(250).trim(), 'b '.repeat(250).trim(), 'c');
  test('are joined up to 500 words', () => {
    expect(amended(long, [{ mergeSegments: { segmentIds: [first, second] } }]).segments[0]?.words).toHaveLength(500);
    expect(() => amended(long, [{ mergeSegments: { segmentIds: [first, second, third] } }])).toThrow(
      'A segment holds at most 500 words, not 501.',
    );
  });
});

test('an edit of a long talk takes no longer by the square of its segments', () => {
  const long = draftOf(...Array.from({ length: 30_000 }, () => 'Yes.'));
  const ids = long.segments.slice(-500).map(({ id }) => id);
  const operations = Array.from({ length: 4 }, (_, at) => ({
    setSpeaker: { segmentIds: ids, speakerId: at % 2 === 0 ? ada.id : ben.id },
  }));
  expect(changeBetween(long, amended(long, operations)).after.hunks).toHaveLength(1);
}, 15_000);

/** Operations on random places of a draft that can be done there. */
const edits = fc.array(
  fc.record({
    kind: fc.constantFrom('replace', 'remove', 'split', 'merge', 'speaker', 'rename', 'range'),
    at: fc.nat(20),
    text: fc.constantFrom('We lost', 'Nobody noticed it', 'Entirely something else', 'The disk was quite full.'),
  }),
  { minLength: 1, maxLength: 8 },
);

type Wish = { kind: string; at: number; text: string };

function operationOn({ segments }: Draft, { kind, at, text }: Wish): Operation {
  const segment = segments[at % segments.length];
  const next = segments[(at % segments.length) + 1];
  if (!segment) return {};
  const segmentId = segment.id;
  if (kind === 'replace') return { replaceText: { segmentId, text } };
  if (kind === 'remove') return segments.length > 1 ? { replaceText: { segmentId, text: '' } } : {};
  if (kind === 'split')
    return segment.words.length > 1 ? { splitSegment: { segmentId, atMs: segment.words.at(-1)?.startMs ?? 0 } } : {};
  if (kind === 'merge') return next ? { mergeSegments: { segmentIds: [segmentId, next.id] } } : {};
  if (kind === 'speaker') return { setSpeaker: { segmentIds: [segmentId], speakerId: ada.id } };
  if (kind === 'rename') return { renameSpeaker: { speakerId: ben.id, displayName: text } };
  return { setRange: { segmentId, range: { startMs: segment.startMs + 10, endMs: segment.endMs } } };
}

const edited = (draft: Draft, wishes: readonly Wish[]): Draft =>
  wishes.reduce((so, wish) => {
    try {
      return amended(so, [operationOn(so, wish)]);
    } catch (thrown) {
      if (thrown instanceof Problem) return so;
      throw thrown;
    }
  }, draft);

/** What writing a change does to rows in order of their positions. */
function written({ segments }: Draft, { before, after }: Change): DraftSegment[] {
  const rows = [...segments];
  for (const [at, hunk] of before.hunks.entries()) {
    const place = after.hunks[at]?.at ?? 0;
    const gone = rows.splice(place, hunk.segments.length, ...(after.hunks[at]?.segments ?? []));
    expect(gone.map(({ id }) => id)).toEqual(hunk.segments.map(({ id }) => id));
  }
  return rows;
}

describe('any edit', () => {
  test('keeps segments and their words in order, and words inside their segments', () => {
    fc.assert(
      fc.property(edits, (wishes) => {
        const { segments } = edited(talk, wishes);
        for (const [at, { startMs, endMs, words }] of segments.entries()) {
          expect(startMs).toBeGreaterThanOrEqual(segments[at - 1]?.endMs ?? 0);
          expect(words.length).toBeGreaterThan(0);
          for (const [place, word] of words.entries()) {
            expect(word.startMs).toBeGreaterThanOrEqual(words[place - 1]?.endMs ?? startMs);
            expect(word.endMs).toBeLessThanOrEqual(endMs);
          }
        }
      }),
    );
  });

  test('written down, read back and taken back gives the same texts and times as before', () => {
    fc.assert(
      fc.property(edits, (wishes) => {
        const after = edited(talk, wishes);
        const change = changeBetween(talk, after);
        expect(written(talk, change)).toEqual(after.segments);
        const stored: unknown = JSON.parse(JSON.stringify([sideColumn(change.before), sideColumn(change.after)]));
        const [before, now] = Array.isArray(stored) ? stored.map(sideOf) : [];
        expect({ before, after: now }).toEqual(change);
        expect(written(after, { before: change.after, after: change.before })).toEqual(talk.segments);
      }),
    );
  });

  test('that does what is there already changes nothing', () => {
    const same = [
      { replaceText: { segmentId: first, text: 'We lost three hours.' } },
      { mergeSegments: { segmentIds: [second, third] } },
    ];
    expect(isEmpty(changeBetween(talk, amended(talk, same.slice(0, 1))))).toBe(true);
    expect(isEmpty(changeBetween(talk, amended(talk, same)))).toBe(false);
  });
});
