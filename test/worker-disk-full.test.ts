import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openFolder } from '#base/temp.ts';
import { finalize, type House, openHouse, type SeenEvent, sendBytes } from './support/house.ts';
import { recording } from './support/media.ts';
import { ffmpegOnFullDisk } from './support/odd-ffmpeg.ts';
import { eventsOf, stageLines, untilNoFolders } from './support/run-rows.ts';
import { openSmallDisk, type SmallDisk } from './support/small-disk.ts';
import { type StartedRun, shortClip, startTalk } from './support/talk-run.ts';

/** Two disks on which the talk has room (3.3 MB), but not its clip beside it. */
const smallMegabytes = 4;
const largeMegabytes = 64;

/** Whether this machine lets us mount a disk of our own; root in a container without the right may not. */
const mayMount = await (async () => {
  await using folder = await openFolder();
  await using disk = await openSmallDisk(folder.file('disk'), 1);
  return disk !== null;
})();

const cutWaits = (event: SeenEvent): boolean =>
  event.__typename === 'StageStatusEvent' && event.stage === 'CUT' && event.stageStatus === 'WAITING';

const openPatientHouse = (env: Readonly<Record<string, string>>): Promise<House> =>
  openHouse({ env: { RETRY_BASE_MS: '800', ...env } });

async function linesOf(house: House, { id }: StartedRun, stage: string): Promise<string[]> {
  return stageLines(await eventsOf(house.database, id)).filter((line) => line.startsWith(stage));
}

describe('a worker whose disk is full', () => {
  test('lets the encode wait without its leavings, and finishes it once there is room', async () => {
    await using tools = await openFolder();
    const ffmpeg = await ffmpegOnFullDisk(tools.file('ffmpeg'));
    const full = `${ffmpeg}.full`;
    await writeFile(full, '');
    await using house = await openPatientHouse({ FFMPEG_PATH: ffmpeg });
    const run = await startTalk(house, shortClip('LANDSCAPE_720P'));
    const seen = await house.follow(run.runId, { after: run.after, until: cutWaits });
    expect(seen.at(-1)).toMatchObject({ attempt: 1, failure: { code: 'DISK_FULL', retryable: true } });
    await rm(full);
    await untilNoFolders(path.join(house.home, 'work'));
    const events = await house.follow(run.runId);
    expect(events.at(-1)).toMatchObject({ runStatus: 'SUCCEEDED', isFinal: true });
    expect(await linesOf(house, run, 'cut')).toEqual([
      'cut QUEUED 0',
      'cut RUNNING 1',
      'cut WAITING 1',
      'cut RUNNING 2',
      'cut SUCCEEDED 2',
    ]);
  });

  test.runIf(mayMount)(
    'does so on a real disk, and gives room to a recording by dropping those it no longer needs',
    async () => {
      await using place = await openFolder();
      await using disk = await mounted(place.file('disk'));
      await using house = await openPatientHouse({ WORK_DIR: disk.path });
      const run = await startTalk(house, shortClip('LANDSCAPE_720P'));
      const seen = await house.follow(run.runId, { after: run.after, until: cutWaits });
      expect(seen.at(-1)).toMatchObject({ attempt: 1, failure: { code: 'DISK_FULL' } });
      await disk.grow(largeMegabytes);
      await untilNoFolders(disk.path);
      expect((await house.follow(run.runId)).at(-1)).toMatchObject({ runStatus: 'SUCCEEDED' });
      expect(await linesOf(house, run, 'cut')).toContain('cut SUCCEEDED 2');

      await disk.grow(smallMegabytes);
      const another = await sendBytes(house, await readFile(await recording('talk.mp4')));
      const { run: probed } = await finalize(house, another);
      const events = await house.follow(probed?.id ?? '');
      expect(events.at(-1)).toMatchObject({ runStatus: 'SUCCEEDED' });
      expect(events).toContainEqual(
        expect.objectContaining({ stageStatus: 'WAITING', failure: expect.objectContaining({ code: 'DISK_FULL' }) }),
      );
      expect(await readdir(path.join(disk.path, (await readdir(disk.path))[0] ?? '', 'sources'))).toHaveLength(1);
    },
  );
});

async function mounted(folder: string): Promise<SmallDisk> {
  const disk = await openSmallDisk(folder, smallMegabytes);
  if (!disk) throw new Error('mounting was possible a moment ago');
  return disk;
}
