import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { words } from '#base/env-words.ts';
import { problems } from '#base/problem.ts';
import { codes } from '#graph/codes.ts';
import { limits } from '#graph/limits.ts';
import { schema } from '#schema.ts';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const pages = ['README.md', 'NOTICE.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: root })];
const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json')));

const found = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, group = '']) => group);

test.each([
  ['README.md', 3],
  ['docs/api.md', 8],
])('the examples of %s are operations of the real schema', (page, least) => {
  const examples = found(read(page), /```graphql\n([^]*?)```/g);
  expect(examples.length).toBeGreaterThanOrEqual(least);
  for (const example of examples) expect(validate(schema, parse(example))).toEqual([]);
});

test('the page about the API has the figures of the limits, and codes that exist', () => {
  const page = read('docs/api.md');
  const { cost, depth, aliases, rootFields, directives, tokens, page: most } = limits;
  const figures = found(page, /^\| [a-z].* \| (\d+) \|$/gm).map(Number);
  expect(figures).toEqual([cost, depth, aliases, rootFields, directives, tokens, most]);
  const [ofPayloads = '', ofRequests = ''] = found(page, /(\| Code \|[^]*?)\n\n/g);
  const codesIn = (table: string): string[] => found(table, /`([A-Z_]+)`/g);
  expect(codesIn(ofPayloads).filter((code) => !(code in problems))).toEqual([]);
  expect(codesIn(ofRequests).filter((code) => !(code in codes))).toEqual([]);
  expect(Math.min(codesIn(ofPayloads).length, codesIn(ofRequests).length)).toBeGreaterThan(5);
});

test('the architecture page has every floor', () => {
  const floors = readdirSync(path.join(root, 'src')).filter((name) => name !== 'generated');
  const page = read('docs/architecture.md');
  expect(floors.filter((name) => !page.includes(`\`src/${name}\``))).toEqual([]);
});

describe.each(pages)('%s', (page) => {
  const text = read(page);

  test('names npm scripts that exist', () => {
    expect(found(text, /npm run ([\w:-]+)/g).filter((name) => !(name in scripts))).toEqual([]);
  });

  test('names files that exist', () => {
    const named = found(text, /`((?:src|test|tasks|scripts|prisma|docs|samples)\/[\w./-]+)`/g);
    expect(named.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
  });

  test('links to pages that exist', () => {
    const links = found(text, /\]\((?!https?:)([^)#]+)/g);
    expect(links.filter((link) => !existsSync(path.resolve(root, path.dirname(page), link)))).toEqual([]);
  });

  test('names words of the environment that exist', () => {
    const families = new Set(Object.keys(words).map((name) => name.split('_')[0]));
    const named = found(text, /\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/g).filter((name) =>
      families.has(name.split('_')[0]),
    );
    expect(named.filter((name) => !(name in words || name in problems))).toEqual([]);
  });
});
