import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { readRefineryStatus } from '../../refinery/status.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import { readWanted, refineryWanted } from '../../town/wanted.ts';
import { renderRefinery } from '../../ui/text/refinery.ts';
import { readDaemonStatus } from '../../watchdog/daemon-status.ts';

export const schema = z.object({
  running: z.boolean(),
  rig_name: z.string(),
  queue_length: z.number(),
  gate_runs: z.number(),
  enabled: z.boolean(),
  engine: z.optional(z.string()),
  gates: z.array(z.string()),
  lanes: z.array(
    z.object({
      target: z.string(),
      state: z.string(),
      why: z.string(),
      since: z.string(),
      chain: z.number(),
    }),
  ),
  waiting: z.array(z.string()),
  warnings: z.array(z.string()),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  const rig = await chooseRig(ctx, { name: input.arg('rig'), cwd: app.cwd });
  const [status, daemon, wanted] = await Promise.all([
    readRefineryStatus(ctx, rig),
    readDaemonStatus(ctx),
    readWanted(ctx),
  ]);
  const byDaemon = daemon.running && refineryWanted(wanted, rig.name);
  const running = status.enabled && (byDaemon || status.engine !== undefined);
  const { enabled, engine, gates, lanes, waiting, warnings } = status;
  return {
    data: {
      running,
      rig_name: rig.name,
      queue_length: status.queued,
      gate_runs: status.gateRuns,
      enabled,
      engine,
      gates,
      lanes,
      waiting,
      warnings,
    },
    text: renderRefinery(status, {
      running,
      start: refineryWanted(wanted, rig.name) ? 'gt up' : `gt refinery start ${rig.name}`,
      paint: app.output.style,
    }),
    warnings,
  };
}
