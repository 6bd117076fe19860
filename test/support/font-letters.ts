import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';

/** The code points that a .ttf or .woff file has a glyph for, as libass finds them: by its character map of Windows. */
export function lettersOfFont(file: string): ReadonlySet<number> {
  const cmap = tableOf(readFileSync(file), 'cmap');
  const records = Array.from({ length: cmap.readUInt16BE(2) }, (_, index) => 4 + index * 8);
  const windows = records.find((at) => cmap.readUInt16BE(at) === 3);
  if (windows === undefined) throw new Error(`${file} has no character map of Windows`);
  const map = cmap.subarray(cmap.readUInt32BE(windows + 4));
  return new Set(map.readUInt16BE(0) === 12 ? groupsOf(map) : segmentsOf(map));
}

function tableOf(font: Buffer, name: string): Buffer {
  const isWoff = font.toString('latin1', 0, 4) === 'wOFF';
  const count = font.readUInt16BE(isWoff ? 12 : 4);
  for (let index = 0; index < count; index++) {
    const at = isWoff ? 44 + index * 20 : 12 + index * 16;
    if (font.toString('latin1', at, at + 4) !== name) continue;
    const from = font.readUInt32BE(at + (isWoff ? 4 : 8));
    const bytes = font.subarray(from, from + font.readUInt32BE(at + (isWoff ? 8 : 12)));
    return isWoff && bytes.length < font.readUInt32BE(at + 12) ? inflateSync(bytes) : bytes;
  }
  throw new Error(`the font has no table ${name}`);
}

/** Format 12: groups of code points that follow each other. */
function groupsOf(map: Buffer): number[] {
  return Array.from({ length: map.readUInt32BE(12) }, (_, group) => 16 + group * 12).flatMap((at) =>
    range(map.readUInt32BE(at), map.readUInt32BE(at + 4)),
  );
}

/** Format 4: segments, some with a glyph of their own for each code point. */
function segmentsOf(map: Buffer): number[] {
  const count = map.readUInt16BE(6) / 2;
  return Array.from({ length: count }, (_, segment) => segment).flatMap((segment) => {
    const [end, start] = [14, 16 + count * 2].map((at) => map.readUInt16BE(at + segment * 2));
    const offsetAt = 16 + count * 6 + segment * 2;
    const offset = map.readUInt16BE(offsetAt);
    return range(start ?? 0, end ?? 0).filter(
      (code) =>
        code < 0xffff && (offset === 0 || map.readUInt16BE(offsetAt + offset + (code - (start ?? 0)) * 2) !== 0),
    );
  });
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);
