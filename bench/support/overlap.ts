import type { Span } from '#base/time.ts';
import type { Box } from './talk.ts';

/** What two boxes share of what they cover together, 0 to 1. */
export function boxOverlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const shared = Math.max(0, width) * Math.max(0, height);
  return shared / (a.width * a.height + b.width * b.height - shared);
}

/** The share of a span that lies in another, 0 to 1. */
export const shareInside = (span: Span, other: Span): number =>
  Math.max(0, Math.min(span.endMs, other.endMs) - Math.max(span.startMs, other.startMs)) / (span.endMs - span.startMs);
