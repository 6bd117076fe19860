import type { IncomingMessage, ServerResponse } from 'node:http';

const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
const requestHeaders = [
  'authorization, apikey, content-type, cache-control, range, if-none-match, if-range',
  'x-client-info, x-upsert, x-metadata, x-signature',
  'tus-resumable, upload-length, upload-offset, upload-metadata, upload-defer-length',
].join(', ');
const answerHeaders = [
  'content-length, content-range, content-disposition, accept-ranges, etag, last-modified',
  'location, tus-resumable, tus-version, tus-extension, tus-max-size',
  'upload-length, upload-offset, upload-metadata, upload-expires',
].join(', ');

/** Whether pages of an origin may call; `*` in the list lets all. */
export const isAllowedOrigin = (origin: string, origins: readonly string[]): boolean =>
  origins.includes('*') || origins.includes(origin);

/** Puts the CORS headers on an answer; a foreign origin gets none. True when the call was a preflight, now answered. */
export function applyCors(request: IncomingMessage, response: ServerResponse, origins: readonly string[]): boolean {
  const { origin } = request.headers;
  response.setHeader('vary', 'Origin');
  if (origin === undefined) return false;
  if (isAllowedOrigin(origin, origins)) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-expose-headers', answerHeaders);
  }
  if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return false;
  if (isAllowedOrigin(origin, origins)) {
    response.setHeader('access-control-allow-methods', methods);
    response.setHeader('access-control-allow-headers', requestHeaders);
    response.setHeader('access-control-max-age', '7200');
  }
  response.writeHead(204).end();
  return true;
}
