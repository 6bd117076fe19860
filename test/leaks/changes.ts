import { schema } from '#schema.ts';
import { placesOf } from './inputs.ts';
import { mutationReading } from './readings.ts';

/** Every change: its document, the type of its input, and where that takes a text by which something is named. */
export const changes = Object.values(schema.getMutationType()?.getFields() ?? {}).map((field) => {
  const { query } = mutationReading(field);
  const type = field.args[0]?.type;
  if (!type) throw new Error(`${field.name} takes no input`);
  return { name: field.name, query, type, places: placesOf(type) };
});
