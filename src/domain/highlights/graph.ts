import { rangeOf } from '#domain/files/time-range.ts';
import { Upload } from '#domain/uploads/graph.ts';
import type { HighlightDecision } from '#generated/prisma/enums.ts';
import { builder, connectionOf, owned } from '#graph/builder.ts';
import { BoundReasonEnum, Signal, signalsOf } from './reasons.ts';

export const DecisionEnum = builder.enumType('HighlightDecision', {
  description: 'What a person decided about a proposal.',
  values: {
    PROPOSED: { description: 'Nothing yet.' },
    ACCEPTED: { description: 'Worth sharing.' },
    DISMISSED: { description: 'Not worth sharing.' },
  } satisfies Record<HighlightDecision, object>,
});

const Order = builder.enumType('HighlightOrder', {
  description: 'Order of highlights.',
  values: { IMPORTANCE: { description: 'Best first.' }, TIMELINE: { description: 'As they come in the recording.' } },
});

export const Highlight = builder.prismaNode('Highlight', {
  ...owned,
  description: 'A scored, self-contained span worth sharing.',
  fields: (t) => ({
    upload: t.relation('upload', { description: 'Of which recording.' }),
    range: t.field(rangeOf('Where it is.')),
    title: t.exposeString('title', { description: 'A short name for it.' }),
    summary: t.exposeString('summary', { description: 'One or two sentences.' }),
    importance: t.exposeFloat('importance', { description: '0 to 1, comparable inside one upload only.' }),
    topics: t.exposeStringList('topics', { description: 'What it is about.' }),
    quote: t.exposeString('quote', { description: 'Exact words from the transcript inside `range`.' }),
    decision: t.expose('decision', { type: DecisionEnum, description: 'What a person decided.' }),
    signals: t.field({
      type: [Signal],
      select: { signals: true },
      description: 'Why it was chosen.',
      resolve: ({ signals }) => signalsOf(signals),
    }),
    startReason: t.expose('startReason', { type: BoundReasonEnum, description: 'Why it starts where it does.' }),
    endReason: t.expose('endReason', { type: BoundReasonEnum, description: 'Why it ends where it does.' }),
    revision: t.exposeInt('revision', { description: 'Grows with each change.' }),
  }),
});

const HighlightConnection = connectionOf(Highlight, 'Highlight');

builder.prismaObjectField(Upload, 'highlights', (t) =>
  t.relatedConnection(
    'highlights',
    {
      cursor: 'id',
      totalCount: true,
      description: 'Moments worth sharing.',
      args: {
        minImportance: t.arg.float({ defaultValue: 0, description: 'Leave less important ones out.' }),
        orderBy: t.arg({ type: Order, defaultValue: 'IMPORTANCE', description: 'In this order.' }),
      },
      query: ({ minImportance, orderBy }) => ({
        where: { importance: { gte: minImportance ?? 0 } },
        orderBy:
          orderBy === 'TIMELINE'
            ? [{ startMs: 'asc' as const }, { id: 'asc' as const }]
            : [{ importance: 'desc' as const }, { id: 'asc' as const }],
      }),
    },
    HighlightConnection,
  ),
);
