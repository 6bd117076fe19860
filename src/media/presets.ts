/** How one shape of a clip is made. */
export interface Preset {
  /** Frame in pixels; null for sound alone. */
  readonly frame: { readonly width: number; readonly height: number } | null;
  /** Upper edge of the picture inside the frame, as a share of the free height: the rest below is for captions. */
  readonly lift: number;
  /** LUFS. */
  readonly loudness: number;
  readonly extension: 'mp4' | 'm4a';
  readonly contentType: 'video/mp4' | 'audio/mp4';
  /** Most bits a second of picture: no platform of the preflight table asks for less. */
  readonly maxVideoBitrate: number;
  readonly audioBitrate: number;
}

const video = { loudness: -14, extension: 'mp4', contentType: 'video/mp4', audioBitrate: 160_000 } as const;

/**
 * The shapes (November 2026). Loudness: YouTube, Spotify and TikTok play at about -14 LUFS, Apple Podcasts asks for
 * -16 (EBU R128 figures, true peak at most -1 dBTP).
 */
export const presets = {
  LANDSCAPE_1080P: { ...video, frame: { width: 1920, height: 1080 }, lift: 0.5, maxVideoBitrate: 12_000_000 },
  LANDSCAPE_720P: { ...video, frame: { width: 1280, height: 720 }, lift: 0.5, maxVideoBitrate: 6_000_000 },
  PORTRAIT_1080P: { ...video, frame: { width: 1080, height: 1920 }, lift: 0.4, maxVideoBitrate: 12_000_000 },
  SQUARE_1080P: { ...video, frame: { width: 1080, height: 1080 }, lift: 0.3, maxVideoBitrate: 8_000_000 },
  AUDIO_ONLY: {
    frame: null,
    lift: 0,
    loudness: -16,
    extension: 'm4a',
    contentType: 'audio/mp4',
    maxVideoBitrate: 0,
    audioBitrate: 128_000,
  },
} as const satisfies Record<string, Preset>;

export type RenditionPreset = keyof typeof presets;
