import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core';
import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';

/** What a new schema does to the clients of an old one. */
export interface SchemaChanges {
  /** Documents that were valid are not, or answers have another shape. */
  readonly breaking: readonly Change[];
  /** Documents stay valid; a client that is not prepared for more (another enum value, another type) may stumble. */
  readonly dangerous: readonly Change[];
}

/**
 * The changes that clients feel, by graphql-inspector. What was deprecated in the old schema may go: its removal is only
 * dangerous. The inspector's own rule for that also lets types go that were never deprecated, so it is not used.
 */
export async function changesBetween(before: GraphQLSchema, after: GraphQLSchema): Promise<SchemaChanges> {
  const changes = await diff(before, after);
  const felt = changes.filter(({ criticality }) => criticality.level !== CriticalityLevel.NonBreaking);
  const breaks = ({ criticality, path }: Change): boolean =>
    criticality.level === CriticalityLevel.Breaking && !wasDeprecated(before, path);
  return { breaking: felt.filter(breaks), dangerous: felt.filter((change) => !breaks(change)) };
}

/** Whether a path such as `Upload.title`, `Stage.INGEST` or `Upload.clips.first` names what is deprecated. */
function wasDeprecated(schema: GraphQLSchema, path: string | undefined): boolean {
  const [typeName = '', memberName = '', argumentName] = path?.split('.') ?? [];
  const member = memberOf(schema, typeName, memberName);
  if (member?.deprecationReason != null) return true;
  const argument = member && 'args' in member ? member.args.find(({ name }) => name === argumentName) : undefined;
  return argument?.deprecationReason != null;
}

function memberOf(schema: GraphQLSchema, typeName: string, name: string) {
  const type = schema.getType(typeName);
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) return type.getFields()[name];
  return isEnumType(type) ? type.getValue(name) : undefined;
}
