import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { Problem } from '#base/problem.ts';

/** Texts of the documents that may run, each by its id (`sha256:` and the hash of the text). */
export interface TrustedDocuments {
  readonly byId: ReadonlyMap<string, string>;
  readonly texts: ReadonlySet<string>;
}

const file = z.record(z.string().regex(/^(sha256:)?[\da-f]{64}$/), z.string().min(1));

/** Reads what `npm run codegen` writes as persisted-documents.json. Throws ENVIRONMENT_INVALID for any other file. */
export async function readTrustedDocuments(path: string): Promise<TrustedDocuments> {
  try {
    const entries = Object.entries(file.parse(JSON.parse(await readFile(path, 'utf8'))));
    return {
      byId: new Map(entries.map(([id, text]) => [id.startsWith('sha256:') ? id : `sha256:${id}`, text])),
      texts: new Set(entries.map(([, text]) => text)),
    };
  } catch (error) {
    throw new Problem('ENVIRONMENT_INVALID', { list: 'TRUSTED_DOCUMENTS: is no list of documents by id' }, error);
  }
}

/** What says which document is meant. */
interface Meant {
  readonly query?: string | null | undefined;
  readonly documentId?: string | null | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

/** The text that is meant; null for an id that is not known, and for a text that is not trusted where only such may run. */
export function textOf(meant: Meant, trusted: TrustedDocuments | null): string | null {
  if (meant.query) return !trusted || trusted.texts.has(meant.query) ? meant.query : null;
  const id = idIn(meant);
  return (id && trusted?.byId.get(id)) || null;
}

const persisted = z.object({ persistedQuery: z.object({ sha256Hash: z.string() }) });

/** The id as GraphQL over HTTP names it, or as the extension that urql and Apollo send, which sockets pass on as well. */
export function idIn({ documentId, extensions }: Meant): string | null {
  if (documentId) return documentId;
  const hash = persisted.safeParse(extensions).data?.persistedQuery.sha256Hash;
  return hash === undefined ? null : `sha256:${hash.replace(/^sha256:/, '')}`;
}
