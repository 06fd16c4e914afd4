import * as z from 'zod/mini';
import type { CommandModule } from '../../cli/command.ts';
import { formatAddress } from '../../core/address.ts';
import { renderStopped } from '../../ui/text/roles.ts';
import { stopRole } from '../../watchdog/roles/stop.ts';
import { actingTown } from '../acting-town.ts';
import { addressOf } from './role-command.ts';
import type { NamedRole } from './role-command.ts';

export const schema = z.object({ agent: z.string(), session: z.string(), was_running: z.boolean() });

/** `gt <role> stop`. */
export function stopOf(role: NamedRole): CommandModule {
  return {
    schema,
    async run(app, input) {
      const ctx = await actingTown(app);
      const address = await addressOf(ctx, role, { app, input });
      const stopped = await stopRole(ctx, address, { reason: `gt ${role} stop` });
      return {
        data: { agent: formatAddress(address), session: stopped.session, was_running: stopped.wasRunning },
        text: renderStopped(address, stopped, app.output.style),
      };
    },
  };
}
