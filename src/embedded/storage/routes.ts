import * as bucketCalls from './bucket-calls.ts';
import type { Call } from './call.ts';
import { list, listPages } from './list-calls.ts';
import { assertBucketName, assertKey, segmentsOf } from './names.ts';
import { copy, info, move, removeMany, removeOne, update, upload } from './object-calls.ts';
import { Refusal } from './refusal.ts';
import { download } from './serve.ts';
import { downloadBySignature, signDownload, signDownloads, signUpload, uploadBySignature } from './signing.ts';
import type { Store } from './store.ts';

type Body = (store: Store, call: Call) => Promise<void> | void;

interface Route {
  readonly method: string;
  readonly pattern: readonly string[];
  /** `service`: the service key only. `token`: the body checks the signed link. `open`: everybody. */
  readonly access: 'service' | 'token' | 'open';
  readonly body: Body;
}

const route = (line: string, access: Route['access'], body: Body): Route => {
  const [method = '', path = ''] = line.split(' ');
  return { method, pattern: path.split('/').slice(1), access, body };
};

/** Every call but the tus ones. The first line that fits answers; `*` is the rest of the path and never empty. */
const routes: readonly Route[] = [
  route('GET /status', 'open', (_store, { response }) => void response.writeHead(200).end()),

  route('POST /bucket', 'service', bucketCalls.createBucket),
  route('GET /bucket', 'service', bucketCalls.listBuckets),
  route('GET /bucket/:bucket', 'service', bucketCalls.getBucket),
  route('PUT /bucket/:bucket', 'service', bucketCalls.updateBucket),
  route('DELETE /bucket/:bucket', 'service', bucketCalls.deleteBucket),
  route('POST /bucket/:bucket/empty', 'service', bucketCalls.emptyBucket),

  route('POST /object/upload/sign/:bucket/*', 'service', signUpload),
  route('PUT /object/upload/sign/:bucket/*', 'token', uploadBySignature),
  route('POST /object/sign/:bucket/*', 'service', signDownload),
  route('POST /object/sign/:bucket', 'service', signDownloads),
  route('GET /object/sign/:bucket/*', 'token', downloadBySignature),

  route('POST /object/copy', 'service', copy),
  route('POST /object/move', 'service', move),
  route('POST /object/list/:bucket', 'service', list),
  route('POST /object/list-v2/:bucket', 'service', listPages),
  route('GET /object/info/:bucket/*', 'service', info),

  route('DELETE /object/:bucket', 'service', removeMany),
  route('POST /object/:bucket/*', 'service', upload),
  route('PUT /object/:bucket/*', 'service', update),
  route('GET /object/:bucket/*', 'service', download),
  route('DELETE /object/:bucket/*', 'service', removeOne),
];

/** The route of a request and the checked names in its path. Throws NoSuchRoute, InvalidBucketName, InvalidKey. */
export function match(method: string, rawPath: string): Pick<Route, 'access' | 'body'> & Names {
  const segments = segmentsOf(rawPath).slice(1);
  for (const candidate of routes) {
    if (candidate.method !== (method === 'HEAD' ? 'GET' : method)) continue;
    const names = namesIn(candidate.pattern, segments);
    if (names === null) continue;
    if (candidate.pattern.includes(':bucket')) assertBucketName(names.bucket);
    if (candidate.pattern.includes('*')) assertKey(names.key);
    return { ...candidate, ...names };
  }
  throw new Refusal('NoSuchRoute');
}

interface Names {
  readonly bucket: string;
  readonly key: string;
}

function namesIn(pattern: readonly string[], segments: readonly string[]): Names | null {
  let bucket = '';
  for (const [at, part] of pattern.entries()) {
    const segment = segments[at];
    if (segment === undefined) return null;
    if (part === '*') return { bucket, key: segments.slice(at).join('/') };
    if (part === ':bucket') bucket = segment;
    else if (part !== segment) return null;
  }
  return segments.length === pattern.length ? { bucket, key: '' } : null;
}
