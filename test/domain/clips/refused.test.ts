import path from 'node:path';
import { expect, test } from 'vitest';
import { envFrom } from '#base/env.ts';
import { openFolder } from '#base/temp.ts';
import { mintServiceKey } from '#embedded/storage/tokens.ts';
import { storageSecret } from '#embedded/storage-secret.ts';
import { graphql } from '#generated/client/gql.ts';
import { supabaseStorage } from '#providers/object-storage.supabase.ts';
import { openHouse } from '../../support/house.ts';
import { lateIndexFfmpeg, soundlessFfmpeg } from '../../support/odd-ffmpeg.ts';
import { untilNoFolders } from '../../support/run-rows.ts';
import { objectsIn } from '../../support/runtime.ts';
import { shortClip, startTalk } from '../../support/talk-run.ts';

const readDocument = graphql(`
  query RefusedClips($id: ID!) {
    node(id: $id) {
      ... on Upload {
        clips { nodes { renditions { status stale failure { code } file { sizeBytes } quality { fastStart } } } }
      }
    }
  }
`);

test.each([
  {
    what: 'a file with its index at the end',
    odd: lateIndexFfmpeg,
    facts: { faults: ['INDEX_LAST'], fastStart: false },
  },
  { what: 'a video that lost its sound', odd: soundlessFfmpeg, facts: { faults: ['STREAMS'], streams: ['video'] } },
])('$what is refused: it is handed to nobody and lies nowhere', async ({ odd, facts }) => {
  await using tools = await openFolder();
  await using house = await openHouse({ env: { FFMPEG_PATH: await odd(tools.file('ffmpeg')) } });
  const { runId, uploadId } = await startTalk(house, shortClip('LANDSCAPE_720P'));
  const events = await house.follow(runId);
  expect(events.at(-1)).toMatchObject({ runStatus: 'PARTIAL', isFinal: true });
  const { data } = await house.send(readDocument, { id: uploadId });
  const clips = data.node && 'clips' in data.node ? data.node.clips.nodes : [];
  expect(clips).toEqual([
    {
      renditions: [{ status: 'FAILED', stale: false, failure: { code: 'ENCODE_FAILED' }, file: null, quality: null }],
    },
  ]);

  const [stage] = await house.database.prisma.stageRun.findMany({ where: { stage: 'cut' } });
  expect(stage).toMatchObject({ attempt: 1, errorFacts: { facts } });
  expect(await house.database.prisma.artifact.count({ where: { bucket: 'clips' } })).toBe(0);
  const serviceKey = await mintServiceKey(await storageSecret(envFrom({ OFFPRINT_HOME: house.home })));
  const storage = supabaseStorage({ url: `${house.url}/storage/v1`, serviceKey, maxUploadBytes: 1 });
  expect((await objectsIn(storage)).filter((name) => name.startsWith('clips/'))).toEqual([]);
  await untilNoFolders(path.join(house.home, 'work'));
});
