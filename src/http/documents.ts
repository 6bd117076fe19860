import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { withCode } from './masked-errors.ts';

/** A document ready to run, or what is wrong with it. */
export type Documents = (query: string) => DocumentNode | readonly GraphQLError[];

/** What clients send all day: at about 30 times its text a document of this length takes some 100 KiB. */
const kept = { documents: 200, characters: 4_000 };

/**
 * Reads and validates documents, each known one once: a thousand sockets of one client hold one document instead of a
 * thousand. Only valid ones are kept, so that nobody's nonsense pushes them out; the one asked for longest ago goes first.
 */
export function openDocuments(schema: GraphQLSchema): Documents {
  const known = new Map<string, DocumentNode>();
  return (query) => {
    const document = known.get(query) ?? documentFrom(schema, query);
    if (!('kind' in document) || query.length > kept.characters) return document;
    known.delete(query);
    known.set(query, document);
    const [oldest] = known.keys();
    if (known.size > kept.documents && oldest !== undefined) known.delete(oldest);
    return document;
  };
}

function documentFrom(schema: GraphQLSchema, query: string): DocumentNode | readonly GraphQLError[] {
  const document = parsed(query);
  if (document instanceof GraphQLError) return withCode([document], 'GRAPHQL_PARSE_FAILED');
  const faults = validate(schema, document);
  return faults.length > 0 ? withCode(faults, 'GRAPHQL_VALIDATION_FAILED') : document;
}

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    return error instanceof GraphQLError ? error : new GraphQLError('The document cannot be read.');
  }
}
