import { parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { schema } from '#schema.ts';

/** The fields, as `Type.field`, that documents have asked for. */
export interface Asked {
  note(query: string): void;
  /** Those of these that no document has asked for. */
  without(fields: readonly string[]): string[];
}

/** Begins to count. */
export function openAsked(): Asked {
  const asked = new Set<string>();
  return {
    note: (query) => {
      const types = new TypeInfo(schema);
      const Field = (): void => {
        asked.add(`${types.getParentType()?.name}.${types.getFieldDef()?.name}`);
      };
      visit(parse(query), visitWithTypeInfo(types, { Field }));
    },
    without: (fields) => fields.filter((field) => !asked.has(field)),
  };
}
