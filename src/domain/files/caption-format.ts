import type { CaptionFormat } from '#generated/prisma/enums.ts';
import { builder } from '#graph/builder.ts';

/** Caption file flavours. */
export const CaptionFormatEnum = builder.enumType('CaptionFormat', {
  description: 'Caption file flavours.',
  values: {
    VTT: { description: 'WebVTT, for the web.' },
    SRT: { description: 'SubRip, for nearly everything.' },
    ASS: { description: 'Advanced SubStation, with styles.' },
  } satisfies Record<CaptionFormat, object>,
});
