import type { TownContext } from '../beads/context.ts';
import { RefusedError, messageOf } from '../core/errors.ts';
import type { AgentAddress } from '../core/address.ts';
import type { SessionName } from '../core/names.ts';
import { listPolecats } from '../polecat/list.ts';
import { readRigProperties } from '../rig/properties.ts';
import { listRigPlaces } from '../rig/registry.ts';
import type { Rig } from '../rig/registry.ts';
import { followRigStatus } from '../rig/status.ts';
import { changeRigProperty } from '../rig/write-property.ts';
import { addressOfSession } from '../sessions/session-address.ts';
import { emitEvent } from '../town/events.ts';
import {
  openCommand,
  readWanted,
  refuseUnwanted,
  rigClosed,
  setRigWanted,
  wantAgent,
} from '../town/wanted.ts';
import type { RigClosed } from '../town/wanted.ts';
import { passByDaemon } from './daemon-control.ts';
import { createHands } from './real-hands.ts';
import { stopRole } from './roles/stop.ts';
import { liveSessions, stopEach } from './stop-everything.ts';

/** What a command did to the agents of a rig. */
export interface MovedRig {
  readonly stopped: readonly SessionName[];
  /** One line for each that would not go. */
  readonly troubles: readonly string[];
  /** False = nothing looks after the rig before the next `gt up`. */
  readonly daemon: boolean;
}

/**
 * Closes a rig: no work is given to it, its merge engine rests, its agents stop and keep what they hold. Parked on
 * this machine, or docked on all that share its beads. Crew goes on: people work in their own clones.
 * NotFoundError `bead.not-found` when there is no bead that could say it to others.
 */
export async function closeRig(ctx: TownContext, rig: Rig, how: RigClosed): Promise<MovedRig> {
  // First of all, or the daemon would take the stopped agents for dead and start them again.
  if (how === 'parked') await setRigWanted(ctx, rig.name, 'down');
  else await sayToAll(ctx, rig, { do: 'set', text: 'docked' });
  const sessions = (await sessionsOf(ctx, rig)).filter(({ role }) => role !== 'crew');
  const stopped = sessions.map(({ session }) => session);
  const troubles = await stopEach(createHands(ctx), stopped);
  await emitEvent(ctx, { type: `rig_${how}`, payload: { rig: rig.name }, visibility: 'both' });
  return { stopped, troubles, daemon: await passByDaemon(ctx) };
}

/**
 * Opens it again: agents that hold work go on with it. RefusedError `rig.parked` when something else still closes
 * the rig.
 */
export async function openRig(ctx: TownContext, rig: Rig, how: RigClosed): Promise<MovedRig> {
  const isParked = (await readWanted(ctx)).rigs[rig.name] === 'down';
  if (how === 'docked') await sayToAll(ctx, rig, { do: 'unset' });
  else if (isParked) await setRigWanted(ctx, rig.name, undefined);
  const closed = rigClosed((await followRigStatus(ctx, [rig])).wanted, rig.name);
  if (closed !== undefined) throw await stillClosed(ctx, rig, { closed, how });
  await emitEvent(ctx, { type: 'rig_opened', payload: { rig: rig.name }, visibility: 'both' });
  return { stopped: [], troubles: [], daemon: await passByDaemon(ctx) };
}

/** What one machine said for itself counts before what is said to all: it goes. */
async function sayToAll(
  ctx: TownContext,
  rig: Rig,
  how: { readonly do: 'set'; readonly text: string } | { readonly do: 'unset' },
): Promise<void> {
  await changeRigProperty(ctx, rig, { name: 'status', where: 'global', how });
  if (how.do === 'set' && (await readWanted(ctx)).rigs[rig.name] === 'up')
    await setRigWanted(ctx, rig.name, undefined);
}

async function stillClosed(
  ctx: TownContext,
  rig: Rig,
  { closed, how }: { readonly closed: RigClosed; readonly how: RigClosed },
): Promise<RefusedError> {
  const source = (await readRigProperties(ctx, rig)).source('status');
  const isOurs = source === ctx.paths.wantedFile || source.startsWith('label');
  return new RefusedError({
    code: 'rig.parked',
    message: `rig ${rig.name} is ${closed}, by ${source}`,
    hint:
      isOurs && closed !== how
        ? `Run: ${openCommand(rig.name, closed)}`
        : `Open it on this machine: gt rig config set ${rig.name} status operational`,
  });
}

/**
 * Stops merge engine and agents of a rig until `startRig`, or until somebody gives one of them work. New work is still
 * taken: `closeRig` is for that.
 */
export async function stopRig(
  ctx: TownContext,
  rig: Rig,
  { force, reason }: { readonly force: boolean; readonly reason: string },
): Promise<MovedRig> {
  const stopped: SessionName[] = [];
  const troubles: string[] = [];
  for (const address of [...(await workersOf(ctx, rig)), ...standing(rig)]) {
    try {
      const { session, wasRunning } = await stopRole(ctx, address, { force, reason });
      if (wasRunning) stopped.push(session);
    } catch (error) {
      troubles.push(messageOf(error));
    }
  }
  return { stopped, troubles, daemon: await passByDaemon(ctx) };
}

/** Both; a rig that could not start again is not stopped. Throws what `startRig` throws. */
export async function restartRig(
  ctx: TownContext,
  rig: Rig,
  how: { readonly force: boolean; readonly reason: string },
): Promise<MovedRig> {
  await refuseUnwanted(ctx, standing(rig)[0]);
  const { stopped, troubles } = await stopRig(ctx, rig, how);
  return { ...(await startRig(ctx, rig)), stopped, troubles };
}

/** Takes back what `stopRig` said: engine on, and agents that hold work go on with it. RefusedError `town.down`, `rig.parked`. */
export async function startRig(ctx: TownContext, rig: Rig): Promise<MovedRig> {
  const [refinery] = standing(rig);
  await refuseUnwanted(ctx, refinery);
  for (const address of [...standing(rig), ...(await workersOf(ctx, rig))]) await wantAgent(ctx, address);
  return { stopped: [], troubles: [], daemon: await passByDaemon(ctx) };
}

function standing({ name }: Rig): readonly [AgentAddress, AgentAddress] {
  return [
    { role: 'refinery', rig: name },
    { role: 'witness', rig: name },
  ];
}

/** Those that run or hold something that would make them run. */
async function workersOf(ctx: TownContext, rig: Rig): Promise<readonly AgentAddress[]> {
  const polecats = await listPolecats(ctx, rig);
  return polecats
    .filter(({ seen, work }) => seen.kind === 'live' || work.held.length > 0)
    .map(({ name }) => ({ role: 'polecat', rig: rig.name, name }));
}

/** Live sessions of a rig. */
export async function sessionsOf(
  ctx: TownContext,
  rig: Rig,
): Promise<readonly { readonly session: SessionName; readonly role: AgentAddress['role'] }[]> {
  const [live, rigs] = await Promise.all([liveSessions(ctx), listRigPlaces(ctx)]);
  return live.flatMap((session) => {
    const address = addressOfSession(session, rigs);
    return address !== undefined && 'rig' in address && address.rig === rig.name
      ? [{ session, role: address.role }]
      : [];
  });
}
