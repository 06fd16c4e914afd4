import * as z from 'zod/mini';
import { issueJson } from '../../../beads/write/issue-json.ts';
import type { CommandInput, CommandModule } from '../../../cli/command.ts';
import { UsageError } from '../../../core/errors.ts';
import { moleculesOf } from '../../../formulas/molecule/find.ts';
import { progressOf, paceOf, type Progress, type StepProgress } from '../../../formulas/molecule/progress.ts';
import { readMolecule } from '../../../formulas/molecule/read.ts';
import { dateText } from '../../../ui/text/beads.ts';
import { renderMolecule, renderProgress } from '../../../ui/text/molecules.ts';
import { onBead, onLedger } from '../handlers.ts';
import { issueSchema } from '../schema.ts';

/** Where a molecule stands; without an id, those that the caller (or --for) works on. */
export const current: CommandModule = {
  schema: z.array(
    z.object({
      molecule_id: z.string(),
      molecule_title: z.string(),
      assignee: z.optional(z.string()),
      current_step: z.optional(issueSchema),
      next_step: z.optional(issueSchema),
      steps: z.array(z.object({ issue: issueSchema, status: z.string(), is_current: z.boolean() })),
      completed: z.number(),
      total: z.number(),
    }),
  ),
  run: onLedger(async ({ app, input, home, locate, actor }) => {
    const typed = input.arg('molecule');
    const agent = input.flag('for') ?? (typed === '' ? await actor() : '');
    const located =
      typed === ''
        ? (await moleculesOf(home, agent)).map((bead) => ({ ledger: home, bead }))
        : [await locate(typed)];
    const shown = [];
    for (const { ledger, bead } of located) {
      const progress = progressOf(await readMolecule(ledger, bead));
      shown.push({ progress, steps: cut(progress.steps, input) });
    }
    return {
      data: shown.map(({ progress, steps }) => currentJson(progress, steps)),
      text:
        shown.length === 0
          ? `No molecules in progress for ${agent}.\nStart one: bd mol wisp <formula>, then bd update <step> --claim`
          : shown
              .map(({ progress, steps }) => renderMolecule(progress, app.output.style, steps))
              .join('\n\n'),
    };
  }),
};

/** --range 10-20 (from 1), else --limit. */
function cut(steps: readonly StepProgress[], input: CommandInput): readonly StepProgress[] {
  const range = input.flag('range');
  if (range === undefined) return steps.slice(0, input.number('limit') ?? steps.length);
  const [, first, last] = /^(\d+)-(\d+)$/.exec(range) ?? [];
  if (first === undefined || last === undefined || Number(first) < 1 || Number(last) < Number(first)) {
    throw new UsageError({
      code: 'molecule.bad-range',
      message: `'${range.slice(0, 40)}' is not <first>-<last>, counted from 1`,
    });
  }
  return steps.slice(Number(first) - 1, Number(last));
}

function currentJson(progress: Progress, steps: readonly StepProgress[]) {
  const { root } = progress.molecule;
  return {
    molecule_id: root.id,
    molecule_title: root.title,
    ...(root.assignee === '' ? {} : { assignee: root.assignee }),
    ...(progress.current === undefined ? {} : { current_step: issueJson(progress.current) }),
    ...(progress.next === undefined ? {} : { next_step: issueJson(progress.next) }),
    steps: steps.map(({ bead, state }) => ({
      issue: issueJson(bead),
      status: state,
      is_current: state === 'current',
    })),
    completed: progress.completed,
    total: progress.total,
  };
}

/** How far a molecule is, and how fast it goes. */
export const progress: CommandModule = {
  schema: z.union([
    z.object({
      molecule_id: z.string(),
      molecule_title: z.string(),
      total: z.number(),
      completed: z.number(),
      in_progress: z.number(),
      current_step_id: z.string(),
      percent: z.optional(z.number()),
      rate_per_hour: z.optional(z.number()),
      eta_hours: z.optional(z.number()),
    }),
    z.array(z.never()),
  ]),
  run: onLedger(async ({ input, home, locate, actor }) => {
    const typed = input.arg('molecule');
    const [mine] = typed === '' ? await moleculesOf(home, await actor()) : [];
    if (typed === '' && mine === undefined) {
      return { data: [], text: 'No molecules in progress.\nName one: bd mol progress <molecule>' };
    }
    const { ledger, bead } = mine === undefined ? await locate(typed) : { ledger: home, bead: mine };
    const progress = progressOf(await readMolecule(ledger, bead));
    const pace = paceOf(progress);
    return {
      data: {
        molecule_id: bead.id,
        molecule_title: bead.title,
        total: progress.total,
        completed: progress.completed,
        in_progress: progress.inProgress,
        current_step_id: progress.current?.id ?? '',
        ...(progress.total === 0 ? {} : { percent: progress.percent }),
        ...(pace === undefined ? {} : { rate_per_hour: pace.perHour, eta_hours: pace.hoursLeft }),
      },
      text: renderProgress(progress, pace),
    };
  }),
};

/** When the molecule or one of its steps was changed last. */
export const lastActivity: CommandModule = {
  schema: z.object({
    molecule_id: z.string(),
    last_activity: z.string(),
    source: z.string(),
    source_step_id: z.optional(z.string()),
  }),
  run: onBead('molecule', async ({ app, ledger, bead }) => {
    const { steps } = await readMolecule(ledger, bead);
    const last = steps.reduce((latest, step) => (step.updatedAt > latest.updatedAt ? step : latest), bead);
    const source =
      last.id === bead.id ? 'molecule_updated' : last.status === 'closed' ? 'step_closed' : 'step_updated';
    return {
      data: {
        molecule_id: bead.id,
        last_activity: last.updatedAt,
        source,
        ...(last.id === bead.id ? {} : { source_step_id: last.id }),
      },
      text: `${dateText(last.updatedAt, app.machine.clock.now())}  ${last.id}`,
    };
  }),
};
