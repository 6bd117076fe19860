import { Problem } from '#base/problem.ts';
import { Workspace } from '#domain/workspaces/graph.ts';
import { builder } from '#graph/builder.ts';
import { mutation, payloadType } from '#graph/mutation.ts';
import { type MeterShape, UsageMeter } from '#graph/usage-meter.ts';
import { type Period, periodOf, shown } from '#usage/meters.ts';
import { planNamed, usageKinds } from '#usage/plans.ts';
import { useOf } from '#usage/use.ts';
import { setWorkspacePlan, setWorkspacePlanInput } from './set-plan.ts';

interface UsageShape {
  readonly period: Period;
  readonly plan: string;
  readonly meters: readonly MeterShape[];
}

const Usage = builder.objectRef<UsageShape>('Usage').implement({
  description: 'Metered consumption of one billing period.',
  fields: (t) => ({
    periodStart: t.field({
      type: 'DateTime',
      description: 'Its first instant.',
      resolve: ({ period }) => period.start,
    }),
    periodEnd: t.field({
      type: 'DateTime',
      description: 'First instant of the next period.',
      resolve: ({ period }) => period.end,
    }),
    plan: t.exposeString('plan', { description: "The workspace's plan now." }),
    meters: t.field({ type: [UsageMeter], description: 'Every kind of use.', resolve: ({ meters }) => [...meters] }),
  }),
});

builder.prismaObjectField(Workspace, 'usage', (t) =>
  t.field({
    type: Usage,
    select: { plan: true },
    description: 'Current billing period unless a past month is asked for.',
    args: { month: t.arg.string({ description: 'A month in UTC, as `2026-11`.' }) },
    resolve: async ({ id, plan: name }, { month }, { api }) => {
      const period = typeof month === 'string' ? monthNamed(month) : periodOf(new Date());
      const plan = planNamed(name);
      const use = await useOf(api.database.prisma, id, period);
      const meters = usageKinds.map((kind) => {
        const limit = plan.limits[kind];
        const { used, reserved } = use[kind];
        return {
          kind,
          used: shown(kind, used),
          reserved: shown(kind, reserved),
          limit: limit === null ? null : shown(kind, limit),
        };
      });
      return { period, plan: plan.name, meters };
    },
  }),
);

function monthNamed(name: string): Period {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(name) || name < '1970') {
    throw new Problem('INVALID_INPUT', { reason: 'A month is written as 2026-11.' });
  }
  return periodOf(new Date(`${name}-01`));
}

mutation('setWorkspacePlan', {
  about: 'Give a workspace another plan, from now on. For admins of the deployment.',
  check: setWorkspacePlanInput,
  perform: setWorkspacePlan,
  payload: payloadType<{ workspaceId: string }>('SetWorkspacePlanPayload', (t) => ({
    workspace: t.prismaField({
      type: Workspace,
      nullable: true,
      description: 'The workspace as it is now.',
      resolve: (...[query, { workspaceId }, , { api }]) => {
        const selected = { ...query };
        return workspaceId
          ? api.database.prisma.workspace.findUnique({ ...selected, where: { id: workspaceId } })
          : null;
      },
    }),
  })),
  input: builder.inputType('SetWorkspacePlanInput', {
    description: 'Which workspace gets which plan.',
    fields: (t) => ({
      workspaceId: t.id({ required: true, description: 'Which one.' }),
      plan: t.string({ required: true, description: 'Name of a plan.' }),
    }),
  }),
});
