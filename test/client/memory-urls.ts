import type { PreviousUpload, UrlStorage } from 'tus-js-client';

/** What localStorage is in a browser: it is still there after the page was left. */
export function memoryUrls(): UrlStorage {
  const kept = new Map<string, PreviousUpload>();
  const all = (): PreviousUpload[] => [...kept].map(([urlStorageKey, upload]) => ({ ...upload, urlStorageKey }));
  return {
    findAllUploads: async () => all(),
    findUploadsByFingerprint: async (name) => all().filter(({ urlStorageKey }) => urlStorageKey.startsWith(`${name}|`)),
    removeUpload: async (key) => {
      kept.delete(key);
    },
    addUpload: async (name, upload) => {
      const key = `${name}|${kept.size}`;
      kept.set(key, upload);
      return key;
    },
  };
}
