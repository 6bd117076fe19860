/** The picture in parts of about a fifteenth of its width. */
const columns = 16;
const rows = 9;
/** Levels of gray by which a part differs on the average when it shows something else; noise of a camera makes 1 to 3. */
const otherLevel = 12;
/** A part of all parts: a speaker who moves in front of a camera changes fewer, another slide or camera more. */
const otherParts = 0.3;

/**
 * Whether the second picture (gray, of the same size) shows something else than the first. Counted are the parts that
 * differ, not how much: a new slide changes its text everywhere, but the mean gray hardly.
 */
export function isSceneChange(before: Uint8Array, after: Uint8Array, width: number): boolean {
  const height = Math.floor(before.length / width);
  const differs = new Float64Array(columns * rows);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * rows) / height) * columns;
    for (let column = 0; column < columns; column++) {
      const end = y * width + edgeOf(column + 1, width);
      let sum = 0;
      for (let at = y * width + edgeOf(column, width); at < end; at++) {
        sum += Math.abs((before[at] ?? 0) - (after[at] ?? 0));
      }
      differs[row + column] = (differs[row + column] ?? 0) + sum;
    }
  }
  const otherSum = (otherLevel * width * height) / differs.length;
  return differs.filter((sum) => sum > otherSum).length >= otherParts * differs.length;
}

const edgeOf = (column: number, width: number): number => Math.floor((column * width) / columns);
