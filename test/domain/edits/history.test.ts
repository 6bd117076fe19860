import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PastEdit, redoable, undoable } from '#domain/edits/history.ts';

/** Edits oldest first, each as what it takes back: `history(null, null, 1)` undoes the second of two edits. */
const history = (...undoes: readonly (number | null)[]): PastEdit[] => {
  const isUndo: boolean[] = [];
  for (const at of undoes) isUndo.push(at !== null && !isUndo[at]);
  return undoes
    .map((at, place) => ({
      id: `${place}`,
      revision: place + 2,
      undoesId: at === null ? null : `${at}`,
      isUndo: isUndo[place] ?? false,
    }))
    .toReversed();
};
const revisionOf = (edits: readonly PastEdit[]): number => edits.length + 1;

describe('taking back', () => {
  test.each([
    ['nothing', [], null, null],
    ['the newest edit', [null, null], '1', null],
    ['the one before an undone one', [null, null, 1], '0', '2'],
    ['nothing once all is undone', [null, null, 1, 0], null, '3'],
    ['a redo', [null, null, 1, 2], '3', null],
    ['the newer of two redos', [null, null, 1, 0, 3, 2], '5', null],
    ['an edit after an undo, which ends the redos', [null, null, 1, null], '3', null],
    ['past it', [null, null, 1, null, 3], '0', '4'],
    ['past it, redone no further than to it', [null, null, 1, null, 3, 4], '5', null],
  ] as const)('undoes %s', (...[, undoes, undo, redo]) => {
    const edits = history(...undoes);
    expect(undoable(edits, revisionOf(edits))).toBe(undo);
    expect(redoable(edits, revisionOf(edits))).toBe(redo);
  });

  test('ends where the recording was transcribed anew', () => {
    const edits = history(null, null);
    expect(undoable(edits, revisionOf(edits) + 1)).toBeNull();
    const after = [{ id: 'new', revision: revisionOf(edits) + 2, undoesId: null, isUndo: false }, ...edits];
    expect(undoable(after, revisionOf(edits) + 2)).toBe('new');
    const undone = [{ id: 'undo', revision: revisionOf(edits) + 3, undoesId: 'new', isUndo: true }, ...after];
    expect(undoable(undone, revisionOf(edits) + 3)).toBeNull();
    expect(redoable(undone, revisionOf(edits) + 3)).toBe('undo');
  });

  test('back and forth goes on as often as somebody likes', () => {
    const edits = history(null, ...Array.from({ length: 50_000 }, (_, at) => at));
    expect(undoable(edits, revisionOf(edits))).toBe('50000');
    expect(redoable(edits, revisionOf(edits))).toBeNull();
  });
});

test('any order of edits, undos and redos moves along the states that an editor with two stacks has', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('edit', 'undo', 'redo'), { maxLength: 25 }), (steps) => {
      let edits: PastEdit[] = [];
      /** What each edit made of the text before it. */
      const states = new Map<string, { before: string; after: string }>();
      let [text, past, future]: [string, string[], string[]] = ['', [], []];
      for (const step of steps) {
        const id = `${edits.length}`;
        const undoesId = step === 'edit' ? null : (step === 'undo' ? undoable : redoable)(edits, edits.length + 1);
        const possible = step === 'edit' || (step === 'undo' ? past : future).length > 0;
        expect(step === 'edit' || undoesId !== null).toBe(possible);
        if (!possible) continue;
        if (step === 'edit') [past, future] = [[...past, text], []];
        const taken = undoesId === null ? undefined : states.get(undoesId);
        const now = taken ? taken.before : `${text}.${id}`;
        expect(taken?.after ?? text).toBe(text);
        if (step === 'undo') [past, future] = [past.slice(0, -1), [...future, text]];
        if (step === 'redo') [past, future] = [[...past, text], future.slice(0, -1)];
        states.set(id, { before: text, after: now });
        edits = [{ id, revision: edits.length + 2, undoesId, isUndo: step === 'undo' }, ...edits];
        text = now;
      }
    }),
  );
});
