import { StoredFile } from '#domain/files/stored-file.ts';
import { Prisma } from '#generated/prisma/client.ts';
import type { UsageUnit } from '#generated/prisma/enums.ts';
import { builder } from '#graph/builder.ts';
import type { Context } from '#graph/context.ts';

/** The ledger's entries of one unit at one price, added up. */
interface Line {
  readonly unit: UsageUnit;
  readonly quantity: number;
  readonly unitPriceMicrosPerMillion: number;
  readonly pricedOn: Date;
  readonly amountMicros: number;
}

type Lines = readonly Line[];

const Unit = builder.enumType('UsageUnit', {
  description: 'What the ledger counts, always in whole units.',
  values: {
    UPLOADS: { description: 'Recordings taken in.' },
    AUDIO_MS: { description: 'Milliseconds of recording transcribed.' },
    RENDERED_MS: { description: 'Milliseconds of video or sound encoded.' },
    ENCODE_CPU_MS: { description: 'Milliseconds of CPU time that encoding took.' },
    INPUT_TOKENS: { description: 'Tokens that a language model read.' },
    OUTPUT_TOKENS: { description: 'Tokens that it wrote.' },
    CHARACTERS: { description: 'Characters read and written, where no tokens were told.' },
    STORED_BYTES: { description: 'Bytes stored.' },
  } satisfies Record<UsageUnit, object>,
});

const CostLine = builder.objectRef<Line>('CostLine').implement({
  description: 'Entries of one unit at one price, added up.',
  fields: (t) => ({
    unit: t.expose('unit', { type: Unit, description: 'What was consumed.' }),
    quantity: t.exposeFloat('quantity', { description: 'How many; a whole number.' }),
    unitPriceMicrosPerMillion: t.exposeFloat('unitPriceMicrosPerMillion', {
      description: 'Millionths of the currency for a million units.',
    }),
    pricedOn: t.expose('pricedOn', { type: 'DateTime', description: 'Since when that price is in force.' }),
    amountMicros: t.exposeFloat('amountMicros', { description: 'Millionths of the currency; a whole number.' }),
  }),
});

const Cost = builder.objectRef<Lines>('Cost').implement({
  description: 'What something took, as the ledger has it. What was there already and only used again costs nothing.',
  fields: (t) => ({
    currency: t.string({ description: 'ISO 4217.', resolve: () => 'USD' }),
    amountMicros: t.float({
      description: 'Millionths of the currency; a whole number.',
      resolve: (lines) => lines.reduce((sum, line) => sum + line.amountMicros, 0),
    }),
    lines: t.field({ type: [CostLine], description: 'What it is made of.', resolve: (lines) => [...lines] }),
  }),
});

/** How the ledger's entries are linked to what has a cost: what to read, and the column of its id. */
const links = {
  run: { rows: Prisma.sql`usage_entries`, id: Prisma.sql`run_id` },
  artifact: { rows: Prisma.sql`usage_entries`, id: Prisma.sql`artifact_id` },
  output: { rows: Prisma.sql`usage_entries`, id: Prisma.sql`output_id` },
  rendition: {
    rows: Prisma.sql`usage_entries join renditions using (artifact_id)`,
    id: Prisma.sql`renditions.id`,
  },
} as const;

interface Row {
  readonly id: string;
  readonly unit: UsageUnit;
  readonly quantity: bigint;
  readonly price: bigint;
  readonly pricedOn: Date;
  readonly amount: bigint;
}

/** Sums the ledger by a link, for all that are asked for together. Bytes that were removed were stored once. */
const costsBy =
  (link: keyof typeof links) =>
  async (ids: string[], { api }: Context): Promise<Lines[]> => {
    const { rows: linked, id } = links[link];
    const rows = await api.database.prisma.$queryRaw<Row[]>`
      select ${id}::text as id, unit::text, price_micros_per_million as price, priced_on as "pricedOn",
        sum(quantity)::bigint as quantity, sum(cost_micros)::bigint as amount
      from ${linked} where ${id} = any(${ids}::uuid[]) and quantity > 0
      group by 1, 2, 3, 4 order by 2, 4`;
    const lines = Map.groupBy(rows, (row) => row.id);
    return ids.map((wanted) => (lines.get(wanted) ?? []).map(lineOf));
  };

const lineOf = ({ unit, quantity, price, pricedOn, amount }: Row): Line => ({
  unit,
  quantity: Number(quantity),
  unitPriceMicrosPerMillion: Number(price),
  pricedOn,
  amountMicros: Number(amount),
});

builder.prismaObjectField('Run', 'cost', (t) =>
  t.loadable({
    type: Cost,
    description: 'What its finished stages took.',
    load: costsBy('run'),
    resolve: ({ id }) => id,
  }),
);

builder.prismaObjectField(StoredFile, 'cost', (t) =>
  t.loadable({
    type: Cost,
    description: 'What making and storing it took.',
    load: costsBy('artifact'),
    resolve: ({ id }) => id,
  }),
);

builder.prismaObjectField('Rendition', 'cost', (t) =>
  t.loadable({
    type: Cost,
    description: 'What encoding and storing its file took.',
    load: costsBy('rendition'),
    resolve: ({ id }) => id,
  }),
);

builder.prismaObjectField('Transcript', 'cost', (t) =>
  t.loadable({
    type: Cost,
    description: 'What hearing the recording took.',
    load: costsBy('output'),
    resolve: ({ id }) => id,
  }),
);

builder.prismaObjectField('Content', 'cost', (t) =>
  t.loadable({
    type: Cost,
    description: 'What writing all its versions took.',
    load: costsBy('output'),
    resolve: ({ id }) => id,
  }),
);
