import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { sessionOf } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import type { SessionName, WorkerName } from '../core/names.ts';
import type { HeldLock } from '../ports/locks.ts';
import type { Rig } from './registry.ts';

/** A crew workspace: who it belongs to and where it is, there or not. */
export interface CrewPlace {
  readonly rig: Rig;
  readonly name: WorkerName;
  readonly address: Extract<AgentAddress, { role: 'polecat' | 'crew' }>;
  readonly path: string;
  readonly session: SessionName;
}

const LOCK_MS = 60_000;

export function crewPlace(rig: Rig, name: WorkerName): CrewPlace {
  const address = { role: 'crew', rig: rig.name, name } as const;
  const path = join(rig.paths.crewDir, name);
  return { rig, name, address, path, session: sessionOf(address, rig.prefix) };
}

/** Whoever makes, renames or removes a workspace holds this. UnavailableError `lock.held` after a minute. */
export function lockCrew(ctx: TownContext, { rig, name }: CrewPlace, purpose: string): Promise<HeldLock> {
  return ctx.ports.locks.acquire(`crew-${rig.name}-${name}`, {
    waitMs: LOCK_MS,
    purpose: `${purpose} ${rig.name}/${name}`,
  });
}
