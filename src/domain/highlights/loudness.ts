import { buffer } from 'node:stream/consumers';
import { Problem } from '#base/problem.ts';
import type { LoudnessCurve } from '#domain/moments/signals.ts';
import { peakMs, peaksIn } from '#media/waveform.ts';
import type { Runtime } from '#runtime.ts';

/**
 * How loud a recording is all along, by the waveform that its analysis kept; null where there is none. The bytes may be
 * erased while they are read.
 */
export async function loudnessOf(
  { database, storage }: Pick<Runtime, 'database' | 'storage'>,
  { uploadId, signal }: { uploadId: string; signal?: AbortSignal },
): Promise<LoudnessCurve | null> {
  const analysis = await database.prisma.recordingAnalysis.findUnique({
    where: { uploadId },
    select: { waveformArtifact: { select: { storageKey: true, removedAt: true } } },
  });
  const file = analysis?.waveformArtifact;
  if (!file || file.removedAt) return null;
  try {
    const name = { bucket: 'images', key: file.storageKey } as const;
    const peaks = peaksIn(await buffer(await storage.read(name, { ...(signal && { signal }) })));
    return { stepMs: peakMs, levels: rangesOf(peaks) };
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code === 'NOT_FOUND') return null;
    throw thrown;
  }
}

/** From the lowest to the highest value of each pair. */
const rangesOf = (peaks: Int8Array): number[] =>
  Array.from({ length: peaks.length >> 1 }, (_, at) => (peaks[2 * at + 1] ?? 0) - (peaks[2 * at] ?? 0));
