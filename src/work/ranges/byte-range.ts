/** Bytes from `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * What a `Range` header asks of `sizeBytes` bytes. `whole` where it asks nothing we serve (another unit, several ranges,
 * an end before its start): a server may always answer that. `outside` where no byte of it is there.
 */
export function byteRange(header: string | undefined, sizeBytes: number): ByteRange | 'whole' | 'outside' {
  const asked = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  const [, first = '', last = ''] = asked ?? [];
  if (first === '') return last === '' ? 'whole' : suffix(Number(last), sizeBytes);
  const start = Number(first);
  const end = last === '' ? sizeBytes : Number(last) + 1;
  if (last !== '' && end <= start) return 'whole';
  return start < sizeBytes ? { start, end: Math.min(end, sizeBytes) } : 'outside';
}

const suffix = (length: number, sizeBytes: number): ByteRange | 'outside' =>
  length === 0 || sizeBytes === 0 ? 'outside' : { start: Math.max(0, sizeBytes - length), end: sizeBytes };
