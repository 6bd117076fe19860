import type { Span, Word } from '#base/time.ts';
import { type CaptionsReport, captionsReport } from '#captions/captions-report.ts';
import { cutsOf } from '#domain/clips/cuts-column.ts';
import { wordsOf } from '#domain/transcripts/words.ts';
import { graphql } from '#generated/client/gql.ts';
import { parseGlobalId } from '#graph/ids.ts';
import type { House } from './house.ts';
import type { Box } from './talk.ts';

/** What the house made of an upload. */
export interface Made {
  readonly words: readonly Word[];
  readonly inventedWords: number;
  readonly highlights: readonly Span[];
  /** Of highlights, not the reel; each as the parts that are kept. */
  readonly clips: readonly (readonly Span[])[];
  readonly cameras: readonly Box[];
  readonly cues: { readonly files: readonly CaptionsReport[]; readonly burned: readonly CaptionsReport[] };
}

/** Reads the rows of an upload, by its global id. */
export async function readMade({ database: { prisma } }: House, globalUploadId: string): Promise<Made> {
  const uploadId = parseGlobalId(globalUploadId)?.id ?? '';
  const transcript = await prisma.transcript.findFirstOrThrow({
    where: { uploadId },
    include: { segments: { orderBy: { position: 'asc' } }, captions: { where: { format: 'VTT' } } },
  });
  const clips = await prisma.clip.findMany({
    where: { uploadId, origin: 'HIGHLIGHT' },
    include: { captions: { where: { format: 'VTT' } }, renditions: true, highlight: true },
  });
  const regions = await prisma.layoutRegion.findMany({ where: { uploadId, kind: 'CAMERA' } });
  const files = [...transcript.captions, ...clips.flatMap((clip) => clip.captions)].map(({ report }) => report);
  const burned = clips.flatMap((clip) => clip.renditions.map(({ quality }) => drawnIn(quality)));
  return {
    words: transcript.segments.flatMap((segment) => wordsOf(segment.words)),
    inventedWords: transcript.inventedWords,
    highlights: clips.flatMap(({ cuts }) => {
      const kept = cutsOf(cuts);
      const [first, last] = [kept[0], kept.at(-1)];
      return first && last ? [{ startMs: first.startMs, endMs: last.endMs }] : [];
    }),
    clips: clips.map(({ cuts }) => cutsOf(cuts)),
    cameras: regions,
    cues: { files: files.flatMap(reportsIn), burned: burned.flatMap(reportsIn) },
  };
}

const drawnIn = (quality: unknown): unknown =>
  typeof quality === 'object' && quality !== null && 'captions' in quality ? quality.captions : null;

const reportsIn = (column: unknown): CaptionsReport[] => (column === null ? [] : [captionsReport.parse(column)]);

const filesDocument = graphql(`
  query BenchFiles($id: ID!) {
    node(id: $id) {
      __typename
      ... on Upload {
        clips(first: 50) {
          nodes {
            origin
            cuts { startMs endMs }
            renditions { preset status file { link { url } } }
            cropPlans { shape plan { __typename } }
          }
        }
      }
    }
  }
`);

/** A rendition's file, and how long it was to be. */
export interface MadeFile {
  readonly preset: string;
  readonly url: string;
  readonly wantedMs: number;
}

/** Which plan shows a clip in a shape, such as `PORTRAIT` by a `StackPlan`. */
export interface ChosenPlan {
  readonly shape: string;
  readonly plan: string;
}

/**
 * The files of all finished renditions of highlights, with links that are good for a quarter of an hour, and how the
 * picture of each clip was framed.
 */
export async function filesOf({ send }: House, id: string): Promise<{ files: MadeFile[]; plans: ChosenPlan[] }> {
  const { node } = await send(filesDocument, { id });
  if (node?.__typename !== 'Upload') throw new Error(`${id} is no upload.`);
  const clips = node.clips.nodes.filter(({ origin }) => origin === 'HIGHLIGHT');
  const plans = clips.flatMap(({ cropPlans }) => cropPlans);
  return {
    plans: plans.map(({ shape, plan }) => ({ shape, plan: plan.__typename })),
    files: clips.flatMap(({ cuts, renditions }) =>
      renditions.flatMap(({ preset, file }) =>
        file?.link
          ? [{ preset, url: file.link.url, wantedMs: cuts.reduce((sum, cut) => sum + cut.endMs - cut.startMs, 0) }]
          : [],
      ),
    ),
  };
}
