import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import type { TownContext } from '../../beads/context.ts';
import { planAdoption } from '../../rig/adopt/plan.ts';
import { confirmAdopt, revertAdopt, runAdopt } from '../../rig/adopt/run.ts';
import { refuseStranger } from '../../sessions/own-session.ts';
import { findTown } from '../../town/find.ts';
import { readTown } from '../../town/town-file.ts';
import { renderAdoptPlan } from '../../ui/text/adopt.ts';

/** `gt upgrade --adopt`, `--confirm` and `--revert`. */
export async function runAdoption(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await foreignTown(app);
  const dryRun = input.bool('dry-run');
  if (input.bool('confirm')) return confirmed(await confirmAdopt(ctx));
  if (input.bool('revert')) return reverted(await revertAdopt(ctx));
  if ((await readTown(ctx.ports.files, ctx.paths)).isAdopted)
    return { data: data('adopted'), text: 'The town is adopted already. Bring it up to date: gt upgrade' };
  if (!dryRun) {
    const plan = await runAdopt(ctx);
    return {
      data: data('adopted', plan),
      text: renderAdoptPlan(plan, { state: 'adopted', paint: app.output.style }),
    };
  }
  const plan = await planAdoption(ctx);
  const state = plan.problems.length === 0 ? 'possible' : 'refused';
  return {
    data: data(state, plan),
    text: renderAdoptPlan(plan, { state, paint: app.output.style }),
    exitCode: plan.problems.length === 0 ? 0 : 1,
  };
}

async function foreignTown(app: AppContext): Promise<TownContext> {
  const { machine, cwd, env } = app;
  const ctx = await app.townAt(await findTown({ files: machine.files, cwd, env }), 'any');
  await refuseStranger(ctx);
  return ctx;
}

type State = 'possible' | 'refused' | 'adopted' | 'confirmed' | 'reverted';

function data(state: State, plan: Partial<Awaited<ReturnType<typeof planAdoption>>> = {}) {
  const { problems = [], kept = [], changed = [], ignored = [] } = plan;
  return { state, problems, kept, changed, ignored, steps: [] };
}

function confirmed(backup: string): CommandReply {
  return {
    data: { ...data('confirmed'), kept: [backup] },
    text: `The adoption is final. The backup stays in ${backup}: remove it when you are sure`,
  };
}

function reverted(aside: readonly string[]): CommandReply {
  return {
    data: { ...data('reverted'), kept: aside },
    text: [
      'The town is what it was before it was adopted.',
      ...aside.map((path) => `What was written since is kept in ${path}`),
    ].join('\n'),
  };
}
