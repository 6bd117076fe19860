import { expect, test } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import { openCountedHouse } from '../../support/counted-house.ts';
import { shortClip } from '../../support/talk-run.ts';

const readDocument = graphql(`
  query FillersOfTalk($id: ID!) {
    node(id: $id) {
      ... on Upload {
        transcript { segments(first: 50) { nodes { text } } }
        clips {
          nodes {
            range { startMs endMs }
            cuts { startMs endMs }
            captions { link { url } }
            renditions { status media { durationMs } }
          }
        }
      }
    }
  }
`);

/** Seconds of each word in a stretch of sound; around the hesitation there is room, around the others there is none. */
const said = [
  ['so', 0.2, 0.45],
  ['we', 0.5, 0.7],
  ['um,', 0.9, 1.1],
  ['measured', 1.3, 1.5],
  ['it', 1.52, 1.6],
  ['twice.', 1.62, 1.9],
] as const;

const heard = {
  language: 'english',
  words: [0, 2.7, 5.4, 8.1, 10.8].flatMap((from) =>
    said.map(([word, start, end]) => ({ word, start: from + start, end: from + end })),
  ),
};

test('a recipe that wants no hesitation cuts it out of its clips, of their sound and of their captions', async () => {
  await using counted = await openCountedHouse();
  const { house, openai } = counted;
  openai.answers.transcription = () => heard;
  const recipe = shortClip('LANDSCAPE_720P');
  if (recipe.clips) recipe.clips.removeFillers = true;
  const { data } = await house.send(readDocument, { id: await counted.upload(recipe) });
  const { transcript, clips } = data.node && 'clips' in data.node ? data.node : { transcript: null, clips: null };
  expect(transcript?.segments.nodes[0]?.text, 'what was said stays').toContain('um,');

  const [clip] = clips?.nodes ?? [];
  const { range = { startMs: 0, endMs: 0 }, cuts = [] } = clip ?? {};
  const fillers = [0, 2.7, 5.4, 8.1, 10.8].map((from) => ({ startMs: from * 1000 + 900, endMs: from * 1000 + 1100 }));
  const inside = fillers.filter(({ startMs, endMs }) => startMs > range.startMs && endMs < range.endMs);
  expect(inside.length).toBeGreaterThan(0);
  expect(cuts).toHaveLength(inside.length + 1);
  for (const { startMs, endMs } of inside)
    expect(cuts.filter((cut) => cut.startMs < endMs && startMs < cut.endMs)).toEqual([]);

  const keptMs = cuts.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  expect(clip?.renditions).toMatchObject([{ status: 'SUCCEEDED' }]);
  expect(Math.abs((clip?.renditions[0]?.media?.durationMs ?? 0) - keptMs)).toBeLessThanOrEqual(40);
  const captions = await (await fetch(clip?.captions?.link?.url ?? '')).text();
  expect(captions).toContain('measured');
  expect(captions).not.toContain('um');
});
