import { Refusal } from './refusal.ts';

const pattern = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(\s*;[\x20-\x7e]*)?$/;
const fallback = 'application/octet-stream';

/** The declared type, fit for a header. Throws InvalidMimeType for a text that is none. */
export function contentTypeFrom(declared: string | null | undefined): string {
  const text = declared?.trim() || fallback;
  if (!pattern.test(text) || text.length > 255) throw new Refusal('InvalidMimeType');
  return text;
}

const bare = (type: string): string => (type.split(';', 1)[0] ?? '').trim().toLowerCase();

/** Throws InvalidMimeType unless one of the patterns (`video/*`, `text/vtt`) allows the type; null allows all. */
export function assertAllowed(type: string, allowed: readonly string[] | null): void {
  if (allowed !== null && !allowed.some((pattern) => matches(bare(type), pattern.toLowerCase()))) {
    throw new Refusal('InvalidMimeType');
  }
}

function matches(type: string, pattern: string): boolean {
  if (pattern === '*' || pattern === '*/*') return true;
  return pattern.endsWith('/*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}

/** The type to serve: what a browser would run as a page of ours is sent as plain text. */
export const servedType = (type: string): string =>
  /^(text\/html|[\w.-]+\/([\w.-]+\+)?xml|application\/xhtml.*|.*javascript)$/.test(bare(type))
    ? 'text/plain; charset=utf-8'
    : type;
