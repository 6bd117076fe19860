import type { ProposedMoment, TranscriptLine } from '#providers/language-model.ts';
import { type Bounds, lengthOf, type Run } from './windows.ts';

/**
 * A model's proposals as windows, repaired to the bounds: too short ones grow by the line with the shorter pause
 * between, too long ones lose lines at their end. Those that name unknown lines or fit no bounds are dropped.
 */
export function proposedWindows(
  lines: readonly TranscriptLine[],
  proposals: readonly ProposedMoment[],
  bounds: Bounds,
): (Run & { readonly proposal: ProposedMoment })[] {
  const indexOf = new Map(lines.map((line, index) => [line.id, index]));
  return proposals.flatMap((proposal) => {
    const [a, b] = [indexOf.get(proposal.firstLine), indexOf.get(proposal.lastLine)];
    if (a === undefined || b === undefined) return [];
    const range = repaired(lines, { from: Math.min(a, b), to: Math.max(a, b) }, bounds);
    return range ? [{ ...range, proposal }] : [];
  });
}

function repaired(lines: readonly TranscriptLine[], range: Run, { minMs, maxMs }: Bounds): Run | undefined {
  let { from, to } = range;
  while (to > from && lengthOf(lines, from, to) > maxMs) to--;
  while (lengthOf(lines, from, to) < minMs) {
    const [before, after] = [gapBetween(lines, from - 1), gapBetween(lines, to)];
    if (before === undefined && after === undefined) return undefined;
    if (after === undefined || (before !== undefined && before < after)) from--;
    else to++;
  }
  return lengthOf(lines, from, to) <= maxMs ? { from, to } : undefined;
}

/** The pause after a line; nothing where there is no line on one of its sides. */
function gapBetween(lines: readonly TranscriptLine[], index: number): number | undefined {
  const [line, next] = [lines[index], lines[index + 1]];
  return line && next && next.startMs - line.endMs;
}
