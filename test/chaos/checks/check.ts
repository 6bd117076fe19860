import type { Violation } from '../history.ts';
import type { Aftermath } from '../storm.ts';

/** Looks for promises that were not kept; empty when all were. */
export type Check = (aftermath: Aftermath) => Promise<Omit<Violation, 'check'>[]>;
