import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { openWorkFolder } from '#work/work-folder.ts';

/** Larger than any process id Linux gives out. */
const nobody = 2 ** 22 + 1;

test('a worker removes what killed ones left on its host, and nothing else', async () => {
  const root = await openFolder();
  onTestFinished(() => root[Symbol.asyncDispose]());
  const left = (name: string): Promise<unknown> => mkdir(root.file(name), { recursive: true });
  const orphans = [`${hostname()}-${nobody}-0a0a0a0a`, `${hostname()}-${process.pid}-0b0b0b0b`];
  const others = [`${hostname()}-${process.ppid}-0c0c0c0c`, `elsewhere-${nobody}-0d0d0d0d`, 'offprint-notes'];
  await using running = await openWorkFolder(root.path);
  for (const name of [...orphans, ...others]) await left(`${name}/sources`);

  await using fresh = await openWorkFolder(root.path);
  expect((await readdir(root.path)).toSorted()).toEqual([...others, running.workerId, fresh.workerId].toSorted());
  await fresh[Symbol.asyncDispose]();
  expect(existsSync(fresh.path)).toBe(false);
  expect(existsSync(running.path)).toBe(true);
});
