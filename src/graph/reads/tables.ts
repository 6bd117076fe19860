import { z } from 'zod';
import type { Database } from '#base/database.ts';
import { getDatamodel } from '#generated/pothos.ts';

/** What a column holds, as the data model names it. */
type ColumnKind = 'String' | 'Int' | 'Float' | 'BigInt' | 'Boolean' | 'DateTime' | 'Json';

/** A column, and how statements name it. */
export interface Column {
  readonly field: string;
  readonly sql: string;
  readonly kind: ColumnKind;
  readonly list: boolean;
  readonly nullable: boolean;
}

/** A relation, and which fields of its two ends are equal. */
export interface Relation {
  readonly field: string;
  readonly model: string;
  readonly list: boolean;
  readonly link: readonly { readonly own: string; readonly other: string }[];
}

/** A table as the data model knows it. */
export interface Table {
  readonly model: string;
  readonly sql: string;
  readonly columns: ReadonlyMap<string, Column>;
  readonly relations: ReadonlyMap<string, Relation>;
  /** The fields of each key, by the name that the typed client gives it. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
}

export type Tables = ReadonlyMap<string, Table>;

/** The part of the generated client that has the names of the database; the plugin's model has everything else. */
const names = z.object({
  models: z.record(
    z.string(),
    z.object({
      dbName: z.string().nullish(),
      fields: z.array(z.object({ name: z.string(), dbName: z.string().nullish() })),
    }),
  ),
});

type Model = ReturnType<typeof getDatamodel>['datamodel']['models'][string];
type Models = Readonly<Record<string, Model>>;

const kinds = z.enum(['String', 'Int', 'Float', 'BigInt', 'Boolean', 'DateTime', 'Json']);

/** All tables, from the data model alone. Columns of kinds that no read of ours knows are left out. */
export function tablesOf(client: Database['prisma']): Tables {
  const named = names.parse(Reflect.get(client, '_runtimeDataModel'));
  const { models } = getDatamodel().datamodel;
  return new Map(
    Object.entries(models).map(([name, model]) => {
      const { dbName, fields } = named.models[name] ?? { dbName: name, fields: [] };
      const sqlNames = new Map(fields.map((field) => [field.name, field.dbName ?? field.name]));
      return [
        name,
        {
          model: name,
          sql: quoted(dbName ?? name),
          columns: columnsOf(model, sqlNames),
          relations: relationsOf(name, models),
          keys: keysOf(model),
        },
      ];
    }),
  );
}

const quoted = (name: string): string => `"${name}"`;

function columnsOf({ fields }: Model, sqlNames: ReadonlyMap<string, string>): Map<string, Column> {
  const columns = new Map<string, Column>();
  for (const { name: field, kind, type, isList: list, isRequired } of fields) {
    const known = kind === 'enum' ? 'String' : kinds.safeParse(type).data;
    if (kind === 'object' || !known) continue;
    const sql = quoted(sqlNames.get(field) ?? field);
    columns.set(field, { field, sql, kind: known, list, nullable: !isRequired });
  }
  return columns;
}

function relationsOf(name: string, models: Models): Map<string, Relation> {
  const relations = new Map<string, Relation>();
  for (const field of models[name]?.fields ?? []) {
    if (field.kind !== 'object') continue;
    const { name: own, type: model, isList: list } = field;
    const backwards = models[model]?.fields.find((other) => isOtherEnd(other, { field, of: name }));
    const forward = linkOf(field, models[model]);
    const backward = linkOf(backwards, models[name]);
    const link = forward ?? backward?.map(({ own, other }) => ({ own: other, other: own }));
    if (link) relations.set(own, { field: own, model, list, link });
  }
  return relations;
}

type Field = Model['fields'][number];

const isOtherEnd = (other: Field, { field, of }: { field: Field; of: string }): boolean =>
  other.kind === 'object' &&
  other.type === of &&
  other.name !== field.name &&
  other.relationName === field.relationName &&
  (other.relationFromFields ?? []).length > 0;

/**
 * The rule of our schema: a link goes to the other row's id, and where it stays in the workspace, to its workspace, too.
 * A link to anything else is left to the typed client; a test holds the others against the foreign keys of the database.
 */
function linkOf(field: Field | undefined, to: Model | undefined): Relation['link'] | null {
  const fields = (field && 'relationFromFields' in field && field.relationFromFields) || [];
  if (fields.length === 1) return fields.map((own) => ({ own, other: 'id' }));
  const inside = to?.uniqueIndexes.some((key) => key.fields.join() === 'workspaceId,id');
  if (!inside || fields[0] !== 'workspaceId' || fields.length !== 2) return null;
  return fields.map((own) => ({ own, other: own === 'workspaceId' ? own : 'id' }));
}

function keysOf({ fields, primaryKey, uniqueIndexes }: Model): Map<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>();
  for (const { name, isId, isUnique } of fields) if (isId || isUnique) keys.set(name, [name]);
  for (const key of [primaryKey, ...uniqueIndexes]) if (key) keys.set(key.name ?? key.fields.join('_'), key.fields);
  return keys;
}
