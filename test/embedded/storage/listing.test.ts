import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compare, folderOf, type Page, type PageRequest, pageOf } from '#embedded/storage/listing.ts';

interface Named {
  readonly key: string;
}

const keys = fc
  .uniqueArray(
    fc.array(fc.constantFrom('a', 'b', 'aa', 'c.mp4'), { minLength: 1, maxLength: 4 }).map((s) => s.join('/')),
  )
  .map((all) => all.map((key): Named => ({ key })));
const prefix = fc.constantFrom('', 'a', 'a/', 'a/b/', 'zz');

const flat = fc.record({
  prefix,
  descending: fc.boolean(),
  limit: fc.integer({ min: 1, max: 5 }),
  delimited: fc.constant(false),
});

const allPages = (objects: Named[], wanted: Omit<PageRequest, 'after'>): Page<Named>[] => {
  const pages: Page<Named>[] = [];
  for (let after: string | null = null; pages.length === 0 || after !== null; after = pages.at(-1)?.next ?? null) {
    pages.push(pageOf(objects, { ...wanted, after }));
  }
  return pages;
};

test('the pages of a flat listing hold every key below the prefix once, in order', () => {
  fc.assert(
    fc.property(keys, flat, (objects, wanted) => {
      const { prefix, descending, limit } = wanted;
      const pages = allPages(objects, wanted);
      const expected = objects
        .map(({ key }) => key)
        .filter((key) => key.startsWith(prefix))
        .sort(compare);
      expect(pages.flatMap((page) => page.objects.map(({ key }) => key))).toEqual(
        descending ? expected.reverse() : expected,
      );
      for (const page of pages.slice(0, -1)) expect(page.objects).toHaveLength(limit);
    }),
  );
});

test('a delimited listing shows each folder once, over all its pages, and every direct object', () => {
  fc.assert(
    fc.property(keys, fc.constantFrom('', 'a/'), fc.integer({ min: 1, max: 3 }), (objects, prefix, limit) => {
      const pages = allPages(objects, { prefix, descending: false, limit, delimited: true });
      const shown = pages.flatMap((page) => [...page.folders, ...page.objects.map(({ key }) => key)]);
      const lines = objects
        .filter(({ key }) => key.startsWith(prefix))
        .map(({ key }) => key.slice(prefix.length).replace(/\/.*/, '/'));
      expect([...shown].sort(compare)).toEqual([...new Set(lines)].map((line) => prefix + line).sort(compare));
    }),
  );
});

test('a folder shows its own objects and each folder below it once', () => {
  const objects = ['ws/a.mp4', 'ws/u1/x', 'ws/u1/y', 'ws2/z'].map((key) => ({ key }));
  expect(folderOf(objects, 'ws')).toEqual([
    { name: 'a.mp4', object: { key: 'ws/a.mp4' } },
    { name: 'u1', object: null },
  ]);
  expect(folderOf(objects, '').map(({ name }) => name)).toEqual(['ws', 'ws2']);
});
