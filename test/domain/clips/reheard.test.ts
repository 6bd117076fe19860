import { expect, test, vi } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import { type CountedHouse, openCountedHouse } from '../../support/counted-house.ts';
import { shortClip } from '../../support/talk-run.ts';

const readDocument = graphql(`
  query ReheardClips($id: ID!) {
    node(id: $id) {
      ... on Upload {
        highlights { nodes { quote } }
        clips { nodes { revision captions { link { url } } renditions { captionStyle stale } } }
      }
    }
  }
`);

/** Words in each stretch of sound of the talk, the third one as told. */
const heard = (third: string) => () => ({
  language: 'english',
  words: [0, 2.7, 5.4, 8.1, 10.8].flatMap((from) =>
    ['so', 'we', third, 'every', 'byte', 'twice.'].map((word, at) => ({
      word,
      start: from + 0.2 + at * 0.3,
      end: from + 0.45 + at * 0.3,
    })),
  ),
});

async function clipOf({ house }: CountedHouse, id: string) {
  const { data } = await house.send(readDocument, { id });
  const [clip] = data.node && 'clips' in data.node ? data.node.clips.nodes : [];
  const captions = await fetch(clip?.captions?.link?.url ?? '');
  const quotes = data.node && 'highlights' in data.node ? data.node.highlights.nodes.map(({ quote }) => quote) : [];
  return { quotes, revision: clip?.revision, renditions: clip?.renditions, captions: await captions.text() };
}

test('a clip in which other words are heard, once the recording is transcribed anew, is stale and captioned anew', async () => {
  await using counted = await openCountedHouse();
  const { openai } = counted;
  const recipe = shortClip('LANDSCAPE_720P');
  if (recipe.clips) recipe.clips.captionStyle = 'BURNED_PLAIN';
  openai.answers.transcription = heard('measured');
  const uploadId = await counted.upload(recipe);
  const before = await clipOf(counted, uploadId);
  expect(before).toMatchObject({ revision: 1, renditions: [{ stale: false }] });
  expect(before.captions).toContain('measured');
  expect(before.quotes).toEqual([expect.stringContaining('measured')]);

  await counted.again(uploadId, { transcript: true }, { fresh: true });
  expect(await clipOf(counted, uploadId), 'the same words change nothing').toEqual(before);

  openai.answers.transcription = heard('weighed');
  await counted.again(uploadId, { transcript: true }, { fresh: true });
  const after = await clipOf(counted, uploadId);
  expect(after).toMatchObject({ revision: 2, renditions: [{ stale: true }] });
  expect(after.quotes).toEqual(before.quotes.map((quote) => quote.replaceAll('measured', 'weighed')));
  await vi.waitFor(
    async () => {
      const { captions } = await clipOf(counted, uploadId);
      expect(captions).toContain('weighed');
      expect(captions).not.toContain('measured');
    },
    { timeout: 20_000, interval: 250 },
  );
});
