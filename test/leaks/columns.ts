import type { CaptionsReport } from '#captions/captions-report.ts';
import type { RenditionQuality } from '#domain/clips/rendition-quality.ts';
import type { Recipe } from '#pipeline/recipe.ts';

/** Values of the columns that hold JSON: each field of them is told of somewhere in the graph. */

export const media = {
  durationMs: 60_000,
  container: 'mov,mp4',
  bitrate: 800_000,
  video: { codec: 'h264', width: 1280, height: 720, frameRate: 25, rotation: 0, variableFrameRate: false },
  audio: { codec: 'aac', sampleRate: 48_000, channels: 2, integratedLoudness: -16 },
};

export const failure = (word: string) => ({
  code: 'ENCODE_FAILED',
  message: `Encoding ${word} failed.`,
  stage: 'cut',
  retryable: false,
  correlationId: `${word}-correlation`,
  occurredAt: '2026-11-01T00:00:00.000Z',
});

export const captionsReport: CaptionsReport = {
  cueCount: 3,
  violations: [{ rule: 'TOO_FAST', count: 1, worst: 22, worstAtMs: 900 }],
};

export const quality: RenditionQuality = {
  durationErrorMs: 1,
  loudness: { integrated: -14, truePeak: -1, range: 4, target: -14, limitedByPeaks: false },
  blackShare: 0,
  constantFrameRate: true,
  fastStart: true,
  hasEditLists: false,
  captions: captionsReport,
};

const part = { x: 0, y: 0, width: 640, height: 360 };

/** A plan of each kind; each with a part of the picture where it can have one. */
export const cropPlans = {
  LANDSCAPE: { kind: 'FIT', within: part },
  SQUARE: { kind: 'CENTRE', within: part },
  PORTRAIT: { kind: 'TRACK', keys: [{ atMs: 0, x: 300, cut: true }], within: part },
} as const;
export const stackPlan = { kind: 'STACK', upper: part, lower: { ...part, y: 360 } };

export const bodies = (word: string) => ({
  BLOG: { kind: 'BLOG', title: word, slug: word, excerpt: word, markdown: `About ${word}.`, tags: [word] },
  LINKEDIN: { kind: 'LINKEDIN', text: `About ${word}.`, hashtags: [word] },
  TWITTER: { kind: 'TWITTER', posts: [{ text: `1/1 About ${word}.`, weightedLength: 20 }] },
  INSTAGRAM: { kind: 'INSTAGRAM', caption: `About ${word}.`, hashtags: [word], slides: [word] },
});

export const recipe: Recipe = {
  transcript: true,
  language: null,
  highlights: { count: 3, minDurationMs: 3_000, maxDurationMs: 30_000, topics: [] },
  clips: null,
  contents: [],
  render: null,
  write: null,
  fresh: null,
};
