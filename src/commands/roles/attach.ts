import type { CommandModule } from '../../cli/command.ts';
import { NotFoundError } from '../../core/errors.ts';
import { attachSession } from '../../sessions/attach.ts';
import { targetOf } from '../../sessions/target.ts';
import { startRoleSession } from '../../watchdog/roles/start.ts';
import { refuseWithoutTerminal } from '../terminal.ts';
import { actingTown } from '../acting-town.ts';
import { addressOf } from './role-command.ts';
import type { NamedRole } from './role-command.ts';

/** `gt <role> attach`. The town's own agents are started for it; those of a rig only when a runtime is named. */
export function attachOf(role: NamedRole): CommandModule {
  return {
    async run(app, input) {
      const ctx = await actingTown(app);
      // Before anything is started for it.
      refuseWithoutTerminal(app);
      const address = await addressOf(ctx, role, { app, input });
      const { session } = await targetOf(ctx, address);
      const agent = input.flag('agent');
      if ((await ctx.ports.panes.observe(session)).kind !== 'live') {
        if (agent === undefined && 'rig' in address) throw isCode(role, address.rig);
        await startRoleSession(ctx, { address, agent });
      }
      const end = await attachSession(ctx, session);
      return end === 'taken' ? { warnings: ['Another terminal has attached to this session'] } : {};
    },
  };
}

function isCode(role: NamedRole, rig: string): NotFoundError {
  return new NotFoundError({
    code: 'role.no-session',
    message: `the ${role} of ${rig} is code of the daemon and has no terminal`,
    hint: `See what it does: gt ${role} status ${rig}. For an agent on top of it: gt ${role} attach ${rig} --agent <name>`,
  });
}
