import { type GraphQLResolveInfo, isObjectType } from 'graphql';
import { z } from 'zod';
import type { ActivityPosition } from '#feed/follow-workspace.ts';

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

/** For the relay plugin, which takes no null: what is no id is one of no type, and so of nothing. */
export const decodeGlobalId = (value: string): { typename: string; id: string } =>
  parseGlobalId(value) ?? { typename: '', id: '' };

/** Whether it is the id of a type whose objects are found by their ids; any other is the id of nothing. */
export function isOfNode({ schema }: GraphQLResolveInfo, { typename }: { typename: string }): boolean {
  const type = schema.getType(typename);
  return isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node');
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
export const eventCursor = (runId: string, sequence: number): string => encoded(runId, sequence);

const sequence = z
  .string()
  .regex(/^\d{1,10}$/)
  .transform(Number)
  .pipe(z.int32());

/** The sequence number of a cursor of this run; null when it is another run's or not a cursor. */
export function parseEventCursor(runId: string, cursor: string): number | null {
  const [run, number, ...rest] = decoded(cursor);
  return run === runId && rest.length === 0 ? (sequence.safeParse(number).data ?? null) : null;
}

/** Position in a workspace's activity as the client keeps it, tied to its workspace. */
export const activityCursor = (workspaceId: string, { transactionId, id }: ActivityPosition): string =>
  encoded(workspaceId, transactionId, id);

const activityPosition = z.tuple([
  z
    .string()
    .regex(/^\d{1,18}$/)
    .transform(BigInt),
  z.uuid(),
]);

/** The position of a cursor of this workspace; null when it is another one's or not a cursor. */
export function parseActivityCursor(workspaceId: string, cursor: string): ActivityPosition | null {
  const [workspace, ...position] = decoded(cursor);
  const parsed = activityPosition.safeParse(position);
  if (workspace !== workspaceId || !parsed.success) return null;
  const [transactionId, id] = parsed.data;
  return { transactionId, id };
}

const encoded = (...parts: readonly (string | number | bigint)[]): string =>
  Buffer.from(parts.join(':')).toString('base64url');
const decoded = (cursor: string): string[] => Buffer.from(cursor, 'base64url').toString('utf8').split(':');
