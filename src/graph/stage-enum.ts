import { type StageName, stageEnum, stageNames, stages } from '#pipeline/stages.ts';
import { builder } from './builder.ts';

const values = Object.fromEntries(stageNames.map((name) => [stageEnum(name), { description: stages[name].about }]));

/** The declared stages as the API names them. */
export const StageEnum = builder.enumType('Stage', {
  description: 'Stages of the declared pipeline, one verb each.',
  values: values as Record<Uppercase<StageName>, { description: string }>,
});
