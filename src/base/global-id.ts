/** The opaque id of an object, as everybody outside sees it: clients of the graph and receivers of webhooks. */
export const globalId = (typename: string, id: string): string =>
  Buffer.from(`${typename}:${id}`).toString('base64url');
