import { graphql } from '#generated/client/gql.ts';
import type { RecipeInput } from '#generated/client/graphql.ts';
import { accepted, type Client, refusal } from './client.ts';
import type { Recording } from './recording.ts';

const beginDocument = graphql(`
  mutation BeginRun($input: FinalizeUploadInput!) {
    finalizeUpload(input: $input) {
      errors { code message }
      run { id }
    }
  }
`);

/** Everything that Offprint makes. */
const recipe: RecipeInput = {
  highlights: { count: 4, minDurationMs: 15_000, maxDurationMs: 60_000 },
  clips: {
    presets: ['LANDSCAPE_720P', 'PORTRAIT_1080P'],
    captionStyle: 'BURNED_KARAOKE',
    removeSilences: true,
    reel: true,
  },
  contents: [{ kind: 'BLOG' }, { kind: 'LINKEDIN' }, { kind: 'TWITTER' }, { kind: 'INSTAGRAM' }],
};

/** Says that the bytes are all there and what to make of them. Gives the run's id. */
export async function begin(client: Client, uploadId: string, { captions }: Recording): Promise<string> {
  const { finalizeUpload } = await client.request(beginDocument, { input: { uploadId, captions, thenRun: recipe } });
  const { run } = accepted(finalizeUpload);
  if (!run) throw refusal([{ message: 'The upload was finalized without a run.' }]);
  return run.id;
}
