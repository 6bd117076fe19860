import path from 'node:path';

/**
 * Where ffmpeg reads from: a file of this machine, or a recording behind our own server of ranges on the loopback.
 * No other address is ever opened: what is not exactly of this form is taken as the name of a file.
 */
const loopback = /^http:\/\/127\.0\.0\.1:\d{1,5}\/[\w-]{43}$/;

/** The address of a recording behind our own server; `secret` is 32 random bytes in base64url. */
export const loopbackUrl = (port: number, secret: string): string => `http://127.0.0.1:${port}/${secret}`;

/** The location as a URL that ffmpeg takes literally. */
export const urlOf = (location: string): string =>
  loopback.test(location) ? location : `file:${path.resolve(location)}`;

/** The location as it may stand in what ffmpeg says. */
export const spokenOf = (location: string): string => (loopback.test(location) ? location : path.resolve(location));

/**
 * MPEG-TS is left out: it has no index, so a seek lands between key frames (a whole clip of one frame was measured),
 * and the bundled ffprobe crashes on it.
 */
const formats = 'mov,mp4,matroska,webm,mp3,wav,flac,ogg,aac,avi';

/**
 * What stands before each input. A text file named x.mp4 that holds `#EXTM3U` is opened as a playlist and decodes another
 * local file, on every version that was tried, unless both lists are there. A file can open nothing by HTTP, and what
 * comes by HTTP no file.
 */
export function guardsOf({ file: location, isChapters }: { file: string; isChapters?: true }): string[] {
  const read = isChapters ? ['-format_whitelist', 'ffmetadata', '-f', 'ffmetadata'] : ['-format_whitelist', formats];
  const lists = (protocols: string) => ['-protocol_whitelist', protocols, ...read];
  return loopback.test(location) ? [...lists('http,tcp'), ...byHttp] : lists('file,pipe');
}

/** No proxy of the environment between us and ourselves. */
const byHttp = ['-http_proxy', ''];
