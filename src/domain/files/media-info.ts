import { builder } from '#graph/builder.ts';
import { type MediaFacts, mediaFacts } from '#media/probe.ts';

const VideoInfo = builder.objectRef<NonNullable<MediaFacts['video']>>('VideoInfo').implement({
  description: 'First usable video stream.',
  fields: (t) => ({
    codec: t.exposeString('codec', { description: 'Such as `h264`.' }),
    width: t.exposeInt('width', { description: 'Pixels across, as shown (after rotation).' }),
    height: t.exposeInt('height', { description: 'Pixels down, as shown (after rotation).' }),
    frameRate: t.exposeFloat('frameRate', { description: 'Frames per second.' }),
    rotation: t.exposeInt('rotation', { description: 'Degrees the picture is turned when shown.' }),
    variableFrameRate: t.exposeBoolean('variableFrameRate', { description: 'Whether the frame rate changes.' }),
  }),
});

const AudioInfo = builder.objectRef<NonNullable<MediaFacts['audio']>>('AudioInfo').implement({
  description: 'First usable audio stream.',
  fields: (t) => ({
    codec: t.exposeString('codec', { description: 'Such as `aac`.' }),
    sampleRate: t.exposeInt('sampleRate', { description: 'Samples per second.' }),
    channels: t.exposeInt('channels', { description: '1 is mono, 2 is stereo.' }),
    integratedLoudness: t.exposeFloat('integratedLoudness', { nullable: true, description: 'LUFS over the whole.' }),
  }),
});

/** Probed facts as every room shows them. */
export const MediaInfo = builder.objectRef<MediaFacts>('MediaInfo').implement({
  description: 'What probing found.',
  fields: (t) => ({
    durationMs: t.expose('durationMs', { type: 'Milliseconds', description: 'How long it plays.' }),
    container: t.exposeString('container', { description: 'Such as `mov,mp4`.' }),
    bitrate: t.exposeInt('bitrate', { nullable: true, description: 'Bits per second over all streams.' }),
    video: t.expose('video', { type: VideoInfo, nullable: true, description: 'Null for audio only.' }),
    audio: t.expose('audio', { type: AudioInfo, nullable: true, description: 'Null for silent video.' }),
  }),
});

/** A stored media column, read back; null where nothing was probed. */
export const mediaInfoOf = (column: unknown): MediaFacts | null => (column ? mediaFacts.parse(column) : null);
