/** Takes out what was put in first where `most` are kept already; gives the same map or set. */
export function makeRoom<Kept extends Map<string, unknown> | Set<string>>(kept: Kept, most: number): Kept {
  const [oldest] = kept.keys();
  if (kept.size >= most && oldest !== undefined) kept.delete(oldest);
  return kept;
}
