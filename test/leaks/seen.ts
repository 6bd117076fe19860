import { z } from 'zod';
import { schema } from '#schema.ts';
import { objectTypes } from './readings.ts';

/** Which fields answers have shown, and which of them with something in them. */
export interface Seen {
  /** Takes an answer in; `root` is the type of its outermost object. */
  note(data: unknown, root: string): void;
  /** Fields, as `Type.field`, that no answer had, or had nothing in. */
  missing(): { readonly never: string[]; readonly empty: string[] };
  /** All fields of the schema. */
  readonly all: readonly string[];
}

const fieldNames = objectTypes.flatMap((type) => Object.keys(type.getFields()).map((name) => `${type.name}.${name}`));
/** A field of an interface is the same one in each type: a refusal by rates has no place in the input, another has. */
const alike = (name: string): string[] => {
  const [typeName = '', field = ''] = name.split('.');
  const ofInterface = objectTypes
    .find((type) => type.name === typeName)
    ?.getInterfaces()
    .find((shared) => field in shared.getFields());
  if (!ofInterface) return [name];
  return schema.getPossibleTypes(ofInterface).map((type) => `${type.name}.${field}`);
};

const object = z.record(z.string(), z.unknown());

/** Begins to count. */
export function openSeen(): Seen {
  const asked = new Set<string>();
  const filled = new Set<string>();
  const note = (value: unknown, root?: string): void => {
    if (Array.isArray(value)) {
      for (const item of value) note(item);
      return;
    }
    const { success, data } = object.safeParse(value);
    if (!success) return;
    const type = root ?? data.__typename;
    for (const [name, inner] of Object.entries(data)) {
      asked.add(`${String(type)}.${name}`);
      if (holds(inner)) filled.add(`${String(type)}.${name}`);
      note(inner);
    }
  };
  return {
    note,
    missing: () => ({
      never: fieldNames.filter((name) => !asked.has(name)),
      empty: fieldNames.filter((name) => asked.has(name) && !alike(name).some((other) => filled.has(other))),
    }),
    all: fieldNames,
  };
}

/** Whether there is something in a value: an empty list is none, nor is a page without anything on it. */
export function holds(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (Array.isArray(value)) return value.length > 0;
  const { data } = object.safeParse(value);
  return !Array.isArray(data?.nodes) || data.nodes.length > 0;
}
