/** A mark in a video file, in milliseconds of the file. */
export interface FileChapter {
  readonly startMs: number;
  readonly endMs: number;
  readonly title: string;
}

/** Chapters as ffmpeg reads them (ffmetadata). */
export const chaptersText = (chapters: readonly FileChapter[]): string =>
  [
    ';FFMETADATA1',
    ...chapters.flatMap(({ startMs, endMs, title }) => [
      '[CHAPTER]',
      'TIMEBASE=1/1000',
      `START=${startMs}`,
      `END=${endMs}`,
      `title=${title.replaceAll(/[=;#\\\n]/g, '\\$&')}`,
    ]),
    '',
  ].join('\n');
