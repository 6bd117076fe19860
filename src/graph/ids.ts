import { GraphQLError } from 'graphql';
import { z } from 'zod';

const uuid = z.uuid();

/** Takes a global id apart; null when it is not one of ours. */
export function parseGlobalId(value: string): { typename: string; id: string } | null {
  const [typename, given, ...rest] = Buffer.from(value, 'base64url').toString('utf8').split(':');
  const id = uuid.safeParse(given).data;
  return typename && id && rest.length === 0 ? { typename, id } : null;
}

/** The row's id inside the global id of such an object; null for any other text, which is as unknown as no object. */
export function rowIdOf(typename: string, value: string): string | null {
  const parsed = parseGlobalId(value);
  return parsed?.typename === typename ? parsed.id : null;
}

/** For the relay plugin: a malformed id is the caller's fault, not a failed cast in the database. */
export function decodeGlobalId(value: string): { typename: string; id: string } {
  const parsed = parseGlobalId(value);
  if (!parsed) throw new GraphQLError('This is not the id of anything.', { extensions: { code: 'BAD_USER_INPUT' } });
  return parsed;
}

/** A global id inside an input, as the row's id; an id of another type is as unknown as none. */
export const idOf = (typename: string) =>
  z.string().transform((value, context) => {
    const id = rowIdOf(typename, value);
    if (id !== null) return id;
    context.addIssue({
      code: 'custom',
      message: `This is not the id of a ${typename}.`,
      params: { code: 'NOT_FOUND' },
    });
    return z.NEVER;
  });

/** Position in a run's events as the client keeps it: tied to its run, so that a cursor of another run is refused. */
export const eventCursor = (runId: string, sequence: number): string =>
  Buffer.from(`${runId}:${sequence}`).toString('base64url');

const sequence = z
  .string()
  .regex(/^\d{1,10}$/)
  .transform(Number);

/** The sequence number of a cursor of this run; null when it is another run's or not a cursor. */
export function parseEventCursor(runId: string, cursor: string): number | null {
  const [run, number, ...rest] = Buffer.from(cursor, 'base64url').toString('utf8').split(':');
  return run === runId && rest.length === 0 ? (sequence.safeParse(number).data ?? null) : null;
}
