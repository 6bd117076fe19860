import { expect, test } from 'vitest';
import { graphql } from '#generated/client/gql.ts';
import { openSpokenHouse } from '../../support/spoken-house.ts';

const inventedDocument = graphql(`
  query Invented($id: ID!) {
    node(id: $id) {
      __typename
      ... on Upload {
        transcript { wordCount inventedWords segments(first: 50) { nodes { text } } }
      }
    }
  }
`);

test('a transcript says how many words were left out because nobody can have said them', async () => {
  await using spoken = await openSpokenHouse();
  const { answers } = spoken.openai;
  const honest = answers.transcription;
  answers.transcription = async (request) => {
    const { language, words } = await honest(request);
    const end = words.at(-1)?.end ?? 0;
    return { language, words: [...words, { word: '[soft', start: end, end }, { word: 'music]', start: end, end }] };
  };
  const { runId, uploadId } = await spoken.start({ transcript: true });
  expect((await spoken.house.follow(runId)).at(-1)).toMatchObject({ runStatus: 'SUCCEEDED' });
  const { data } = await spoken.house.send(inventedDocument, { id: uploadId });
  if (data.node?.__typename !== 'Upload') throw new Error('There is no upload.');
  expect(data.node.transcript).toMatchObject({ wordCount: 28, inventedWords: 2 });
  const texts = data.node.transcript?.segments.nodes.map(({ text }) => text) ?? [];
  expect(texts.filter((text) => text.includes('music'))).toEqual([]);
});
