import { z } from 'zod';

/** What the numbers of a recording's picture mean. */
export const colours = z.object({
  /** How light and colour were told apart; `RGB` where they were not. */
  matrix: z.enum(['BT601', 'BT709', 'BT2020', 'RGB']),
  /** `PQ` and `HLG` hold more light than a usual screen shows. */
  transfer: z.enum(['SDR', 'PQ', 'HLG']),
  /** Whether black is 0 instead of 16. */
  fullRange: z.boolean(),
});
export type Colours = z.output<typeof colours>;

/** What ffprobe says of a picture. */
interface Said {
  readonly height?: number | undefined;
  readonly pix_fmt?: string | undefined;
  readonly color_space?: string | undefined;
  readonly color_transfer?: string | undefined;
  readonly color_range?: string | undefined;
}

/** The colours of a stream. Where it does not say, small pictures are BT.601 and large ones BT.709, as players take them. */
export function coloursOf(said: Said): Colours {
  const isRgb = said.color_space === 'gbr' || /^(a?rgb|a?bgr|gbr|0rgb|0bgr|pal8)/.test(said.pix_fmt ?? '');
  return {
    matrix: isRgb ? 'RGB' : (matrices[said.color_space ?? ''] ?? ((said.height ?? 0) < 720 ? 'BT601' : 'BT709')),
    transfer: transfers[said.color_transfer ?? ''] ?? 'SDR',
    fullRange: isRgb || said.color_range === 'pc' || (said.pix_fmt ?? '').startsWith('yuvj'),
  };
}

const matrices: Readonly<Record<string, Colours['matrix']>> = {
  bt709: 'BT709',
  smpte170m: 'BT601',
  bt470bg: 'BT601',
  fcc: 'BT601',
  bt2020nc: 'BT2020',
  bt2020c: 'BT2020',
};

const transfers: Readonly<Record<string, Colours['transfer']>> = { smpte2084: 'PQ', 'arib-std-b67': 'HLG' };

/**
 * Filters, each after a comma, that bring a picture to BT.709 in limited range, as its tags then say; none where it is
 * there already, which nearly all recordings of 720 lines and more are.
 */
export function toBt709(from: Colours): string {
  if (from.transfer !== 'SDR') return toneMapped(from);
  if (from.matrix === 'BT2020')
    return `,zscale=${zscaled(from, 'bt709')}:p=bt709:t=bt709:m=bt709:r=limited,format=yuv420p`;
  if (from.matrix === 'BT709' && !from.fullRange) return '';
  const range = from.fullRange ? 'pc' : 'tv';
  const matrix = from.matrix === 'RGB' ? '' : `:in_color_matrix=${from.matrix.toLowerCase()}`;
  return `,scale=in_range=${range}${matrix}:out_color_matrix=bt709:out_range=tv,format=yuv420p`;
}

/**
 * Filters, each after a comma, that bring a picture to what a JPEG's numbers mean (BT.601 in full range), brighter light
 * than a screen shows mapped as in clips; for small pictures, to be put behind what shrinks them.
 */
export function jpegColours(from: Colours | undefined): string {
  if (from === undefined) return ',format=yuvj420p';
  // The range is left to the change of format: asked for in the same step, the bundled build of 2018 forgets it.
  const matrix = 'scale=in_range=tv:in_color_matrix=bt709:out_color_matrix=bt601:out_range=tv';
  return `${toBt709(from)},${matrix},format=yuv420p,format=yuvj420p`;
}

/**
 * 203 cd/m² is the white of a page in HDR (BT.2408) and becomes the white of SDR; Mobius leaves what is darker than a
 * third of it as it is (faces) and bends only the lights.
 */
function toneMapped(from: Colours): string {
  const transfer = from.transfer === 'PQ' ? 'smpte2084' : 'arib-std-b67';
  return (
    `,zscale=${zscaled(from, transfer)}:t=linear:npl=203:p=bt2020,format=gbrpf32le,zscale=p=bt709,` +
    'tonemap=tonemap=mobius:desat=0,zscale=t=bt709:m=bt709:r=limited,format=yuv420p'
  );
}

const zscaled = ({ matrix, fullRange }: Colours, transfer: string): string =>
  `pin=bt2020:tin=${transfer}:min=${matrix === 'BT709' ? 'bt709' : 'bt2020nc'}:rin=${fullRange ? 'full' : 'limited'}`;
