import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { openFolder } from '#base/temp.ts';

const root = path.resolve(import.meta.dirname, '../..');
const schema = path.join(root, 'schema.graphql');

test('a schema breaks no client of itself', async () => {
  expect(await held((released) => released)).toEqual({ code: 0, told: '', refused: '' });
});

test('a field that is gone, an argument that is required and a field that may be null now stop the check', async () => {
  const { code, refused } = await held(
    (released) => released,
    (current) =>
      current
        .replace(/ {2}"""[^"]*"""\n {2}viewerRole: WorkspaceRole\n/, '')
        .replace('preset: RenditionPreset!\n', 'preset: RenditionPreset\n')
        .replace(/(node\(\s+"""[^"]*"""\s+id: ID!)/, '$1\n    """Why."""\n    why: String!'),
  );
  expect(code).toBe(1);
  expect(refused).toContain("Field 'viewerRole' was removed from object type 'Workspace'");
  expect(refused).toContain("Field 'Rendition.preset' changed type from 'RenditionPreset!' to 'RenditionPreset'");
  expect(refused).toContain("Argument 'why: String!' added to field 'Query.node'");
});

test('what was deprecated in the last release may go, and is told', async () => {
  const deprecated = '  viewerRole: WorkspaceRole @deprecated(reason: "Use `role`.")\n';
  const { code, told } = await held(
    (released) => released.replace('  viewerRole: WorkspaceRole\n', deprecated),
    (current) => current.replace(/ {2}"""[^"]*"""\n {2}viewerRole: WorkspaceRole\n/, ''),
  );
  expect(code).toBe(0);
  expect(told).toContain("Field 'viewerRole' (deprecated) was removed from object type 'Workspace'");
});

test('a type that was never deprecated may not go, even where nothing names it', async () => {
  const { code, refused } = await held((released) => `${released}\n"""Lonely."""\ntype Lonely { id: ID! }\n`);
  expect(code).toBe(1);
  expect(refused).toContain("Type 'Lonely' was removed");
});

test('another value of an enum is told, and stops nothing', async () => {
  const { code, told } = await held(
    (released) => released,
    (current) => current.replace(/enum Stage \{/, 'enum Stage {\n  """Says it in another language."""\n  DUB\n'),
  );
  expect(code).toBe(0);
  expect(told).toContain("Enum value 'DUB' was added to enum 'Stage'");
});

type Change = (sdl: string) => string;

/** Runs the check on copies of the real schema; a change that changes nothing is a fault of the test. */
async function held(before: Change, after: Change = (sdl) => sdl) {
  await using folder = await openFolder();
  const sdl = await readFile(schema, 'utf8');
  const [released, current] = [folder.file('released.graphql'), folder.file('current.graphql')];
  await writeFile(released, before(sdl));
  await writeFile(current, after(sdl));
  const check = spawn(process.execPath, ['scripts/check/released-schema.ts', released, current], { cwd: root });
  const [[code], told, refused] = await Promise.all([once(check, 'exit'), text(check.stdout), text(check.stderr)]);
  return { code: Number(code), told, refused };
}
