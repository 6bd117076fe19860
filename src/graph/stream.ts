import { GraphQLError } from 'graphql';

/** Items as the graph shows them. Passing `return` on at once is what ends the loop behind a reader that left. */
export const shown = <Item, Shape>(
  items: AsyncIterableIterator<Item>,
  shapeOf: (item: Item) => Shape,
): AsyncIterableIterator<Shape> => ({
  [Symbol.asyncIterator]() {
    return this;
  },
  next: async () => {
    const { value, done } = await items.next();
    return done ? { done: true, value: undefined } : { done: false, value: shapeOf(value) };
  },
  return: async () => {
    await items.return?.();
    return { done: true, value: undefined };
  },
});

/** Why a subscription cannot begin. */
export const refused = (code: 'NOT_FOUND' | 'INVALID_CURSOR' | 'TOO_MANY_OPERATIONS', message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code } });
