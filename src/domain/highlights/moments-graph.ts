import { rangeOf } from '#domain/files/time-range.ts';
import { Upload } from '#domain/uploads/graph.ts';
import type { MomentRejection } from '#generated/prisma/enums.ts';
import { builder, owned } from '#graph/builder.ts';
import { listing } from '#graph/limits-size.ts';
import { Signal, signalsOf } from './reasons.ts';

const { authScopes, runScopesOnType } = owned;

const Rejection = builder.enumType('MomentRejection', {
  description: 'Why a moment did not become a highlight.',
  values: {
    OVERLAPS: { description: 'A better one, or one that a person kept, shares a part of it.' },
    TOO_SIMILAR: { description: 'A chosen one says nearly the same.' },
    TOPIC_FULL: { description: 'Enough others of its topic were chosen.' },
    OUTSCORED: { description: 'Others are better.' },
    DISMISSED: { description: 'A person did not want it before.' },
  } satisfies Record<MomentRejection, object>,
});

const Moment = builder.prismaObject('Moment', {
  description: 'A span that was weighed as a highlight.',
  select: { workspaceId: true },
  authScopes,
  runScopesOnType,
  fields: (t) => ({
    rank: t.exposeInt('rank', { description: '1 is the best.' }),
    range: t.field(rangeOf('Where it is.')),
    title: t.exposeString('title', { description: 'A short name for it.' }),
    score: t.exposeFloat('score', { description: '0 to 1, comparable inside one upload only.' }),
    signals: t.field({
      type: [Signal],
      select: { signals: true },
      description: 'What speaks for it and against it.',
      resolve: ({ signals }) => signalsOf(signals),
    }),
    rejection: t.expose('rejection', {
      type: Rejection,
      nullable: true,
      description: 'Why it was left out; null where it became a highlight.',
    }),
  }),
});

builder.prismaObjectField(Upload, 'moments', (t) =>
  t.relation('moments', {
    type: Moment,
    description: 'What the newest run weighed, best first, at most 40: highlights and what was left out.',
    extensions: listing(40),
    query: { orderBy: { rank: 'asc' } },
  }),
);
