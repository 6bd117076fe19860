import { z } from 'zod';
import { answer, type Call, readJson } from './call.ts';
import { compare, type FolderEntry, folderOf, pageOf } from './listing.ts';
import { row } from './object-calls.ts';
import type { ObjectRecord } from './object-record.ts';
import type { Store } from './store.ts';

const order = z.enum(['asc', 'desc']).default('asc');
const prefix = z.string().max(1024).default('');

const listing = z.object({
  prefix,
  search: z.string().max(1024).default(''),
  limit: z.number().int().min(1).max(1000).default(100),
  offset: z.number().int().min(0).default(0),
  sortBy: z
    .object({ column: z.enum(['name', 'created_at', 'updated_at', 'last_accessed_at']).default('name'), order })
    .default({ column: 'name', order: 'asc' }),
});

/** POST /object/list/B: the content of one folder. */
export async function list(store: Store, call: Call): Promise<void> {
  const wanted = await readJson(call, listing);
  await store.buckets.get(call.bucket);
  const objects = [...(await store.objects.all(call.bucket)).values()];
  const entries = folderOf(objects, wanted.prefix)
    .filter(({ name }) => name.toLowerCase().startsWith(wanted.search.toLowerCase()))
    .sort(by(wanted.sortBy));
  answer(call, entries.slice(wanted.offset, wanted.offset + wanted.limit).map(line));
}

type Sorting = z.output<typeof listing>['sortBy'];

const by =
  ({ column, order }: Sorting) =>
  (a: FolderEntry<ObjectRecord>, b: FolderEntry<ObjectRecord>): number =>
    (compare(sortKey(a, column), sortKey(b, column)) || compare(a.name, b.name)) * (order === 'asc' ? 1 : -1);

function sortKey({ name, object }: FolderEntry<ObjectRecord>, column: Sorting['column']): string {
  if (column === 'name') return name;
  return (column === 'created_at' ? object?.createdAt : object?.updatedAt) ?? '';
}

const line = ({ name, object }: FolderEntry<ObjectRecord>) =>
  object === null
    ? { name, id: null, updated_at: null, created_at: null, last_accessed_at: null, metadata: null }
    : row(object, name);

const paging = z.object({
  prefix,
  with_delimiter: z.boolean().default(false),
  limit: z.number().int().min(1).max(1000).default(1000),
  cursor: z.string().max(2048).optional(),
  sortBy: z.object({ column: z.string().optional(), order: order.optional() }).optional(),
});

/** POST /object/list-v2/B: keys below a prefix, page by page, by name. */
export async function listPages(store: Store, call: Call): Promise<void> {
  const wanted = await readJson(call, paging);
  await store.buckets.get(call.bucket);
  const page = pageOf([...(await store.objects.all(call.bucket)).values()], {
    prefix: wanted.prefix,
    delimited: wanted.with_delimiter,
    descending: wanted.sortBy?.order === 'desc',
    limit: wanted.limit,
    after: wanted.cursor === undefined ? null : Buffer.from(wanted.cursor, 'base64url').toString(),
  });
  answer(call, {
    hasNext: page.next !== null,
    ...(page.next !== null && { nextCursor: Buffer.from(page.next).toString('base64url') }),
    folders: page.folders.map((name) => ({ name, key: name })),
    objects: page.objects.map((record) => ({ ...row(record), key: record.key })),
  });
}
