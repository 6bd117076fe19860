import { z } from 'zod';
import { Problem } from '#base/problem.ts';
import { colours, coloursOf } from './colours.ts';
import type { Ffmpeg } from './ffmpeg.ts';

const milliseconds = z.int().min(0);

/** What a recording or a rendition is made of; stored as JSON. Sizes are as shown, after rotation and pixel shape. */
export const mediaFacts = z.object({
  durationMs: milliseconds,
  container: z.string(),
  /** Bits per second. */
  bitrate: z.int().nullable(),
  /** Of its bytes, 0 to 1, what is read to reach a place near its end. Missing where nobody had looked, as in renditions. */
  seekShare: z.number().min(0).max(1).optional(),
  video: z
    .object({
      codec: z.string(),
      width: z.int(),
      height: z.int(),
      frameRate: z.number(),
      /** Degrees clockwise that a player turns the stored picture by: 0, 90, 180 or 270. */
      rotation: z.int(),
      variableFrameRate: z.boolean(),
      /** Missing where the recording was read before they were looked at. */
      colours: colours.optional(),
    })
    .nullable(),
  audio: z
    .object({
      codec: z.string(),
      sampleRate: z.int(),
      channels: z.int(),
      /** LUFS (EBU R128), where it was measured. */
      integratedLoudness: z.number().nullable(),
    })
    .nullable(),
});

export type MediaFacts = z.output<typeof mediaFacts>;

/** A text stream inside the file: index among all streams, and its language tag. */
export interface TextTrack {
  readonly index: number;
  readonly language: string | null;
}

/**
 * Reads what a file holds, and the kinds of its streams in order. Cover art is no video. Throws MEDIA_UNSUPPORTED (no audio or video stream, a format that
 * is not accepted) or MEDIA_CORRUPT (no duration can be found, damaged headers).
 */
export async function probe(
  ffmpeg: Ffmpeg,
  file: string,
  signal: AbortSignal,
): Promise<{ facts: MediaFacts; textTracks: TextTrack[]; streams: string[] }> {
  const { format, streams } = answerFrom(await ffmpeg.probe(file, signal));
  const video = streams.find((stream) => stream.codec_type === 'video' && stream.disposition?.attached_pic !== 1);
  const audio = streams.find((stream) => stream.codec_type === 'audio' && stream.codec_name !== undefined);
  if (!video && !audio)
    throw new Problem('MEDIA_UNSUPPORTED', { found: `${format.format_name} without sound or picture` });
  const durationMs = lengthOf(format) ?? (await walkedDuration(ffmpeg, file, signal));
  return {
    facts: {
      durationMs,
      container: containerOf(format),
      bitrate: format.bit_rate === undefined ? null : Math.round(Number(format.bit_rate)),
      video: video ? videoFacts(video) : null,
      audio: audio ? audioFacts(audio) : null,
    },
    textTracks: streams.filter((stream) => textCodecs.has(stream.codec_name ?? '')).map(textTrack),
    streams: streams.map((stream) => stream.codec_type ?? 'unknown'),
  };
}

const numeral = z.string().regex(/^-?\d+(\.\d+)?$/);
const ratio = z.string().regex(/^\d+[/:]\d+$/);

const streamAnswer = z.object({
  index: z.int(),
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  width: z.int().optional(),
  height: z.int().optional(),
  sample_aspect_ratio: ratio.optional().catch(undefined),
  pix_fmt: z.string().optional(),
  color_space: z.string().optional(),
  color_transfer: z.string().optional(),
  color_range: z.string().optional(),
  avg_frame_rate: ratio.optional(),
  r_frame_rate: ratio.optional(),
  sample_rate: numeral.optional(),
  channels: z.int().optional(),
  disposition: z.object({ attached_pic: z.int().optional() }).optional(),
  tags: z.object({ language: z.string().optional(), rotate: numeral.optional().catch(undefined) }).optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
});

const answer = z.object({
  streams: z.array(streamAnswer).default([]),
  format: z.object({
    format_name: z.string(),
    duration: numeral.optional().catch(undefined),
    start_time: numeral.optional().catch(undefined),
    bit_rate: numeral.optional().catch(undefined),
    tags: z.object({ major_brand: z.string().optional() }).optional(),
  }),
});

type StreamAnswer = z.output<typeof streamAnswer>;
type FormatAnswer = z.output<typeof answer>['format'];

function answerFrom(raw: unknown): z.output<typeof answer> {
  const parsed = answer.safeParse(raw);
  if (!parsed.success) throw new Problem('MEDIA_CORRUPT', {}, parsed.error);
  return parsed.data;
}

/**
 * How long a player takes, in milliseconds. Matroska says when the recording ends, also where it began at ten seconds
 * because a recorder had run before.
 */
function lengthOf({ duration, start_time: start, format_name: name }: FormatAnswer): number | undefined {
  if (duration === undefined) return undefined;
  const begin = name.startsWith('matroska') ? Math.max(0, Number(start ?? 0)) : 0;
  const length = Math.round((Number(duration) - begin) * 1000);
  return length > 0 ? length : undefined;
}

/** What a browser's recorder writes names no duration: all packets are read, none decoded. */
async function walkedDuration(ffmpeg: Ffmpeg, file: string, signal: AbortSignal): Promise<number> {
  const { reachedMs } = await ffmpeg.run({
    inputs: [{ file }],
    outputs: [{ file: 'null', options: ['-map', '0', '-map', '-0:s?', '-map', '-0:d?', '-c', 'copy'] }],
    expectedMs: 0,
    kind: 'light',
    signal,
  });
  if (reachedMs === 0) throw new Problem('MEDIA_CORRUPT', { reason: 'no duration' });
  return reachedMs;
}

/** ffprobe names families (`mov,mp4,m4a,3gp,3g2,mj2`); the brand tells which one it is. */
function containerOf(format: FormatAnswer): string {
  if (format.format_name.startsWith('matroska')) return 'matroska';
  if (!format.format_name.startsWith('mov')) return format.format_name.split(',')[0] ?? format.format_name;
  const brand = format.tags?.major_brand?.trim();
  if (brand === 'qt') return 'mov';
  return brand?.startsWith('M4A') ? 'm4a' : 'mp4';
}

function videoFacts(stream: StreamAnswer): NonNullable<MediaFacts['video']> {
  const rotation = rotationOf(stream);
  const [wide, tall] = (stream.sample_aspect_ratio ?? '1:1').split(':').map(Number);
  const width = Math.round((stream.width ?? 0) * (wide && tall ? wide / tall : 1));
  const height = stream.height ?? 0;
  const average = fraction(stream.avg_frame_rate);
  const nominal = fraction(stream.r_frame_rate) || average;
  return {
    codec: stream.codec_name ?? 'unknown',
    width: rotation % 180 === 0 ? width : height,
    height: rotation % 180 === 0 ? height : width,
    frameRate: Math.round((average || nominal) * 1000) / 1000,
    rotation,
    variableFrameRate: average > 0 && Math.abs(nominal - average) / average > 0.01,
    colours: coloursOf(stream),
  };
}

const audioFacts = (stream: StreamAnswer): NonNullable<MediaFacts['audio']> => ({
  codec: stream.codec_name ?? 'unknown',
  sampleRate: Number(stream.sample_rate ?? 0),
  channels: stream.channels ?? 0,
  integratedLoudness: null,
});

/** The display matrix counts counter-clockwise, the older tag clockwise. */
function rotationOf(stream: StreamAnswer): number {
  const matrix = stream.side_data_list?.find((data) => data.rotation !== undefined)?.rotation;
  const clockwise = matrix === undefined ? Number(stream.tags?.rotate ?? 0) : -matrix;
  return (((Math.round(clockwise / 90) * 90) % 360) + 360) % 360;
}

const fraction = (text = '0/1'): number => {
  const [above = 0, below = 0] = text.split('/').map(Number);
  return below === 0 ? 0 : above / below;
};

/** Text that becomes captions; picture subtitles (DVD, PGS) do not. */
const textCodecs = new Set(['mov_text', 'subrip', 'webvtt', 'ass', 'ssa', 'text']);

const textTrack = ({ index, tags }: StreamAnswer): TextTrack => ({
  index,
  language: tags?.language === undefined || tags.language === 'und' ? null : tags.language,
});
