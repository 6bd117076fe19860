import { Problem } from '#base/problem.ts';
import type { CallOptions, Draft, LanguageModel, PostKind, WritingSource } from '#providers/language-model.ts';
import { type Composed, compose } from './compose.ts';
import { type BrokenRule, brokenRules, saidOf } from './platform-rules.ts';
import { shortened } from './posts-shortened.ts';

/** What is wanted of the model: the kind of post, and what it is written from. */
export interface Order {
  readonly kind: PostKind;
  readonly source: WritingSource;
}

/** Asking a third time brought nothing that the first complaint had not. */
const mostComplaints = 2;

/**
 * Writes a post that keeps every rule of its platform and the caller's `maxLength`. A draft that breaks one goes back
 * to the model with a complaint, at most twice; then whole sentences are dropped until it fits. Throws RULE_BROKEN
 * when nothing publishable is left, and what the model throws.
 */
export async function writePost(model: LanguageModel, order: Order, options: CallOptions): Promise<Composed> {
  let draft = await model.write(order.kind, order.source, options);
  for (let complaints = 0; complaints < mostComplaints && mayImprove(model); complaints += 1) {
    const broken = faultsOf(draft, order.source);
    if (broken.length === 0) break;
    draft = await model.write(order.kind, order.source, { ...options, complaint: complaintOf(broken) });
  }
  return compose(fitted(draft, order.source), order.source.lines);
}

/** The extractive method answers the same every time. */
const mayImprove = (model: LanguageModel): boolean => model.provider !== 'extractive';

function faultsOf(draft: Draft, source: WritingSource): BrokenRule[] {
  return brokenRules(compose(draft, source.lines).body, { maxLength: source.maxLength });
}

/** What a model needs to do better. */
const complaintOf = (broken: readonly BrokenRule[]): string => broken.map(saidOf).join('; ');

/** Drops one whole sentence or part at a time; each step makes the draft smaller, so this ends. */
function fitted(draft: Draft, source: WritingSource): Draft {
  let rest = draft;
  for (let [broken] = faultsOf(rest, source); broken; [broken] = faultsOf(rest, source)) {
    const next = shortened(rest, broken);
    if (next === null) throw new Problem('RULE_BROKEN', { rule: broken.rule, ...broken.facts });
    rest = next;
  }
  return rest;
}
