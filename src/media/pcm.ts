/** How the sound that we listen to ourselves is decoded: one channel of 16 bit, low byte first, as our machines have it. */
export const sampleRate = 16_000;

/** Takes bytes of such sound in pieces of any size and hands on whole samples. */
export function samplesTo(take: (samples: Int16Array) => void): (chunk: Buffer) => void {
  let half: Buffer | undefined;
  return (chunk) => {
    const bytes = half ? Buffer.concat([half, chunk]) : chunk;
    const whole = bytes.length - (bytes.length % 2);
    half = whole < bytes.length ? Buffer.from(bytes.subarray(whole)) : undefined;
    if (whole > 0) take(samplesOf(bytes, whole));
  };
}

/** A view where the bytes lie on an even address, else a copy. */
function samplesOf(bytes: Buffer, length: number): Int16Array {
  const { buffer, byteOffset } = bytes;
  if (byteOffset % 2 === 0) return new Int16Array(buffer, byteOffset, length / 2);
  return new Int16Array(buffer.slice(byteOffset, byteOffset + length));
}
