import { TimeRangeInput } from '#domain/files/time-range.ts';
import { DecisionEnum } from '#domain/highlights/graph.ts';
import { builder } from '#graph/builder.ts';
import { mutation, payloadType } from '#graph/mutation.ts';
import { updateHighlight, updateHighlightInput } from './update-highlight.ts';

mutation('updateHighlight', {
  about:
    'Accept, dismiss, rename or re-bound a highlight. Later runs keep what a person changed and never propose what one dismissed; with other bounds its clips are cut anew and become stale, save those that a person gave bounds of their own. A reel shows its highlights as they are now, without dismissed ones.',
  check: updateHighlightInput,
  perform: updateHighlight,
  payload: payloadType<{ highlightId: string }>('UpdateHighlightPayload', (t) => ({
    highlight: t.prismaField({
      type: 'Highlight',
      nullable: true,
      description: 'The highlight as it is now.',
      resolve: (...[query, { highlightId }, , { api }]) => {
        const selected = { ...query };
        return highlightId
          ? api.database.prisma.highlight.findUnique({ ...selected, where: { id: highlightId } })
          : null;
      },
    }),
  })),
  input: builder.inputType('UpdateHighlightInput', {
    description: 'What to change of a highlight.',
    fields: (t) => ({
      highlightId: t.id({ required: true, description: 'Which highlight.' }),
      baseRevision: t.int({ required: true, description: 'The revision that the caller has seen.' }),
      title: t.string({ description: 'A new title, at most 200 characters.' }),
      range: t.field({
        type: TimeRangeInput,
        description: 'New bounds, 1 second to 10 minutes, kept to the frame; one inside a word moves to its edge.',
      }),
      decision: t.field({ type: DecisionEnum, description: 'What the person decided.' }),
    }),
  }),
});
