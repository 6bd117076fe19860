import { resolveCursorConnection } from '@pothos/plugin-relay';
import { builder } from '#graph/builder.ts';
import { eventCursor, parseEventCursor } from '#graph/ids.ts';
import { refused } from '#graph/stream.ts';
import { eventsWithin, type StoredRunEvent } from '#pipeline/events.ts';
import { RunEvent } from './events.ts';
import { Run } from './graph.ts';

builder.objectField(Run, 'events', (t) =>
  t.connection(
    {
      type: RunEvent,
      description: 'What happened so far, in order. Kept for seven days after the end.',
      resolve: ({ id }, args, { api }) =>
        resolveCursorConnection<Promise<StoredRunEvent[]>>(
          { args, toCursor: ({ sequence }) => eventCursor(id, sequence) },
          ({ after, before, limit, inverted }) => {
            const range = { after: numberOf(id, after), before: numberOf(id, before) };
            return eventsWithin(api.database.prisma, id, { ...range, limit, newestFirst: inverted });
          },
        ),
    },
    { name: 'RunEventConnection', description: 'A page of RunEvent objects.' },
    { name: 'RunEventEdge', description: 'One RunEvent object and its place in the page.' },
  ),
);

function numberOf(runId: string, cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const sequence = parseEventCursor(runId, cursor);
  if (sequence === null) throw refused('INVALID_CURSOR', 'The cursor does not belong to this run.');
  return sequence;
}
