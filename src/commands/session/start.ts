import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import { runSling } from '../../polecat/sling/run.ts';
import { findTarget } from '../../sessions/target.ts';
import type { Target } from '../../sessions/target.ts';
import { renderSlingResults } from '../../ui/text/sling.ts';
import { startRoleSession } from '../../watchdog/roles/start.ts';
import { actingTown } from '../acting-town.ts';
import { startReply } from '../roles/start.ts';
import { slingRow } from '../sling/row.ts';

export { schema } from '../roles/start.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await actingTown(app);
  const target = await findTarget(ctx, input.arg('agent'));
  const issue = input.flag('issue');
  if (issue !== undefined) return slingTo(app, ctx, { target, issue });
  const { address } = target;
  return startReply(app, { address }, await startRoleSession(ctx, { address, agent: input.flag('agent') }));
}

/** `gt session restart`. */
export async function restart(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await actingTown(app);
  const { address, session } = await findTarget(ctx, input.arg('agent'));
  if (input.bool('force')) await ctx.ports.panes.stop(session, 0);
  return startReply(app, { address }, await startRoleSession(ctx, { address, fresh: true }));
}

/** With a bead to work on it is a sling to this agent. */
async function slingTo(
  app: AppContext,
  ctx: TownContext,
  { target, issue }: { readonly target: Target; readonly issue: string },
): Promise<CommandReply> {
  const { address, session } = target;
  const [result] = await runSling(ctx, { words: [issue, formatAddress(address)], options: {} });
  if (result?.kind === 'failed') throw result.error;
  const started = (await ctx.ports.panes.observe(session)).kind === 'live';
  return {
    data: { agent: formatAddress(address), session, started },
    text: result === undefined ? '' : renderSlingResults([slingRow(result)], app.output.style),
  };
}
