import { Problem } from '#base/problem.ts';
import type { ObjectName, ObjectStorage } from '#providers/object-storage.ts';
import { outsideCall } from '#providers/outside-call.ts';
import type { ByteRange } from './byte-range.ts';

const provider = 'storage';

/** A megabyte in 20 s is the slowest line we read from; a stalled one is left at the byte it had brought. */
const timeoutMs = 20_000;

/**
 * Reads a range of a stored object into memory. A line that breaks or stalls is taken up again at the byte it had
 * reached, three times with growing waits. Throws what storage says (NOT_FOUND, PROVIDER_REJECTED), PROVIDER_UNAVAILABLE
 * when it stays away, PROVIDER_BAD_ANSWER when it sends other bytes than were asked for.
 */
export async function readRange(
  storage: ObjectStorage,
  name: ObjectName,
  { start, end, signal }: ByteRange & { readonly signal: AbortSignal },
): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(end - start);
  let reached = 0;
  await outsideCall({ provider, signal, timeoutMs, attempts: 4 }, async (attempt) => {
    if (reached === bytes.length) return;
    for await (const chunk of await storage.read(name, { range: { start: start + reached, end }, signal: attempt })) {
      attempt.throwIfAborted();
      reached += taken(chunk, bytes, reached);
    }
    if (reached < bytes.length) throw new Problem('PROVIDER_UNAVAILABLE', { provider, reason: 'the line ended early' });
  });
  return bytes;
}

/** A server that knows no ranges sends all it has. */
function taken(chunk: Buffer, bytes: Buffer, reached: number): number {
  if (reached + chunk.length > bytes.length) {
    throw new Problem('PROVIDER_BAD_ANSWER', { provider, reason: 'more bytes than the range holds' });
  }
  return chunk.copy(bytes, reached);
}
