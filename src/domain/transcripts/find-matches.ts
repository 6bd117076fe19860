import { z } from 'zod';
import type { Database } from '#base/database.ts';
import { Problem } from '#base/problem.ts';
import { Prisma } from '#generated/prisma/client.ts';
import { unspacedLetters } from '#language/unspaced-scripts.ts';
import { searchQuery } from './search-query.ts';
import { marks, type Snippet, snippetOf } from './snippet.ts';

/** A sentence that a search found. */
export interface Match extends Snippet {
  readonly segmentId: string;
  readonly transcriptId: string;
  readonly rank: number;
}

/** Where to search: one workspace, and of it one transcript where that is named. */
export interface SearchedPlace {
  readonly workspaceId: string;
  readonly transcriptId?: string;
}

/** Which page of the matches, in terms of Relay: `inverted` reads from the end. */
interface Page {
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
  readonly inverted: boolean;
}

/** What is looked for where. */
interface Search extends SearchedPlace {
  readonly query: string;
}

/**
 * Sentences in which the words are said, best first, those of the same rank in the order in which they came. Only what
 * transcripts say now is found. By the index it costs what there is to find: see docs/decisions/0020.
 */
export async function findMatches({ prisma }: Database, search: Search, page: Page): Promise<Match[]> {
  const rows = await prisma.$queryRaw<{ segmentId: string; transcriptId: string; rank: number; marked: string }[]>(
    matchesStatement(search, page),
  );
  return rows.map(({ marked, ...match }) => ({ ...match, ...snippetOf(marked) }));
}

/** The statement of a search, whose plan is tested. */
export function matchesStatement(search: Search, { after, before, limit, inverted }: Page): Prisma.Sql {
  const { workspaceId, transcriptId, query } = search;
  const asked = Prisma.sql`websearch_to_tsquery('simple', ${searchQuery(query)})`;
  const order = inverted ? Prisma.sql`rank asc, id desc` : Prisma.sql`rank desc, id asc`;
  return Prisma.sql`
    with found as (
      select id, transcript_id, text, ts_rank(search, ${asked}, 1) as rank
      from transcript_segments
      where workspace_id = ${workspaceId}::uuid and search @@ ${asked}
        ${transcriptId === undefined ? Prisma.empty : Prisma.sql`and transcript_id = ${transcriptId}::uuid`}
        -- Of a query that only says what must not be there the index could find nothing.
        and querytree(${asked}) not in ('', 'T')
    ), page as (
      select * from found
      where true ${behind(after)} ${ahead(before)}
      order by ${order} limit ${limit}
    )
    select id::text as "segmentId", transcript_id::text as "transcriptId", rank,
      ts_headline('simple', ${spaced}, ${asked}, ${highlighting}) as marked
    from page order by ${order}`;
}

const highlighting = `StartSel="${marks.start}", StopSel="${marks.stop}", HighlightAll=true`;

/** As the column `search` is made. */
const spaced = Prisma.sql`
  regexp_replace(text, ${`([${unspacedLetters}])`}, ${`${marks.between}\\1${marks.between}`}, 'g')`;

const behind = (cursor: string | undefined): Prisma.Sql => {
  if (cursor === undefined) return Prisma.empty;
  const { rank, id } = positionOf(cursor);
  return Prisma.sql`and (rank < ${rank}::float4 or (rank = ${rank}::float4 and id > ${id}::uuid))`;
};

const ahead = (cursor: string | undefined): Prisma.Sql => {
  if (cursor === undefined) return Prisma.empty;
  const { rank, id } = positionOf(cursor);
  return Prisma.sql`and (rank > ${rank}::float4 or (rank = ${rank}::float4 and id < ${id}::uuid))`;
};

/** A rank as PostgreSQL takes it: it refuses one that is too small for its four bytes. */
const rank = z
  .string()
  .regex(/^\d+(\.\d+)?(e-\d+)?$/)
  .transform(Number)
  .refine((number) => number <= 1_000 && (number === 0 || Math.fround(number) > 0));

const position = z.tuple([rank, z.uuid()]);

/** The place of a match among the others, for `after` and `before`. */
export const matchCursor = ({ rank, segmentId }: Match): string =>
  Buffer.from(`${rank}:${segmentId}`).toString('base64url');

function positionOf(cursor: string): { rank: number; id: string } {
  const { data } = position.safeParse(Buffer.from(cursor, 'base64url').toString('utf8').split(':'));
  if (!data) throw new Problem('INVALID_INPUT', { reason: 'This is not a cursor of matches.' });
  const [rank, id] = data;
  return { rank, id };
}
