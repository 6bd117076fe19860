import type { Violation } from '../history.ts';
import type { Aftermath } from '../storm.ts';
import type { Check } from './check.ts';
import { checkErasures } from './erasures.ts';
import { checkEvents } from './events.ts';
import { checkLedger } from './ledger.ts';
import { checkLeftovers } from './leftovers.ts';
import { checkLogs } from './logs.ts';
import { checkObjects } from './objects.ts';
import { checkOutputs } from './outputs.ts';
import { checkQueue } from './queue.ts';
import { checkRuns } from './runs.ts';

const checks: Readonly<Record<string, Check>> = {
  runs: checkRuns,
  outputs: checkOutputs,
  objects: checkObjects,
  erasures: checkErasures,
  events: checkEvents,
  queue: checkQueue,
  ledger: checkLedger,
  leftovers: checkLeftovers,
  logs: checkLogs,
};

/** All that was not kept, what was seen during the storm included. */
export async function violationsOf(aftermath: Aftermath): Promise<Violation[]> {
  const found = [...aftermath.history.violations];
  for (const [check, look] of Object.entries(checks)) {
    found.push(...(await look(aftermath)).map((violation) => ({ check, ...violation })));
  }
  return found;
}
