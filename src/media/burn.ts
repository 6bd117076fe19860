import path from 'node:path';

/** The faces captions are set in (Inter Regular and Bold). Without a face libass draws nothing and ends well. */
const fontsFolder = path.join(import.meta.dirname, 'fonts', 'inter');

/** Draws an ASS file over `[input]` as `[output]`; with none, passes it on. */
export const burned = (assFile: string | null, { input, output }: { input: string; output: string }): string =>
  assFile === null
    ? `[${input}]null[${output}]`
    : `[${input}]ass=filename=${literal(assFile)}:fontsdir=${literal(fontsFolder)}[${output}]`;

/**
 * A path inside a filter graph: escaped once for the option and once for the graph. Paths are ours, never a user's
 * words, but a home folder may hold any character.
 */
const literal = (file: string): string => file.replaceAll(/[\\':]/g, '\\$&').replaceAll(/[\\'[\],;]/g, '\\$&');
