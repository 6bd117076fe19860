import { OffprintError } from './failure.ts';
import type { ProblemFragment } from './generated/graphql.ts';

/** Why a change did not happen: branch on `code`; `__typename` says what else is known. */
export type Refusal = ProblemFragment;

/** What came of a change. */
export type Outcome<Payload> =
  | ({ readonly ok: true } & Omit<Payload, 'errors'>)
  | { readonly ok: false; readonly errors: readonly [Refusal, ...Refusal[]] };

/** The payload of a mutation with one field. */
export type PayloadOf<Result> = NonNullable<Result[keyof Result]>;

/** The answer to a mutation as its outcome. Throws OffprintError BAD_ANSWER for one without a payload. */
export function outcomeOf<Result extends object>(result: Result): Outcome<PayloadOf<Result>> {
  // The one field of the result, as its document promises.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const payload = Object.values(result)[0] as (PayloadOf<Result> & { readonly errors?: readonly Refusal[] }) | null;
  if (!payload) throw new OffprintError('BAD_ANSWER', { message: 'The API answered without a payload.' });
  const { errors = [], ...rest } = payload;
  const [first, ...others] = errors;
  return first ? { ok: false, errors: [first, ...others] } : { ok: true, ...rest };
}
