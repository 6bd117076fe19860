import { graphql } from '#generated/client/gql.ts';
import type { TranscriptPageQuery } from '#generated/client/graphql.ts';
import { type Client, refusal } from './client.ts';
import type { Downloadable } from './download.ts';
import type { Output } from './output.ts';

const pageDocument = graphql(`
  query TranscriptPage($id: ID!, $after: String) {
    node(id: $id) {
      __typename
      ... on Transcript {
        segments(first: 100, after: $after) {
          nodes { startMs endMs text speaker { label displayName } words { text startMs endMs } }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }
`);

type Segments = Extract<NonNullable<TranscriptPageQuery['node']>, { __typename: 'Transcript' }>['segments'];

interface Transcribed {
  readonly title: string;
  readonly media?: { readonly durationMs: number } | null;
  readonly transcript?: {
    readonly id: string;
    readonly language: string;
    readonly wordTiming: string;
    readonly vtt?: Downloadable | null;
    readonly srt?: Downloadable | null;
  } | null;
}

/** Saves what was said: every segment with its words as JSON, and the two caption files that everything reads. */
export async function saveTranscript(
  client: Client,
  { title, media, transcript }: Transcribed,
  output: Output,
): Promise<void> {
  if (!transcript) throw refusal([{ message: 'The upload has no transcript.' }]);
  const { id, language, wordTiming, vtt, srt } = transcript;
  const segments = await segmentsOf(client, id);
  const whole = { title, durationMs: media?.durationMs ?? null, language, wordTiming, segments };
  await output.write('transcript.json', `${JSON.stringify(whole, null, 2)}\n`);
  await output.save(vtt, 'transcript.vtt');
  await output.save(srt, 'transcript.srt');
}

async function segmentsOf(client: Client, id: string): Promise<Segments['nodes']> {
  const segments: Segments['nodes'] = [];
  let after: string | null = null;
  do {
    const { nodes, pageInfo }: Segments = await pageOf(client, id, after);
    segments.push(...nodes);
    after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
  } while (after !== null);
  return segments;
}

async function pageOf(client: Client, id: string, after: string | null): Promise<Segments> {
  const { node } = await client.request(pageDocument, { id, after }, client);
  if (node?.__typename !== 'Transcript') throw refusal([{ message: 'The transcript is gone.' }]);
  return node.segments;
}
