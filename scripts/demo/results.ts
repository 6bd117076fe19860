import { graphql } from '#generated/client/gql.ts';
import type { ResultsQuery } from '#generated/client/graphql.ts';
import { type Client, refusal } from './client.ts';
import { saveClips } from './clip-files.ts';
import { highlightsMarkdown } from './highlights-markdown.ts';
import { type Output, openOutput, type SavedFile } from './output.ts';
import { postMarkdown, postNames, type SavedPost } from './post-markdown.ts';
import { emptyFolder } from './results-folder.ts';
import { saveTranscript } from './transcript-files.ts';

const resultsDocument = graphql(`
  query Results($id: ID!) {
    node(id: $id) {
      __typename
      ... on Upload {
        title
        media { durationMs }
        transcript {
          id
          language
          wordTiming
          vtt: captions(format: VTT) { sha256 sizeBytes link { url } }
          srt: captions(format: SRT) { sha256 sizeBytes link { url } }
        }
        highlights(first: 20, orderBy: TIMELINE) {
          nodes { title summary quote importance topics range { startMs endMs durationMs } }
        }
        clips(first: 50) {
          nodes {
            title
            origin
            range { startMs }
            poster { sha256 sizeBytes link { url } }
            captions(format: VTT) { sha256 sizeBytes link { url } }
            renditions {
              preset
              media { durationMs }
              file { contentType sha256 sizeBytes link { url } }
            }
          }
        }
        contents(first: 10) {
          nodes {
            kind
            current {
              body {
                __typename
                ... on BlogBody { title excerpt markdown tags }
                ... on LinkedInBody { text hashtags }
                ... on ThreadBody { posts { text weightedLength } }
                ... on InstagramBody { caption hashtags slides }
              }
              sentences { text supported sources { text range { startMs endMs } } }
            }
          }
        }
      }
    }
  }
`);

type Upload = Extract<NonNullable<ResultsQuery['node']>, { __typename: 'Upload' }>;

/** What of a run lies on disk now. */
export interface Results {
  readonly title: string;
  readonly folder: string;
  readonly files: readonly SavedFile[];
  readonly posts: readonly SavedPost[];
}

/** Saves everything made of an upload in `folder`, which is emptied first. */
export async function saveResults(client: Client, uploadId: string, folder: string): Promise<Results> {
  const upload = await uploadOf(client, uploadId);
  await emptyFolder(folder);
  const output = openOutput(folder, client.signal);
  await saveTranscript(client, upload, output);
  await saveClips(upload.clips.nodes, output);
  const posts = await savePosts(upload, output);
  await output.write('highlights.md', highlightsMarkdown(upload.title, upload.highlights.nodes));
  return { title: upload.title, folder, files: output.files, posts };
}

async function uploadOf(client: Client, id: string): Promise<Upload> {
  const { node } = await client.request(resultsDocument, { id }, client);
  if (node?.__typename !== 'Upload') throw refusal([{ message: 'The upload is gone.' }]);
  return node;
}

async function savePosts({ title, contents }: Upload, output: Output): Promise<SavedPost[]> {
  const posts: SavedPost[] = [];
  for (const { kind, current } of contents.nodes) {
    if (!current) continue;
    const file = `posts/${postNames[kind]}.md`;
    await output.write(file, postMarkdown(title, current));
    const { sentences } = current;
    const unsupported = sentences.filter((sentence) => !sentence.supported).length;
    posts.push({ kind, path: file, sentences: sentences.length, unsupported });
  }
  return posts;
}
