/** What an app covers of an upright picture, in pixels of 1080 × 1920. */
interface Covered {
  readonly side: number;
  readonly bottom: number;
}

/**
 * As of November 2026. The apps publish figures for advertisements only (Meta: 35 % below), for other posts these are what
 * third-party guides agree on: a column of buttons at the right, the author and the text below. Both sides are kept free
 * alike, so that the text stays in the middle. They move with every release of an app: look again once a year.
 */
const platforms = {
  TIKTOK: { side: 140, bottom: 400 },
  INSTAGRAM: { side: 120, bottom: 460 },
  YOUTUBE: { side: 180, bottom: 480 },
} as const satisfies Record<string, Covered>;

const everywhere: Covered = {
  side: Math.max(...Object.values(platforms).map(({ side }) => side)),
  bottom: Math.max(...Object.values(platforms).map(({ bottom }) => bottom)),
};

/** Where captions may stand in an upright picture that an app plays; NONE is for players that cover nothing. */
export const safeAreas = {
  ...platforms,
  EVERYWHERE: everywhere,
  NONE: { side: 65, bottom: 190 },
} as const satisfies Record<string, Covered>;

/** For whose buttons captions make room. */
export type CaptionSafeArea = keyof typeof safeAreas;
