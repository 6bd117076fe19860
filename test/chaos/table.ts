import type { Figures, Spread } from './figures.ts';
import type { Violation } from './history.ts';
import type { Aftermath } from './storm.ts';

/** What one storm came to. */
export interface Outcome {
  readonly seed: number;
  readonly seconds: number;
  readonly aftermath: Pick<Aftermath, 'history' | 'orphans' | 'gate' | 'models' | 'subscribers'>;
  readonly figures: Figures;
  readonly violations: readonly Violation[];
}

/** The one table of a storm, in Markdown. */
export function tableOf({ seed, seconds, aftermath, figures, violations }: Outcome): string {
  const { history, orphans, gate, models, subscribers } = aftermath;
  const count = (kind: Violation['kind']): number => violations.filter((violation) => violation.kind === kind).length;
  const faults = Map.groupBy(history.faults, ({ kind }) => kind);
  const rows: (readonly [string, string | number])[] = [
    ['seed', seed],
    ['seconds', Math.round(seconds)],
    ...[...faults].map(([kind, all]) => [kind, all.length] as const).toSorted(([a], [b]) => a.localeCompare(b)),
    ['storage requests that came to harm', gate.harmed],
    ['model requests that came to harm', models.harmed],
    ['mutations acknowledged, each delivered twice', history.acknowledged],
    ['uploads', history.uploads.size],
    ['of them deleted in flight', [...history.uploads.values()].filter(({ deleted }) => deleted).length],
    ['runs', [...figures.runs].map(([status, runs]) => `${runs} ${status}`).join(', ')],
    ['of them retries of what gave up', [...history.runs.values()].filter(({ retriedAs }) => retriedAs).length],
    ['subscribers / reconnects', `${subscribers.all.length} / ${figures.reconnects}`],
    ['objects of unfinished attempts, swept', orphans],
    ['stages of killed workers', figures.recovery.count],
    ['recovery p50 / p99 / max', spread(figures.recovery)],
    ['of it until the worker was missed', spread(figures.missed)],
    ['recovery where all workers were killed', spread(figures.blackout)],
    ['cancels of running work', figures.cancel.count],
    ['cancel p50 / p99 / max', spread(figures.cancel)],
    ['lost', count('lost')],
    ['duplicated', count('duplicated')],
    ['otherwise broken', count('broken')],
  ];
  return ['| | |', '|---|---|', ...rows.map(([what, value]) => `| ${what} | ${value} |`), ''].join('\n');
}

const spread = ({ p50, p99, max }: Spread): string =>
  [p50, p99, max].map((ms) => `${(ms / 1000).toFixed(1)} s`).join(' / ');
