import type * as tus from 'tus-js-client';

/**
 * Reads a Blob slice by slice where tus knows of none: outside browsers, where `fs.openAsBlob` gives a file as one
 * without reading it. Slices are read whole, so each has an end.
 */
export function blobReader(): { fileReader?: tus.FileReader; chunkSize?: number } {
  if ('XMLHttpRequest' in globalThis) return {};
  return { chunkSize: sliceBytes, fileReader: { openFile: async (blob: Blob) => sourceOf(blob) } };
}

/** As large as the chunks that Supabase takes; for targets that name no size. */
const sliceBytes = 6 * 1024 ** 2;

const sourceOf = (blob: Blob): tus.FileSource => ({
  size: blob.size,
  async slice(start, end) {
    const bytes = new Uint8Array(await blob.slice(start, end).arrayBuffer());
    return { value: Object.assign(bytes, { size: bytes.length }), done: end >= blob.size };
  },
  close: () => undefined,
});
