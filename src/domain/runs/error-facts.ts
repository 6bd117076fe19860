/** One fact of a failure, by the path to it in the stored column. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** The stored facts of a failure as a flat list, in their order: `{cause: {code: 5}}` is `cause.code` = `5`. */
export function factsOf(column: unknown, path = ''): Fact[] {
  if (column === null || column === undefined) return [];
  if (typeof column !== 'object')
    return [{ name: path, value: typeof column === 'string' ? column : JSON.stringify(column) }];
  return Object.entries(column).flatMap(([name, value]) => factsOf(value, path ? `${path}.${name}` : name));
}
