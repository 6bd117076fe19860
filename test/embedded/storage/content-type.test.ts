import { expect, test } from 'vitest';
import { assertAllowed, contentTypeFrom, servedType } from '#embedded/storage/content-type.ts';

test('a type that would be a page or a script of ours is served as plain text', () => {
  const active = [
    'text/html',
    'TEXT/HTML; charset=utf-8',
    'image/svg+xml',
    'application/xhtml+xml',
    'text/xml',
    'text/javascript',
  ];
  for (const type of active) expect(servedType(type)).toBe('text/plain; charset=utf-8');
  for (const type of ['video/mp4', 'text/vtt', 'image/png', 'application/json']) expect(servedType(type)).toBe(type);
});

test('a bucket accepts exactly the types its patterns name, whatever parameters they carry', () => {
  expect(() => assertAllowed('video/mp4', ['video/*'])).not.toThrow();
  expect(() => assertAllowed('Video/MP4; codecs=avc1', ['video/mp4'])).not.toThrow();
  expect(() => assertAllowed('anything/else', null)).not.toThrow();
  expect(() => assertAllowed('videos/mp4', ['video/*'])).toThrow('not supported');
  expect(() => assertAllowed('audio/mpeg', ['video/*', 'text/vtt'])).toThrow('not supported');
});

test('a text that is no media type is refused, and none at all means bytes', () => {
  for (const text of ['video', 'video/', 'video/mp4\r\nx: y', 'a b/c', `a/${'b'.repeat(300)}`]) {
    expect(() => contentTypeFrom(text)).toThrow('not supported');
  }
  expect(contentTypeFrom(undefined)).toBe('application/octet-stream');
});
