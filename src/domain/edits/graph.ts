import { Transcript } from '#domain/transcripts/graph.ts';
import { builder, connectionOf, owned } from '#graph/builder.ts';

const Edit = builder.prismaNode('TranscriptEdit', {
  ...owned,
  description: 'One accepted correction, or one taken back.',
  fields: (t) => ({
    revision: t.exposeInt('revision', { description: 'Of the transcript after it.' }),
    author: t.relation('author', { nullable: true, description: 'Who made it; null for somebody who is gone.' }),
    summary: t.exposeString('summary', { description: 'What it changed, in a few words.' }),
    undoes: t.relation('undoes', { nullable: true, description: 'The edit that it takes back.' }),
    undoneBy: t.relation('undoneBy', { nullable: true, description: 'The edit that took it back.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When.' }),
  }),
});

const EditConnection = connectionOf(Edit, 'TranscriptEdit');

builder.prismaObjectField(Transcript, 'edits', (t) =>
  t.relatedConnection(
    'edits',
    {
      cursor: 'id',
      totalCount: true,
      description: 'Its corrections, newest first.',
      query: { orderBy: { revision: 'desc' } },
    },
    EditConnection,
  ),
);
