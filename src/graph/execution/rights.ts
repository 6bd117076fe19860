import type { GraphQLObjectType } from 'graphql';
import type { Request } from './request.ts';

type Scopes = (row: unknown, context: unknown) => unknown;

/**
 * Names the one right that a type asks for a row, such as being a member of its workspace: a right that was found once in
 * a request is not looked for again with each row. Null where a type asks for several, for other ones, or for none.
 */
export function rightNamedBy({ extensions }: GraphQLObjectType): (row: unknown, request: Request) => string | null {
  const options: unknown = extensions.pothosOptions;
  const scopes: unknown = typeof options === 'object' && options !== null ? Reflect.get(options, 'authScopes') : null;
  if (!isScopes(scopes)) return () => null;
  return (row, { args }) => {
    const asked = scopes(row, args.contextValue);
    if (!isMap(asked)) return null;
    let right: string | null = null;
    for (const name in asked) {
      const value = asked[name];
      if (right !== null || typeof value !== 'string') return null;
      right = `${name} ${value}`;
    }
    return right;
  };
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isScopes = (value: unknown): value is Scopes => typeof value === 'function';
