/** Names of a record that is written out in code. */
export function keysOf<Named extends object>(record: Named): Extract<keyof Named, string>[] {
  const keys: Extract<keyof Named, string>[] = [];
  for (const key in record) if (Object.hasOwn(record, key)) keys.push(key);
  return keys;
}

/** A record with one value for each name. */
export const recordOf = <Name extends string, Value>(
  names: readonly Name[],
  valueOf: (name: Name) => Value,
): Record<Name, Value> =>
  // Every name gets its value in this very line; fromEntries forgets the names' type.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  Object.fromEntries(names.map((name) => [name, valueOf(name)])) as Record<Name, Value>;
