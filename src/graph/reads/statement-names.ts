/** How often a statement is asked before it is kept, and how many are known and kept at most. */
const limits = { askedFor: 3, known: 2_000, kept: 500 };

/**
 * Names for statements that are asked again and again: the server keeps their plan, on each connection, and planning one
 * of a dashboard takes longer than running it. Nothing ends a kept statement but its connection, so that what somebody
 * asks once gets no name, and there are 500 names at most.
 */
export function openStatementNames(): (text: string) => string | undefined {
  const asked = new Map<string, number>();
  const names = new Map<string, string>();
  return (text) => {
    const name = names.get(text);
    if (name !== undefined || names.size >= limits.kept) return name;
    const times = (asked.get(text) ?? 0) + 1;
    if (times < limits.askedFor) {
      if (asked.size >= limits.known) asked.clear();
      asked.set(text, times);
      return undefined;
    }
    asked.delete(text);
    names.set(text, `read_${names.size}`);
    return names.get(text);
  };
}
