import { describe, expect, test } from 'vitest';
import { covers, faces, facesFor } from '#captions/faces.ts';
import { lettersOfFont } from '../support/font-letters.ts';

describe('faces', () => {
  test.each(faces.map((face) => [face.file, face] as const))('%s has every letter it is said to have', (file, face) => {
    const letters = lettersOfFont(`src/media/fonts/${file}`);
    const joins = new Set(['\ufe0e', '\ufe0f']);
    const visible = /[\p{L}\p{N}\p{P}\p{S}\p{M}]/u;
    const missing = [];
    for (let code = 0x20; code < 0x1fbff; code++) {
      const letter = String.fromCodePoint(code);
      if (visible.test(letter) && !joins.has(letter) && covers(face, letter) && !letters.has(code))
        missing.push(code.toString(16));
    }
    expect(missing).toEqual([]);
  });

  test.each([
    ['en', 'Inter'],
    ['zh', 'Noto Sans SC Thin'],
    ['zh-CN', 'Noto Sans SC Thin'],
    ['zh-TW', 'Noto Sans TC Thin'],
    ['ja-JP', 'Noto Sans JP Thin'],
    [undefined, 'Inter'],
  ])('shared letters are written as in %s', (language, family) => {
    expect(facesFor(language)[0].family).toBe(family);
  });
});
