import type { GraphQLObjectType } from 'graphql';
import { isObject, type Request } from './request.ts';

type Scopes = (row: unknown, context: unknown) => unknown;

/** The one right that a type asks for its rows, such as being a member of their workspace. */
interface Right {
  /** Whether it was found to be there for this row, or for another one that asks the same. */
  held(row: unknown, request: Request): boolean;
  hold(row: unknown, request: Request): void;
}

/** A type that asks for several rights, for other ones or for none: nothing is known of it. */
const noRight: Right = { held: () => false, hold: () => {} };

/** A right that was found once in a request is not looked for again with each row. */
export function rightOf({ extensions }: GraphQLObjectType): Right {
  const options: unknown = extensions.pothosOptions;
  const scopes: unknown = typeof options === 'object' && options !== null ? Reflect.get(options, 'authScopes') : null;
  if (!isScopes(scopes)) return noRight;
  return {
    held(row, { args, rights }) {
      const asked = onlyOne(scopes(row, args.contextValue));
      return asked !== null && (rights.get(asked.name)?.has(asked.of) ?? false);
    },
    hold(row, { args, rights }) {
      const asked = onlyOne(scopes(row, args.contextValue));
      if (!asked) return;
      const held = rights.get(asked.name) ?? new Set();
      rights.set(asked.name, held.add(asked.of));
    },
  };
}

function onlyOne(scopes: unknown): { name: string; of: string } | null {
  if (!isObject(scopes)) return null;
  let only: { name: string; of: string } | null = null;
  for (const name in scopes) {
    const of = scopes[name];
    if (only || typeof of !== 'string') return null;
    only = { name, of };
  }
  return only;
}

const isScopes = (value: unknown): value is Scopes => typeof value === 'function';
