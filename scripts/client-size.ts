import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

// What web/client adds to an application, bundled for browsers and minified: `npm run size:client`.
const entries = {
  'requests and typed errors': `import { createClient, ViewerDocument } from './offprint.ts'; export const run = (o) => createClient(o).request(ViewerDocument, {});`,
  'all of @offprint/client': `export * from './offprint.ts';`,
  '@offprint/client/urql on top of urql': `export * from './urql.ts';`,
};
const source = path.resolve('web/client/src');

for (const [what, code] of Object.entries(entries)) {
  const { atFirst, later } = await bundled(code);
  console.log([what, ...sizesOf(atFirst), ...sizesOf(later)].map(column).join(' | '));
}

/** What is loaded with the page, and what only once it is used. */
async function bundled(code: string): Promise<{ atFirst: string; later: string }> {
  const entry = path.join(source, 'entry-of-size.js');
  const build = await rolldown({
    input: entry,
    platform: 'browser',
    external: ['react', 'urql', '@urql/core', 'wonka'],
    plugins: [
      { name: 'entry', resolveId: (id) => (id === entry ? id : null), load: (id) => (id === entry ? code : null) },
    ],
  });
  const { output } = await build.generate({ format: 'esm', minify: true });
  const chunks = output.filter((chunk) => chunk.type === 'chunk');
  const first = chunks.filter((chunk) => chunk.isEntry).flatMap(({ fileName, imports }) => [fileName, ...imports]);
  const codeOf = (wanted: typeof chunks): string => wanted.map((chunk) => chunk.code).join('');
  return {
    atFirst: codeOf(chunks.filter(({ fileName }) => first.includes(fileName))),
    later: codeOf(chunks.filter(({ fileName }) => !first.includes(fileName))),
  };
}

function sizesOf(text: string): number[] {
  return [text.length, gzipSync(text).length, brotliCompressSync(text).length];
}

function column(value: string | number): string {
  return typeof value === 'string' ? value.padEnd(38) : `${(value / 1_000).toFixed(1)} kB`.padStart(8);
}
