import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import { findTarget } from '../../sessions/target.ts';
import { renderStopped } from '../../ui/text/roles.ts';
import { stopRole } from '../../watchdog/roles/stop.ts';
import { actingTown } from '../acting-town.ts';

export { schema } from '../roles/stop.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await actingTown(app);
  const { address } = await findTarget(ctx, input.arg('agent'));
  const force = input.bool('force');
  const stopped = await stopRole(ctx, address, {
    force,
    reason: `gt session stop${force ? ' --force' : ''}`,
  });
  return {
    data: { agent: formatAddress(address), session: stopped.session, was_running: stopped.wasRunning },
    text: renderStopped(address, stopped, app.output.style),
  };
}
