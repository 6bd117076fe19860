import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';

/** How a download goes wrong: it stalls after so many bytes until `drop`, brings other bytes, or a status. */
type DownloadFault = { readonly stallAfter: number } | { readonly bytes: Buffer } | { readonly status: number };

export interface FileServer extends AsyncDisposable {
  readonly baseUrl: string;
  /** Path and Range header of each request. */
  readonly requests: readonly { readonly path: string; readonly range: string | null }[];
  /** Faults for the next requests, one each; null lets one through. */
  script(...faults: (DownloadFault | null)[]): void;
  /** Cuts the connections that stall. */
  drop(): void;
}

/** Serves one file at every path, with ranges, as a download host does. */
export async function openFileServer(file: Buffer, { ranges = true } = {}): Promise<FileServer> {
  const requests: { path: string; range: string | null }[] = [];
  const faults: (DownloadFault | null)[] = [];
  const stalled: ServerResponse[] = [];
  const server = createServer((request, response) => {
    const range = request.headers.range ?? null;
    requests.push({ path: request.url ?? '', range });
    const fault = faults.shift() ?? null;
    if (fault !== null && 'status' in fault) response.writeHead(fault.status).end();
    else if (fault !== null && 'bytes' in fault) send(response, fault.bytes, { from: 0, stallAfter: null });
    else if (fault !== null) stalled.push(response);
    if (fault === null || 'stallAfter' in fault)
      send(response, file, { from: ranges ? startOf(range) : 0, stallAfter: fault?.stallAfter ?? null });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    baseUrl: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/models`,
    requests,
    script: (...more) => void faults.push(...more),
    drop: () => {
      for (const response of stalled.splice(0)) response.destroy();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const startOf = (range: string | null): number => Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);

interface Sending {
  readonly from: number;
  readonly stallAfter: number | null;
}

function send(response: ServerResponse, file: Buffer, { from, stallAfter }: Sending): void {
  if (from >= file.length) return void response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end();
  const range = { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` };
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': file.length - from, ...(from > 0 && range) });
  if (stallAfter === null) response.end(file.subarray(from));
  else response.write(file.subarray(from, from + stallAfter));
}
