import type { SourceMs } from '#base/time.ts';
import { type Colours, jpegColours } from './colours.ts';
import { type PictureSize, sizeWithin } from './picture-size.ts';

/** How the tiles of a storyboard lie in its picture: row by row, from the left, tile n at column n modulo `columns`. */
export interface StoryboardLayout {
  readonly columns: number;
  readonly rows: number;
  /** Pixels. */
  readonly tileWidth: number;
  readonly tileHeight: number;
  /** When each tile's picture is shown; where there are fewer than places the rest is black. */
  readonly timesMs: readonly SourceMs[];
}

/** A storyboard that is still to be made. */
export interface StoryboardPlan extends Omit<StoryboardLayout, 'timesMs'> {
  /** A key frame becomes a tile when it is at least so much later than the tile before. */
  readonly everyMs: number;
}

const longestSide = 160;
const mostColumns = 10;
const mostTiles = 100;
/** Shorter recordings get fewer tiles, not closer ones. */
const closestMs = 2_000;

/** Plans the tiles of a recording: a hundred at most, whatever its length. */
export function storyboardPlan(picture: PictureSize, durationMs: number): StoryboardPlan {
  const { width, height } = sizeWithin(longestSide, picture);
  const everyMs = Math.max(closestMs, Math.ceil(durationMs / mostTiles));
  const places = Math.min(mostTiles, Math.max(1, Math.ceil(durationMs / everyMs)));
  const columns = Math.min(mostColumns, places);
  return { columns, rows: Math.ceil(places / columns), tileWidth: width, tileHeight: height, everyMs };
}

/**
 * Makes the storyboard's one picture of frames whose times are milliseconds. Which ones it takes is the rule of
 * `storyboardLayout`: the two must stay alike, because a picture of tiles cannot tell their times.
 */
export const tiled = (plan: StoryboardPlan, colours: Colours | undefined): string =>
  `select='isnan(prev_selected_pts)+gte(pts-prev_selected_pts,${plan.everyMs})',` +
  `scale=${plan.tileWidth}:${plan.tileHeight}:flags=area,setsar=1${jpegColours(colours)},` +
  `tile=${plan.columns}x${plan.rows}`;

/** The layout that `tiled` makes of frames at these times; null without frames. */
export function storyboardLayout(plan: StoryboardPlan, timesMs: readonly SourceMs[]): StoryboardLayout | null {
  const { everyMs, ...layout } = plan;
  const tiles: SourceMs[] = [];
  for (const atMs of timesMs) {
    const last = tiles.at(-1);
    if (tiles.length < plan.columns * plan.rows && (last === undefined || atMs - last >= everyMs)) tiles.push(atMs);
  }
  return tiles.length > 0 ? { ...layout, timesMs: tiles } : null;
}
