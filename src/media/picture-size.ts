/** Pixels across and down. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** The size whose longer side is `longest`, in the picture's proportion, both sides even. */
export function sizeWithin(longest: number, { width, height }: PictureSize): PictureSize {
  const scale = longest / Math.max(width, height);
  const even = (side: number) => Math.max(2, 2 * Math.round((side * scale) / 2));
  return { width: even(width), height: even(height) };
}
