import { setTimeout as wait } from 'node:timers/promises';
import { graphql } from '#generated/client/gql.ts';
import type { RecipeInput } from '#generated/client/graphql.ts';
import { childrenOf } from './support/children.ts';
import { ms, percentile, timed } from './support/figures.ts';
import { openHouse, startWorker } from './support/house.ts';
import { report } from './support/report.ts';
import { type StartedRun, sendTalk, startRun } from './support/runs.ts';

// From the mutation to the end of everything it ends: the run is CANCELED, and the worker's encoder is gone.

const rounds = 24;

const recipe: RecipeInput = {
  highlights: { count: 1, minDurationMs: 40_000, maxDurationMs: 60_000 },
  clips: { presets: ['PORTRAIT_1080P'], captionStyle: 'BURNED_KARAOKE', removeSilences: false, reel: false },
};

const cancelDocument = graphql(`
  mutation BenchCancel($runId: ID!) {
    cancelRun(input: { runId: $runId }) { errors { message } run { status } }
  }
`);

await using house = await openHouse();
await using worker = await startWorker(house);
const sent = await sendTalk(house, recipe);
const took = [await canceled(sent.run)];
while (took.length < rounds) took.push(await canceled(await startRun(house, sent.uploadId, recipe)));

const figure = (what: string, values: readonly number[]) => ({
  what,
  measured: [0.5, 0.99, 1].map((part) => ms(percentile(values, part))).join(' / '),
  wanted: 'p99 <= 2 s',
  reached: percentile(values, 0.99) <= 2_000,
});
report(`Canceling in mid-encode (${rounds} runs)`, [
  figure(
    'the run is CANCELED, p50 / p99 / max',
    took.map(({ ended }) => ended),
  ),
  figure(
    'the encoder is gone, p50 / p99 / max',
    took.map(({ gone }) => gone),
  ),
]);

/** Milliseconds from sending the mutation until its answer says CANCELED, and until ffmpeg is gone. */
async function canceled(run: StartedRun): Promise<{ ended: number; gone: number }> {
  const encoders = await encoding(run);
  const startedAt = performance.now();
  const ended = timed(async () => {
    const { cancelRun } = await house.send(cancelDocument, { runId: run.globalId });
    if (cancelRun?.run?.status !== 'CANCELED') throw new Error(JSON.stringify(cancelRun));
  });
  while (encoders.some(isAlive)) await wait(5);
  return { gone: performance.now() - startedAt, ended: await ended };
}

/** Waits until part of the clip is encoded; the encoders. */
async function encoding({ id: runId }: StartedRun): Promise<number[]> {
  for (;;) {
    await wait(50);
    const where = { runId, stage: 'cut', status: 'RUNNING', progress: { gt: 0 } } as const;
    if ((await house.database.prisma.stageRun.count({ where })) === 0) continue;
    const encoders = await childrenOf(worker.pid, 'ffmpeg');
    if (encoders.length > 0) return encoders;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
