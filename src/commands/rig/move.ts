import * as z from 'zod/mini';
import type { TownContext } from '../../beads/context.ts';
import type { CommandInput, CommandModule, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { UnavailableError } from '../../core/errors.ts';
import { rigNamed } from '../../rig/registry.ts';
import type { Rig } from '../../rig/registry.ts';
import { renderMovedRigs } from '../../ui/text/rig.ts';
import { closeRig, openRig, restartRig, startRig, stopRig } from '../../watchdog/rig-doors.ts';
import type { MovedRig } from '../../watchdog/rig-doors.ts';
import { actingTown } from '../acting-town.ts';

export type RigMove = 'start' | 'stop' | 'restart' | 'park' | 'unpark' | 'dock' | 'undock';

const schema = z.array(z.object({ rig: z.string(), stopped_sessions: z.array(z.string()) }));

type Act = (ctx: TownContext, rig: Rig, input: CommandInput) => Promise<MovedRig>;

const ACTS: Readonly<Record<RigMove, Act>> = {
  start: (ctx, rig) => startRig(ctx, rig),
  stop: (ctx, rig, input) => stopRig(ctx, rig, { force: isForced(input), reason: 'gt rig stop' }),
  restart: (ctx, rig, input) => restartRig(ctx, rig, { force: isForced(input), reason: 'gt rig restart' }),
  park: (ctx, rig) => closeRig(ctx, rig, 'parked'),
  unpark: (ctx, rig) => openRig(ctx, rig, 'parked'),
  dock: (ctx, rig) => closeRig(ctx, rig, 'docked'),
  undock: (ctx, rig) => openRig(ctx, rig, 'docked'),
};

function isForced(input: CommandInput): boolean {
  return input.bool('force') || input.bool('nuclear');
}

/** `gt rig <move>`: all names are checked before anything moves. */
export function moveOf(move: RigMove): Required<CommandModule> {
  return {
    schema,
    async run(app, input) {
      const ctx = await actingTown(app);
      const rigs: Rig[] = [];
      for (const name of new Set(input.args('rigs'))) rigs.push(await rigNamed(ctx, name));
      const moved: (MovedRig & { readonly rig: string })[] = [];
      for (const rig of rigs) moved.push({ rig: rig.name, ...(await ACTS[move](ctx, rig, input)) });
      return replyOf(app, move, moved);
    },
  };
}

function replyOf(
  app: AppContext,
  move: RigMove,
  moved: readonly (MovedRig & { readonly rig: string })[],
): CommandReply {
  const troubles = moved.flatMap((each) => each.troubles);
  if (troubles.length > 0) {
    throw new UnavailableError({
      code: 'session.will-not-stop',
      message: `not everything stopped: ${troubles.join('; ')}`,
      hint: 'It is wanted down: the daemon goes on trying. Run: gt status',
    });
  }
  return {
    data: moved.map(({ rig, stopped }) => ({ rig, stopped_sessions: stopped })),
    text: renderMovedRigs(move, moved, app.output.style),
  };
}
