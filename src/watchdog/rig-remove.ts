import type { TownContext } from '../beads/context.ts';
import { RefusedError } from '../core/errors.ts';
import { isOldWorkerName } from '../core/names.ts';
import type { SessionName } from '../core/names.ts';
import { readBackCommand } from '../hooks/rescue-ref.ts';
import { rescueWorktree } from '../hooks/rescue.ts';
import { findWorktree } from '../hooks/worktree-state.ts';
import { unregisterRig } from '../rig/register.ts';
import type { Rig } from '../rig/registry.ts';
import { emitEvent } from '../town/events.ts';
import { wakeDaemon } from '../town/wake.ts';
import { forgetRigWanted, readWanted, setRigWanted } from '../town/wanted.ts';
import { createHands } from './real-hands.ts';
import { sessionsOf } from './rig-doors.ts';

export interface RemoveOptions {
  /** Stop live sessions, and go on after unsaved work was kept in rescue refs. */
  readonly force: boolean;
}

/** Bytes that were nowhere else, and the command that reads them back. */
export interface RescuedPlace {
  readonly path: string;
  readonly ref: string;
  readonly command: string;
}

export interface RemovedRig {
  readonly stopped: readonly SessionName[];
  readonly rescued: readonly RescuedPlace[];
}

/**
 * Takes a rig out of registry and routes; its files and its ledger stay where they are. What lies in its worktrees
 * and nowhere else is kept in rescue refs first, with or without force (P2). RefusedError `rig.busy`,
 * `rig.unsaved`; UnreadableError when git cannot tell what is there.
 */
export async function removeRig(ctx: TownContext, rig: Rig, { force }: RemoveOptions): Promise<RemovedRig> {
  const live = (await sessionsOf(ctx, rig)).map(({ session }) => session);
  if (live.length > 0 && !force) throw busy(rig, live);
  const before = (await readWanted(ctx)).rigs[rig.name];
  // First of all, or the daemon would take the stopped agents for dead and start them again.
  await setRigWanted(ctx, rig.name, 'down');
  let rescued: readonly RescuedPlace[];
  try {
    const hands = createHands(ctx);
    for (const session of live) await hands.stopSession(session);
    rescued = await rescueAll(ctx, rig);
    if (rescued.length > 0 && !force) throw unsaved(rig, rescued);
    await unregisterRig(ctx, rig);
  } catch (error) {
    await setRigWanted(ctx, rig.name, before);
    throw error;
  }
  await forgetRigWanted(ctx, rig.name);
  await emitEvent(ctx, { type: 'rig_removed', payload: { rig: rig.name }, visibility: 'both' });
  await wakeDaemon(ctx, 'config');
  return { stopped: live, rescued };
}

/** Polecats' worktrees and the refinery's; a crew clone is its person's own repository and is not touched at all. */
async function rescueAll(ctx: TownContext, rig: Rig): Promise<readonly RescuedPlace[]> {
  const places = [
    { path: rig.paths.refineryWorktree, label: 'refinery' },
    ...(await polecatPlaces(ctx, rig)),
  ];
  const rescued: RescuedPlace[] = [];
  for (const { path, label } of places) {
    const { refs } = await rescueWorktree(ctx, rig, { path, label });
    rescued.push(...refs.map((ref) => ({ path, ref, command: readBackCommand(ref) })));
  }
  return rescued;
}

async function polecatPlaces(ctx: TownContext, rig: Rig) {
  const folders = (await ctx.ports.files.list(rig.paths.polecatsDir)) ?? [];
  const workers = folders.flatMap(({ kind, name }) =>
    kind === 'dir' && isOldWorkerName(name) ? [name] : [],
  );
  return Promise.all(workers.map(async (label) => ({ label, path: await findWorktree(ctx, rig, label) })));
}

function busy(rig: Rig, live: readonly SessionName[]): RefusedError {
  return new RefusedError({
    code: 'rig.busy',
    message: `rig ${rig.name} has live sessions: ${live.join(', ')}`,
    hint: `Let them finish, or stop them too: gt rig remove ${rig.name} --force`,
  });
}

function unsaved(rig: Rig, rescued: readonly RescuedPlace[]): RefusedError {
  const kept = rescued.map(({ path, ref }) => `  ${path} is kept in ${ref}`);
  return new RefusedError({
    code: 'rig.unsaved',
    message: `rig ${rig.name} holds work that is nowhere else: ${rescued.map(({ path }) => path).join(', ')}`,
    hint: [`Hand it in, or run: gt rig remove ${rig.name} --force`, ...kept].join('\n'),
  });
}
