/** An edit as undoing needs to know it. */
export interface PastEdit {
  readonly id: string;
  /** Of the transcript after it. */
  readonly revision: number;
  /** The edit that it takes back. */
  readonly undoesId: string | null;
  /** Whether it ended up taking an edit back: it undid one, or the redo of one. */
  readonly isUndo: boolean;
}

/**
 * Undo and redo over an append-only list: to undo is an edit that takes another one back, to redo takes an undo back.
 * An edit stands unless what took it back stands. Takes edits newest first, of a transcript at `revision`; those before
 * somebody had it transcribed anew (where a revision has no edit) cannot be undone any more.
 */
export function undoable(edits: readonly PastEdit[], revision: number): string | null {
  return untaken(edits, revision).find(({ isUndo }) => !isUndo)?.id ?? null;
}

/** The undo that a redo would take back: the newest, unless something was edited after it. */
export function redoable(edits: readonly PastEdit[], revision: number): string | null {
  const undo = untaken(edits, revision).find(({ isUndo }) => isUndo);
  const later = edits.some((edit) => edit.undoesId === null && undo !== undefined && edit.revision > undo.revision);
  return undo && !later ? undo.id : null;
}

/** Edits that nothing has taken back, newest first. */
function untaken(edits: readonly PastEdit[], revision: number): PastEdit[] {
  const recent = edits.filter((edit, at) => edit.revision === revision - at);
  const taken = new Set(recent.map(({ undoesId }) => undoesId));
  return recent.filter(({ id }) => !taken.has(id));
}
