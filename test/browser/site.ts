import { once } from 'node:events';
import { createServer } from 'node:http';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { z } from 'zod';

/** A web site with one page, under as many names as there are: each name is an origin of its own. */
export interface Site extends AsyncDisposable {
  /** Its origin under a name that browsers look up on this machine, and trust as they trust https. */
  origin(name: string): string;
}

/** Scripts from its own origin and nothing else: what is bundled must need no more. */
const policy = "default-src 'none'; script-src 'self'; connect-src *; img-src data:";
const page = '<!doctype html><title>Studio</title><link rel="icon" href="data:,"><body></body>';

type Files = ReadonlyMap<string, Uint8Array | string>;

/** Opens a site of these files beside its page, which runs `page.js`. */
export async function openSite(files: Files): Promise<Site> {
  const server = createServer(({ url = '/' }, response) => {
    const file = url === '/' ? `${page}<script type="module" src="/page.js"></script>` : files.get(url.slice(1));
    const contentType = url === '/' ? 'text/html' : url.endsWith('.js') ? 'text/javascript' : 'audio/wav';
    response.writeHead(file === undefined ? 404 : 200, {
      'content-type': contentType,
      'content-security-policy': policy,
    });
    response.end(file);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    origin: (name) => `http://${name}.localhost:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

/** The page's scripts as an application of today has them: the package by its own doors, in chunks, for browsers. */
export async function bundled(application: { readonly folder: string }): Promise<Files> {
  const entry = path.join(application.folder, 'page.js');
  const code = `import { Studio } from './studio.tsx';
    import { openStudio } from '${path.resolve(import.meta.dirname, 'studio-page.ts')}';
    globalThis.studio = openStudio(Studio);`;
  const build = await rolldown({
    input: entry,
    platform: 'browser',
    resolve: {
      alias: { '#client/offprint.ts': '@offprint/client' },
      modules: [path.join(application.folder, 'node_modules'), 'node_modules'],
    },
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    plugins: [
      { name: 'entry', resolveId: (id) => (id === entry ? id : null), load: (id) => (id === entry ? code : null) },
    ],
  });
  const { output } = await build.generate({ format: 'esm', minify: true, entryFileNames: 'page.js' });
  return new Map(output.flatMap((chunk) => (chunk.type === 'chunk' ? [[chunk.fileName, chunk.code]] : [])));
}
