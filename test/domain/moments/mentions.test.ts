import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceMs } from '#base/time.ts';
import { mentionOf } from '#domain/moments/mentions.ts';

const linesOf = (texts: readonly string[]) =>
  texts.map((text, at) => ({ id: at + 1, segmentId: 's', text, startMs: sourceMs(at), endMs: sourceMs(at + 1) }));

test('lines mention a term exactly where their joined text holds it, also across two lines', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'B', ' '), maxLength: 6 });
  const term = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 4 }).map((text) => `a${text}`.trim());
  fc.assert(
    fc.property(fc.array(letters, { minLength: 1, maxLength: 6 }), term, (texts, wanted) => {
      const mention = mentionOf(linesOf(texts), wanted);
      for (const [from] of texts.entries()) {
        for (let to = from; to < texts.length; to++) {
          const joined = texts
            .slice(from, to + 1)
            .join(' ')
            .toLowerCase();
          expect(mention(from, to)).toBe(joined.includes(wanted));
        }
      }
    }),
  );
});
