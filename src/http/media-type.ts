import type { IncomingMessage } from 'node:http';

/**
 * Writes the media type of a body as everything behind compares it: in small letters and without blanks ahead of its
 * parameters, which are left as they are (RFC 9110, 8.3.1). What browsers send unasked stays what it was.
 */
export function withMediaType(request: IncomingMessage): IncomingMessage {
  const { headers } = request;
  const [type = ''] = headers['content-type']?.split(';', 1) ?? [];
  if (type)
    headers['content-type'] = type.toLowerCase().replace(/[ \t]+$/, '') + headers['content-type']?.slice(type.length);
  return request;
}
