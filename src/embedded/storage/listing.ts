/** Anything that has a key. */
interface Keyed {
  readonly key: string;
}

/** One line of a folder: an object, or a folder below it (then `object` is null). */
export interface FolderEntry<T extends Keyed> {
  readonly name: string;
  readonly object: T | null;
}

/** Direct content of a folder (`''` is the root), each sub-folder once, in the order of the objects. */
export function folderOf<T extends Keyed>(objects: readonly T[], folder: string): FolderEntry<T>[] {
  const prefix = folder === '' ? '' : `${folder.replace(/\/+$/, '')}/`;
  const entries = new Map<string, FolderEntry<T>>();
  for (const object of objects) {
    if (!object.key.startsWith(prefix)) continue;
    const rest = object.key.slice(prefix.length);
    const slash = rest.indexOf('/');
    const entry = slash === -1 ? { name: rest, object } : { name: rest.slice(0, slash), object: null };
    const id = `${entry.name}${entry.object === null ? '/' : ''}`;
    if (!entries.has(id)) entries.set(id, entry);
  }
  return [...entries.values()];
}

/** What one page of a flat or delimited listing is asked for. `after` is the last key of the page before. */
export interface PageRequest {
  readonly prefix: string;
  readonly delimited: boolean;
  readonly descending: boolean;
  readonly limit: number;
  readonly after: string | null;
}

/** A page: objects, the folders they were folded into (with a slash at the end), and where the next one starts. */
export interface Page<T extends Keyed> {
  readonly objects: T[];
  readonly folders: string[];
  readonly next: string | null;
}

/** Keys that start with a prefix, in order of their code units, cut into pages. No key is shown twice or left out. */
export function pageOf<T extends Keyed>(objects: readonly T[], wanted: PageRequest): Page<T> {
  const page: Page<T> = { objects: [], folders: [], next: null };
  let last: string | null = null;
  for (const line of linesOf(objects, wanted)) {
    if (wanted.after !== null && !isAfter(line.key, wanted.after, wanted.descending)) continue;
    if (page.objects.length + page.folders.length === wanted.limit) return { ...page, next: last };
    if (line.object === null) page.folders.push(line.key);
    else page.objects.push(line.object);
    last = line.key;
  }
  return page;
}

function linesOf<T extends Keyed>(objects: readonly T[], wanted: PageRequest): { key: string; object: T | null }[] {
  const lines = new Map<string, { key: string; object: T | null }>();
  for (const object of objects) {
    if (!object.key.startsWith(wanted.prefix)) continue;
    const slash = wanted.delimited ? object.key.indexOf('/', wanted.prefix.length) : -1;
    const key = slash === -1 ? object.key : object.key.slice(0, slash + 1);
    lines.set(key, { key, object: slash === -1 ? object : null });
  }
  return [...lines.values()].sort((a, b) => compare(a.key, b.key) * (wanted.descending ? -1 : 1));
}

const isAfter = (key: string, mark: string, descending: boolean): boolean =>
  descending ? compare(key, mark) < 0 : compare(key, mark) > 0;

/** Order of code units: the same on every machine and in every locale. */
export const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
