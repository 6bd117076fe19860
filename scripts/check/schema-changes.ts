import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core';
import {
  type DirectiveNode,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  visit,
} from 'graphql';

/** What a new schema does to the clients of an old one. */
export interface SchemaChanges {
  /** Documents that were valid are not, or answers have another shape. */
  readonly breaking: readonly Change[];
  /** Documents stay valid; a client that is not prepared for more (another enum value, another type) may stumble. */
  readonly dangerous: readonly Change[];
}

/**
 * The changes that clients feel, by graphql-inspector. What was deprecated in the old schema may go from the day on that
 * its reason names: its removal is only dangerous then. The inspector's own rule for that also lets types go that were
 * never deprecated, so it is not used.
 */
export async function changesBetween(
  before: GraphQLSchema,
  after: GraphQLSchema,
  today: string,
): Promise<SchemaChanges> {
  const changes = await diff(before, after);
  const felt = changes.filter(({ criticality }) => criticality.level !== CriticalityLevel.NonBreaking);
  const breaks = ({ criticality, path }: Change): boolean =>
    criticality.level === CriticalityLevel.Breaking && !mayGo(before, path, today);
  return { breaking: felt.filter(breaks), dangerous: felt.filter((change) => !breaks(change)) };
}

/** Whether a path such as `Upload.title`, `Stage.INGEST` or `Upload.clips.first` names what may be gone by today. */
function mayGo(schema: GraphQLSchema, path: string | undefined, today: string): boolean {
  const [typeName = '', memberName = '', argumentName] = path?.split('.') ?? [];
  const member = memberOf(schema, typeName, memberName);
  const argument = member && 'args' in member ? member.args.find(({ name }) => name === argumentName) : undefined;
  return [member, argument].some((part) => {
    const day = dayIn(part?.deprecationReason ?? '');
    return day !== null && day <= today;
  });
}

/** The day from which on something may be gone, as its reason says it: "Use `title`. Goes after 2027-06-01." */
const dayIn = (reason: string): string | null => /Goes after (\d{4}-\d{2}-\d{2})\./.exec(reason)?.[1] ?? null;

function memberOf(schema: GraphQLSchema, typeName: string, name: string) {
  const type = schema.getType(typeName);
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) return type.getFields()[name];
  return isEnumType(type) ? type.getValue(name) : undefined;
}

/** Reasons of deprecations that name no day, or one before the given day. Days are written as 2026-11-21. */
export function hastyDeprecations(sdl: string, earliest: string): string[] {
  const reasons: string[] = [];
  const document = parse(sdl, { noLocation: true });
  visit(document, {
    Directive(directive) {
      if (directive.name.value === 'deprecated') reasons.push(reasonOf(directive));
    },
  });
  return reasons.filter((reason) => (dayIn(reason) ?? '') < earliest);
}

function reasonOf({ arguments: given = [] }: DirectiveNode): string {
  const reason = given.find(({ name }) => name.value === 'reason')?.value;
  return reason?.kind === Kind.STRING ? reason.value : '';
}
