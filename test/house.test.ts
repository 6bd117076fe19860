import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stages } from '#pipeline/stages.ts';

const root = path.resolve(import.meta.dirname, '..');

/** From low to high. A file imports from its own row and from those above it in this list. */
const floors = [
  ['src/generated'],
  ['src/base'],
  ['src/timeline'],
  ['src/captions'],
  ['src/language'],
  ['src/media'],
  ['src/providers'],
  ['src/embedded'],
  ['src/runtime.ts', 'src/process.ts'],
  ['src/usage'],
  ['src/pipeline'],
  ['src/feed'],
  ['src/work'],
  ['src/retention'],
  ['src/graph'],
  ['src/domain'],
  ['src/schema.ts'],
  ['tasks'],
  ['src/http'],
  ['src/server.ts', 'src/worker.ts'],
  ['src/start.ts'],
];

/** The rooms of the domain in the order of a recording's life. A room looks upstream only. */
const rooms = [
  'workspaces',
  'admission',
  'members',
  'keys',
  'files',
  'uploads',
  'runs',
  'transcripts',
  'moments',
  'chapters',
  'highlights',
  'clips',
  'contents',
  'edits',
  'usage',
  'plans',
  'dubs',
  'publications',
  'webhooks',
  'erasure',
  'exports',
  'identity',
];

/** Packages that speak to one vendor or one program, and the files that may import them. */
const vendors: Record<string, readonly string[]> = {
  'fluent-ffmpeg': ['src/media/ffmpeg.ts'],
  openai: ['src/providers/language-model.openai.ts', 'src/providers/speech-to-text.openai.ts'],
  '@supabase/storage-js': ['src/providers/supabase-call.ts'],
  '@clerk/backend': ['src/providers/identity-messages.clerk.ts'],
  '@prisma/adapter-pg': ['src/base/database.ts', 'src/embedded/migration-adapter.ts'],
};

/** What a package exports has to be said in one place for each of its doors. */
const doors = ['web/client/src/offprint.ts', 'web/client/src/urql.ts'];

/** Names that say nothing about what a file decides. */
const emptyNames =
  /(^|[-.])(utils?|helpers?|common|misc|shared|lib|services?|managers?|handlers?|processors?|repositor(y|ies)|types|constants?|index)$/;

interface File {
  readonly name: string;
  readonly text: string;
  readonly lines: number;
  /** What it imports: files of ours by their path from the root, packages by their name. */
  readonly imports: readonly string[];
}

const ours = globSync(['src/**/*.ts', 'tasks/**/*.ts'], { cwd: root, exclude: ['src/generated/**'] }).map(fileOf);
const around = globSync(['test/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts', 'web/**/*.ts'], {
  cwd: root,
  exclude: ['**/node_modules/**', 'web/client/src/generated/**', 'web/client/dist/**'],
}).map(fileOf);
const everything = [...ours, ...around];

test('a file imports from its own floor and from the floors below only', () => {
  const rising = linksOf(ours).filter(([from, to]) => floorOf(to) > floorOf(from));
  expect(rising.map(arrow)).toEqual([]);
});

test('every file of the product stands on a floor', () => {
  expect(ours.filter(({ name }) => floorOf(name) < 0).map(({ name }) => name)).toEqual([]);
});

test('a room of the domain looks upstream only', () => {
  const roomOf = (name: string): number => rooms.indexOf(name.split('/')[2] ?? '');
  const between = linksOf(ours).filter(([from, to]) => [from, to].every((name) => name.startsWith('src/domain/')));
  expect(between.filter(([from, to]) => roomOf(to) > roomOf(from)).map(arrow)).toEqual([]);
});

test('no file imports itself through others', () => {
  const next = new Map(everything.map(({ name, imports }) => [name, imports]));
  const done = new Set<string>();
  const cycleFrom = (name: string, trail: readonly string[]): string[] => {
    if (trail.includes(name)) return [[...trail.slice(trail.indexOf(name)), name].join(' > ')];
    if (done.has(name)) return [];
    const found = (next.get(name) ?? []).flatMap((to) => cycleFrom(to, [...trail, name]));
    done.add(name);
    return found;
  };
  expect(everything.flatMap(({ name }) => cycleFrom(name, []))).toEqual([]);
});

test('other floors are named by #, never by ../', () => {
  const climbing = everything.filter(({ name, text }) => {
    const paths = [...text.matchAll(/^.*from '(\.\.\/[^']+)'/gm)].map(([, to = '']) => resolved(name, to));
    return paths.some((to) => !(name.startsWith('test/') && to.startsWith('test/')));
  });
  expect(climbing.map(({ name }) => name)).toEqual([]);
});

test('a name is exported where it is made: no barrels, no default exports', () => {
  const passing = /^export (default\b|(type )?(\*|\{[^}]*\})[^;]* from )/m;
  const inner = everything.filter(({ name }) => !doors.includes(name));
  expect(inner.filter(({ text }) => passing.test(text)).map(({ name }) => name)).toEqual([]);
});

test('only env.ts reads the environment', () => {
  const readers = [...ours, ...around.filter(({ name }) => name.startsWith('scripts/'))];
  expect(readers.filter(({ text }) => /\bprocess\.env\b/.test(text)).map(({ name }) => name)).toEqual([
    'src/base/env.ts',
  ]);
});

test.each(Object.entries(vendors))('%s is imported by its own file only', (vendor, allowed) => {
  const importers = ours.filter(({ imports }) => imports.some((to) => to === vendor || to.startsWith(`${vendor}/`)));
  expect(importers.map(({ name }) => name).filter((name) => !allowed.includes(name))).toEqual([]);
});

test('every file has a name that says what it decides', () => {
  const stem = (name: string): string => path.basename(name, '.ts').replace(/\.test$/, '');
  // The one list of a folder's files that the plan asks for: there the name says it all.
  const named = everything.filter(({ name }) => name !== 'tasks/index.ts');
  expect(named.filter(({ name }) => emptyNames.test(stem(name))).map(({ name }) => name)).toEqual([]);
});

test('a file has at most 300 lines', () => {
  expect(everything.filter(({ lines }) => lines > 300).map(({ name, lines }) => `${name}: ${lines}`)).toEqual([]);
});

test('every stage has its task, and every stage task is a stage', () => {
  const named = (file: string): string => path.basename(file, '.ts');
  const tasks = ours.filter(({ name, text }) => name.startsWith('tasks/') && /\bstageTask\b/.test(text));
  expect(tasks.map(({ name }) => named(name)).sort()).toEqual(Object.keys(stages).sort());
});

function fileOf(name: string): File {
  const text = readFileSync(path.join(root, name), 'utf8');
  const found = text.matchAll(/^(?:import|export)\b[^'"`;]*?'([^']+)'|\bimport\('([^']+)'\)/gm);
  const imports = [...found].map(([, from, dynamic]) => resolved(name, from ?? dynamic ?? ''));
  return { name, text, imports, lines: text.trimEnd().split('\n').length };
}

/** An import as a path from the root; the name of a package stays as it is. */
function resolved(name: string, to: string): string {
  if (to.startsWith('#tasks/')) return to.slice(1);
  if (to.startsWith('#client/')) return path.posix.join('web/client/src', to.slice('#client/'.length));
  if (to.startsWith('#')) return path.posix.join('src', to.slice(1));
  return to.startsWith('.') ? path.posix.join(path.posix.dirname(name), to) : to;
}

function floorOf(name: string): number {
  return floors.findIndex((row) => row.some((floor) => name === floor || name.startsWith(`${floor}/`)));
}

function linksOf(files: readonly File[]): (readonly [from: string, to: string])[] {
  return files.flatMap(({ name, imports }) =>
    imports.filter((to) => floorOf(to) >= 0).map((to) => [name, to] as const),
  );
}

const arrow = ([from, to]: readonly [string, string]): string => `${from} imports ${to}`;
