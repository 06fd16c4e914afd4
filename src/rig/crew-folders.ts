import { join } from 'node:path';
import { parseAddress } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import { isOldWorkerName } from '../core/names.ts';
import type { WorkerName } from '../core/names.ts';
import { listRigs } from './registry.ts';
import type { Rig, RigSource } from './registry.ts';

/** A folder below `R/crew`. */
export interface CrewFolder {
  readonly name: WorkerName;
  readonly path: string;
  /**
   * `clone` = somebody's workspace; `worktree` = `<rig>-<name>`, of an agent of another rig; `unfinished` = being
   * made, or left by a `crew add` that was killed.
   */
  readonly kind: 'clone' | 'worktree' | 'unfinished';
}

/** By name; folders that can belong to no agent (`.claude`) are left out. */
export async function listCrewFolders(
  town: RigSource,
  rig: Pick<Rig, 'paths'>,
): Promise<readonly CrewFolder[]> {
  const { files } = town.ports;
  const entries = (await files.list(rig.paths.crewDir)) ?? [];
  const found = entries.map(async ({ name, kind }): Promise<readonly CrewFolder[]> => {
    if (kind !== 'dir' || !isOldWorkerName(name)) return [];
    const path = join(rig.paths.crewDir, name);
    const git = (await files.stat(join(path, '.git')))?.kind;
    const folder = git === undefined ? 'unfinished' : git === 'dir' ? 'clone' : 'worktree';
    return [{ name, path, kind: folder }];
  });
  return (await Promise.all(found)).flat();
}

/**
 * An address as people write it: `<rig>/<n>` is crew where the rig has a crew workspace of that name, else a
 * polecat (one name is never both). UsageError `address.bad`.
 */
export async function resolveAddress(town: RigSource, text: string): Promise<AgentAddress> {
  const address = parseAddress(text);
  const isShort = text.split('/').filter((part) => part !== '').length === 2;
  if (address.role !== 'polecat' || !isShort) return address;
  const rig = (await listRigs(town)).find(({ name }) => name === address.rig);
  const crew = rig === undefined ? [] : await listCrewFolders(town, rig);
  const isCrew = crew.some(({ name, kind }) => name === address.name && kind !== 'worktree');
  return isCrew ? { ...address, role: 'crew' } : address;
}
