import pLimit, { type LimitFunction } from 'p-limit';
import { Problem } from '#base/problem.ts';
import type { Api, Viewer } from '#graph/context.ts';
import { webhookUrl } from '#providers/webhook-address.ts';
import { targetRules } from './target-rules.ts';

/** Of those whose addresses this process is looking up: nobody takes more than one of the few places for that. */
const lines = new Map<string, LimitFunction>();

/**
 * The URL of an endpoint as it is stored; those of one person are looked up one after the other. Throws INVALID_INPUT for
 * one that this deployment sends nothing to, or whose name server is silent for four seconds.
 */
export async function checkedUrl(given: string, { userId }: Viewer, env: Api['env']): Promise<string> {
  const line = lines.get(userId) ?? pLimit(1);
  lines.set(userId, line);
  try {
    return (await line(() => webhookUrl(given, targetRules(env)))).href;
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown;
    throw new Problem(thrown.code, { ...thrown.facts, path: ['input', 'url'] }, thrown);
  } finally {
    if (line.activeCount + line.pendingCount === 0) lines.delete(userId);
  }
}
