import { type CaptionsReport, captionRules, captionsReport } from '#captions/captions-report.ts';
import { builder } from '#graph/builder.ts';
import { Transcript } from './graph.ts';

const severityOf = { FAULT: 'Fault', WARNING: 'Warning' } as const;

const Rule = builder.enumType('CaptionRule', {
  description: 'Rules of readable captions; each says how grave it is and what `worst` counts.',
  values: Object.fromEntries(
    Object.entries(captionRules).map(([rule, { severity, worst }]) => [
      rule,
      { description: `${severityOf[severity]}: ${worst}` },
    ]),
  ),
});

const Violation = builder.objectRef<CaptionsReport['violations'][number]>('CaptionViolation').implement({
  description: 'A rule that captions break.',
  fields: (t) => ({
    rule: t.field({ type: Rule, description: 'Which.', resolve: ({ rule }) => rule }),
    count: t.exposeInt('count', { description: 'In how many captions.' }),
    worst: t.exposeFloat('worst', { description: 'How badly at most; the rule says in what.' }),
    worstAtMs: t.expose('worstAtMs', { type: 'Milliseconds', description: 'Where that caption starts.' }),
  }),
});

/** How well captions can be read. */
export const CaptionsReportType = builder.objectRef<CaptionsReport>('CaptionsReport').implement({
  description: 'How well captions can be read: the rules they break. Fast speech breaks some that nobody could keep.',
  fields: (t) => ({
    cueCount: t.exposeInt('cueCount', { description: 'How many captions there are.' }),
    violations: t.field({
      type: [Violation],
      description: 'Rules that are broken.',
      resolve: (report) => [...report.violations],
    }),
  }),
});

/** The report of a row of caption files; null where there is none. */
export const reportIn = (rows: readonly { readonly report: unknown }[]): CaptionsReport | null =>
  captionsReport.nullable().parse(rows[0]?.report ?? null);

builder.prismaObjectField(Transcript, 'captionsReport', (t) =>
  t.field({
    type: CaptionsReportType,
    nullable: true,
    description: 'How well `captions` can be read; the same for each flavour.',
    select: { captions: { where: { format: 'VTT' }, take: 1, select: { report: true } } },
    resolve: ({ captions }) => reportIn(captions),
  }),
);
