import { type DocumentNode, Kind, type OperationDefinitionNode } from 'graphql';

/** A file of documents, as the generator read it. */
interface DocumentFile {
  readonly document?: DocumentNode;
}

/** One operation of the documents. */
interface Named {
  readonly name: string;
  readonly kind: 'Query' | 'Mutation' | 'Subscription';
}

const kinds = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;

/** Writes a hook of urql for each operation, under the operation's own name: `useDashboard`, `useStartRun`. */
export function plugin(_schema: unknown, documents: readonly DocumentFile[]) {
  const operations = documents
    .flatMap(({ document }) => document?.definitions ?? [])
    .filter((definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION)
    .map(({ name, operation }): Named => ({ name: name?.value ?? '', kind: kinds[operation] }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  return { prepend: [imports(operations)], content: operations.map(hook).join('\n') };
}

/** As hooks.ts names it, which stands in a folder beside it. */
const ask = '../ask.ts';

const imports = (operations: readonly Named[]): string => `import { asQuery, type Asking } from '${ask}';
import { type SubscriptionHandler, useMutation, useQuery, useSubscription } from 'urql';
import * as documents from './graphql.ts';
import type {
${operations.flatMap(({ name, kind }) => [`  ${name}${kind},`, `  ${name}${kind}Variables,`]).join('\n')}
} from './graphql.ts';
`;

const writing = {
  Mutation: (name) => `export const use${name} = () =>
  useMutation<${name}Mutation, ${name}MutationVariables>(asQuery(documents.${name}Document));`,
  Query: (name) => `export const use${name} = (variables: ${name}QueryVariables, asking?: Asking) =>
  useQuery<${name}Query, ${name}QueryVariables>({ query: asQuery(documents.${name}Document), variables, ...asking });`,
  Subscription: (name) => `export const use${name} = <Kept = ${name}Subscription>(
  variables: ${name}SubscriptionVariables,
  ...[handler, asking]: [handler?: SubscriptionHandler<${name}Subscription, Kept>, asking?: Asking]
) =>
  useSubscription<${name}Subscription, Kept, ${name}SubscriptionVariables>(
    { query: asQuery(documents.${name}Document), variables, ...asking },
    handler,
  );`,
} satisfies Record<Named['kind'], (name: string) => string>;

const hook = ({ name, kind }: Named): string => writing[kind](name);
