import { resolveCursorConnection } from '@pothos/plugin-relay';
import type { Database } from '#base/database.ts';
import { Workspace } from '#domain/workspaces/graph.ts';
import { builder } from '#graph/builder.ts';
import { weighing } from '#graph/limits-size.ts';
import { rowById } from '#graph/row-by-id.ts';
import { findMatches, type Match, matchCursor, type SearchedPlace } from './find-matches.ts';
import { Transcript } from './graph.ts';

const TranscriptMatch = builder.objectRef<Match>('TranscriptMatch').implement({
  description: 'A hit; `before`, `match` and `after` make a snippet without markup.',
  fields: (t) => ({
    segment: t.prismaField({
      type: 'TranscriptSegment',
      description: 'The sentence that was found.',
      resolve: (...[query, { segmentId: id }, , context]) =>
        rowById(context, { type: 'TranscriptSegment', id, query }, (ids) =>
          context.api.database.prisma.transcriptSegment.findMany({ ...query, where: { id: { in: ids } } }),
        ),
    }),
    transcript: t.prismaField({
      type: 'Transcript',
      description: 'Of which transcript.',
      resolve: (...[query, { transcriptId: id }, , context]) =>
        rowById(context, { type: 'Transcript', id, query }, (ids) =>
          context.api.database.prisma.transcript.findMany({ ...query, where: { id: { in: ids } } }),
        ),
    }),
    before: t.exposeString('before', { description: 'What the sentence says before it.' }),
    match: t.exposeString('match', { description: 'The words that were found, as they stand there.' }),
    after: t.exposeString('after', { description: 'What the sentence says after it.' }),
    rank: t.exposeFloat('rank', { description: 'How well it fits; comparable inside one search only.' }),
  }),
});

/** Words that are said everywhere are looked for in every sentence: 0.2 s where there are 100,000. */
const searchWeight = 500;

const MatchConnection = builder.connectionObject(
  { type: TranscriptMatch, name: 'TranscriptMatchConnection', description: 'A page of TranscriptMatch objects.' },
  { name: 'TranscriptMatchEdge', description: 'One TranscriptMatch object and its place in the page.' },
);

const asked =
  'What to look for, 1 to 200 characters: all words must be said; `"in quotes"` in a row, `or` one of two, `-` not.';

builder.prismaObjectField(Workspace, 'transcriptMatches', (t) =>
  t.connection(
    {
      type: TranscriptMatch,
      extensions: weighing(searchWeight),
      description: 'Full-text search across all transcripts of the workspace, best first.',
      args: { query: t.arg.string({ required: true, description: asked }) },
      resolve: ({ id }, args, { api }) => matchesIn(api.database, { workspaceId: id }, args),
    },
    MatchConnection,
  ),
);

builder.prismaObjectField(Transcript, 'matches', (t) =>
  t.connection(
    {
      type: TranscriptMatch,
      extensions: weighing(searchWeight),
      description: 'Full-text search in what it says now, best first.',
      args: { query: t.arg.string({ required: true, description: asked }) },
      resolve: ({ id, workspaceId }, args, { api }) => matchesIn(api.database, { workspaceId, transcriptId: id }, args),
    },
    MatchConnection,
  ),
);

interface Asked {
  readonly query: string;
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
}

const matchesIn = (database: Database, place: SearchedPlace, { query, ...args }: Asked) =>
  resolveCursorConnection<Promise<Match[]>>({ args, defaultSize: 20, maxSize: 100, toCursor: matchCursor }, (page) =>
    findMatches(database, { ...place, query }, page),
  );
