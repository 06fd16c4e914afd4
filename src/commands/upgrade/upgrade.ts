import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { renderUpgrade } from '../../ui/text/upgrade.ts';
import { startDaemon, stopDaemon } from '../../watchdog/daemon-control.ts';
import { runUpgrade } from '../../watchdog/upgrade/run.ts';
import { actingTown } from '../acting-town.ts';
import { runAdoption } from './adopt.ts';

const lines = z.array(z.string());

export const schema = z.object({
  state: z.enum([
    'possible',
    'refused',
    'adopted',
    'confirmed',
    'reverted',
    'current',
    'pending',
    'upgraded',
  ]),
  problems: z.array(z.object({ what: z.string(), hint: z.string() })),
  kept: lines,
  changed: lines,
  ignored: lines,
  steps: z.array(z.object({ what: z.string(), kind: z.string() })),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  if (['adopt', 'confirm', 'revert'].some((flag) => input.bool(flag))) return await runAdoption(app, input);
  const ctx = await actingTown(app);
  const how = input.bool('dry-run') ? 'look' : 'do';
  // It runs the code of the gt that started it.
  const stopped = how === 'do' ? await stopDaemon(ctx) : undefined;
  const steps = await runUpgrade(ctx, how);
  const restarted = stopped?.pid !== undefined && !input.bool('no-start');
  if (restarted) await startDaemon(ctx);
  const changes = steps.filter(({ kind }) => kind !== 'skip');
  const state = changes.length === 0 ? 'current' : how === 'do' ? 'upgraded' : 'pending';
  return {
    data: {
      state,
      problems: [],
      kept: [],
      changed: [],
      ignored: [],
      steps: steps.map(({ what, kind }) => ({ what, kind })),
    },
    text: renderUpgrade(steps, { state, restarted, verbose: input.bool('verbose'), paint: app.output.style }),
  };
}
