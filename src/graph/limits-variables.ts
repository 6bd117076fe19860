import { GraphQLError } from 'graphql';
import { limits } from './limits.ts';

/**
 * What is wrong with the size of variables before anything reads them: how deep they nest and how many values they hold.
 * Their bytes are bounded by the body's or the frame's.
 */
export function variableFaults(variables: unknown): readonly GraphQLError[] {
  let level: unknown[] = [variables];
  let values = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limits.variableDepth) return [tooLarge(`nest deeper than ${limits.variableDepth} levels`)];
    values += level.length;
    if (values > limits.variableValues) return [tooLarge(`hold more than ${limits.variableValues} values`)];
    level = level.flatMap(inside);
  }
  return [];
}

const inside = (value: unknown): unknown[] => (typeof value === 'object' && value !== null ? Object.values(value) : []);

const tooLarge = (what: string): GraphQLError =>
  new GraphQLError(`The variables ${what}.`, { extensions: { code: 'BAD_USER_INPUT' } });
