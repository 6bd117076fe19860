import type { z } from 'zod';
import { captionsReport } from '#captions/captions-report.ts';
import { encodedQuality } from '#media/encoded-quality.ts';

/** What was measured on a rendition's file, as it is stored with it. */
export const renditionQuality = encodedQuality.extend({
  /** How well the captions in its picture can be read; null without such captions. */
  captions: captionsReport.nullable(),
});
export type RenditionQuality = z.output<typeof renditionQuality>;
