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

/** `Workspace.viewerRole` deprecated with this reason. */
const deprecated =
  (reason: string): Change =>
  (sdl) =>
    sdl.replace('  viewerRole: WorkspaceRole\n', `  viewerRole: WorkspaceRole @deprecated(reason: "${reason}")\n`);
const withoutRole: Change = (sdl) => sdl.replace(/ {2}"""[^"]*"""\n {2}viewerRole: WorkspaceRole\n/, '');

test('what was deprecated in the last release may go from its day on, and is told', async () => {
  const { code, told } = await held(deprecated('Use `role`. Goes after 2020-01-01.'), withoutRole);
  expect(code).toBe(0);
  expect(told).toContain("Field 'viewerRole' (deprecated) was removed from object type 'Workspace'");
});

test.each([['Use `role`. Goes after 9999-01-01.'], ['Use `role`.']])(
  'what goes by "%s" may not go yet',
  async (reason) => {
    const { code, refused } = await held(deprecated(reason), withoutRole);
    expect(code).toBe(1);
    expect(refused).toContain("Field 'viewerRole' (deprecated) was removed from object type 'Workspace'");
  },
);

test.each([
  ['Use `role`.', 1],
  ['Use `role`. Goes after 2026-12-01.', 1],
  ['Use `role`. Goes after 2027-07-01.', 0],
])('a deprecation by "%s" half a year behind the release of 2026-11-21: %i', async (reason, expected) => {
  expect(await held((released) => released, deprecated(reason))).toMatchObject({ code: expected });
});

test('a schema of no release is compared with nothing', async () => {
  const { code, refused } = await held((released) => released.replace(/^# .*\n/, ''));
  expect(code).toBe(1);
  expect(refused).toContain('does not say of which release it is');
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
  await writeFile(released, before(`# Released as 0.0.9 on 2026-11-21.\n${sdl}`));
  await writeFile(current, after(sdl));
  const check = spawn(process.execPath, ['scripts/check/released-schema.ts', released, current], { cwd: root });
  const [[code], told, refused] = await Promise.all([once(check, 'exit'), text(check.stdout), text(check.stderr)]);
  return { code: Number(code), told, refused };
}
