import type { FieldMap, InputObjectRef, ObjectRef } from '@pothos/core';
import type { z } from 'zod';
import { builder, type Types } from './builder.ts';
import { type Api, type Context, signedIn, type Viewer } from './context.ts';
import { ApiError, type ApiErrorShape, apiErrorsFrom } from './errors.ts';
import { type MutationName, permissionOf, requireScope } from './permissions.ts';
import { takeOrRefuse } from './rate-limits.ts';

/** What a payload holds besides its errors; absent where the change did not happen. */
export type Payload<Done extends object> = Partial<Done> & { readonly errors: readonly ApiErrorShape[] };

type PayloadFields<Done extends object> = (t: PothosSchemaTypes.ObjectFieldBuilder<Types, Payload<Done>>) => FieldMap;

/** A payload type: `errors` first, then what the change made, each null unless it happened. */
export function payloadType<Done extends object>(
  name: string,
  fields: PayloadFields<Done>,
): ObjectRef<Types, Payload<Done>> {
  return builder.objectRef<Payload<Done>>(name).implement({
    description: 'What came of the change; `errors` is empty exactly when it happened.',
    fields: (t) => ({
      errors: t.field({
        type: [ApiError],
        description: 'Why the change did not happen.',
        resolve: ({ errors }) => [...errors],
      }),
      ...fields(t),
    }),
  });
}

/**
 * A mutation: one input checked by zod, one payload, one row in the table of permissions, by which an API key is refused
 * here. Problems the caller can act on become data in `errors`; anything else is thrown, masked at the edge and logged.
 */
export function mutation<Checked, Done extends object>(
  name: MutationName,
  options: {
    readonly about: string;
    readonly input: InputObjectRef<Types, object>;
    readonly payload: ObjectRef<Types, Payload<Done>>;
    readonly check: z.ZodType<Checked>;
    readonly perform: (input: Checked, viewer: Viewer, api: Api) => Promise<Done>;
  },
): void {
  builder.mutationField(name, (t) =>
    t.field({
      type: options.payload,
      nullable: true,
      description: options.about,
      authScopes: { signedIn: true },
      args: { input: t.arg({ type: options.input, required: true, description: 'All of it.' }) },
      // The cast spells out what Pothos cannot derive of a generic payload: it is one object, never a list.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      resolve: ((_root: unknown, args: { input: unknown }, context: Context) =>
        performed({ ...options, name }, args.input, context)) as never,
    }),
  );
}

async function performed<Checked, Done extends object>(
  options: {
    name: MutationName;
    check: z.ZodType<Checked>;
    perform: (input: Checked, viewer: Viewer, api: Api) => Promise<Done>;
  },
  input: unknown,
  context: Context,
): Promise<Payload<Done>> {
  try {
    const viewer = signedIn(context);
    requireScope(viewer, options.name);
    // Here and not at the edge: so that several of it in one request count, under whatever alias or fragment. Before the
    // input is looked at: a wrong one costs as well.
    const { rate } = permissionOf(options.name);
    if (rate) await takeOrRefuse(context.api.rates, rate, `user:${viewer.userId}`);
    const checked = await options.check.parseAsync(input);
    const done = await options.perform(checked, viewer, context.api);
    context.api.log.info({ mutation: options.name, userId: viewer.userId, keyId: viewer.key?.id }, 'changed');
    return { ...done, errors: [] };
  } catch (thrown) {
    // Whatever Done holds, Partial of it may be empty; of a generic type that cannot be shown.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return { errors: apiErrorsFrom(thrown) } as unknown as Payload<Done>;
  }
}
