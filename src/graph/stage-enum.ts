import { recordOf } from '#base/record.ts';
import { stageEnum, stageNamed, stageNames, stages } from '#pipeline/stages.ts';
import { builder } from './builder.ts';

const values = recordOf(stageNames.map(stageEnum), (value) => ({
  description: stages[stageNamed(value.toLowerCase())].about,
}));

/** The declared stages as the API names them. */
export const StageEnum = builder.enumType('Stage', {
  description: 'Stages of the declared pipeline, one verb each.',
  values,
});
