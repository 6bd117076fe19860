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
  const pixels = new Float64Array(columns * rows);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * rows) / height) * columns;
    for (let x = 0; x < width; x++) {
      const part = row + Math.floor((x * columns) / width);
      const at = y * width + x;
      differs[part] = (differs[part] ?? 0) + Math.abs((before[at] ?? 0) - (after[at] ?? 0));
      pixels[part] = (pixels[part] ?? 0) + 1;
    }
  }
  const other = differs.filter((sum, part) => sum > otherLevel * (pixels[part] ?? 0)).length;
  return other >= otherParts * columns * rows;
}
