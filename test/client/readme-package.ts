import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const root = path.resolve(import.meta.dirname, '../..');
const source = path.join(root, 'web/client');

/** An application that has the built package installed, and the examples of its README as files. */
export interface Application extends AsyncDisposable {
  readonly folder: string;
  /** Runs a program of Node's in the project's root; throws with what it said unless it ends well. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
}

/**
 * Builds the package as it is published and puts the README's first `ts` and `tsx` blocks beside it. Inside the project,
 * because what the package depends on is installed there.
 */
export async function openApplication(): Promise<Application> {
  await mkdir(path.join(root, 'out'), { recursive: true });
  const folder = await mkdtemp(path.join(root, 'out/client-readme-'));
  const installed = path.join(folder, 'node_modules/@offprint/client');
  const readme = await readFile(path.join(source, 'README.md'), 'utf8');
  const block = (language: string): string => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(readme)?.[1] ?? '';
  await mkdir(installed, { recursive: true });
  await cp(path.join(source, 'package.json'), path.join(installed, 'package.json'));
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(path.join(folder, 'example.ts'), block('ts'));
  await writeFile(path.join(folder, 'studio.tsx'), block('tsx'));
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(typing));
  await tsc(['-p', source, '--outDir', path.join(installed, 'dist')]);
  return {
    folder,
    run: (args, env) => run(process.execPath, args, env),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** What an application of today has set. */
const typing = {
  extends: '../../tsconfig.json',
  compilerOptions: { jsx: 'react-jsx', lib: ['es2024', 'dom', 'dom.iterable', 'esnext.disposable'] },
  include: ['*.ts', '*.tsx'],
};

/** The compiler, by its own launcher. */
export const tsc = (args: readonly string[]): Promise<string> =>
  run(path.join(root, 'node_modules/.bin/tsc'), args, {});

async function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(program, args, { cwd: root, env: { PATH: process.env.PATH, ...env } });
  const [[code], said, complained] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`${path.basename(program)} ended with ${code}: ${said}${complained}`);
  return said;
}
