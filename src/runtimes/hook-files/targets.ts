import { join } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { GtError } from '../../core/errors.ts';
import { isOldWorkerName } from '../../core/names.ts';
import { listCrewFolders } from '../../rig/crew-folders.ts';
import { listRigs } from '../../rig/registry.ts';
import type { Rig } from '../../rig/registry.ts';
import { agentHome } from '../../town/agent-home.ts';
import { readAgentFiles } from '../agent-files.ts';
import { makeCatalog } from '../catalog.ts';
import { hookPlace } from '../provider-files.ts';
import { chooseRuntime } from '../resolve.ts';
import type { RuntimeRecord } from '../types.ts';
import { targetName } from './layers.ts';
import { planHookFiles } from './plan.ts';
import type { HookFile, HookPlace } from './plan.ts';

/** Hook files of the agents of one role, or of one agent whose runtime looks for them where it works. */
export interface TargetFiles {
  /** `mayor`, `shop/crew`, `shop/crew/ann`. */
  readonly target: string;
  readonly place: HookPlace;
  /** The file itself. */
  readonly path: string;
  readonly exists: boolean;
  /** What is not as it should be. */
  readonly changes: readonly HookFile[];
  /** Why it cannot be read; it stays as it is then. */
  readonly error: GtError | undefined;
}

/** All of them, by the agents that are configured, installed or not. */
export async function readHookTargets(ctx: TownContext): Promise<readonly TargetFiles[]> {
  const town: readonly AgentAddress[] = [{ role: 'mayor' }, { role: 'deacon' }];
  const places = new Map<string, Omit<TargetFiles, 'exists' | 'changes' | 'error'>>();
  for (const address of [
    ...town,
    ...(await Promise.all((await listRigs(ctx)).map((rig) => agentsOf(ctx, rig)))).flat(),
  ]) {
    const runtime = await configured(ctx, address);
    const cwd = agentHome(ctx.root, address);
    // Nobody works there yet.
    if (runtime.hooks?.base === 'work' && (await ctx.ports.files.stat(cwd)) === undefined) continue;
    const place = await hookPlace(ctx, { address, runtime, cwd });
    if (place === undefined) continue;
    const path = join(place.folder, place.hooks.file);
    const target =
      place.hooks.base === 'settings' ? targetName(place.target) : formatAddress(address).replace(/\/$/, '');
    if (!places.has(path)) places.set(path, { target, place, path });
  }
  return Promise.all([...places.values()].map((found) => compare(ctx, found)));
}

/** Those of the roles, and every worker that has a folder: who comes later gets the files at its start. */
async function agentsOf(ctx: TownContext, rig: Rig): Promise<readonly AgentAddress[]> {
  const { files } = ctx.ports;
  const crew = (await listCrewFolders(ctx, rig)).filter(({ kind }) => kind === 'clone');
  const polecats = ((await files.list(rig.paths.polecatsDir)) ?? []).flatMap(({ name, kind }) =>
    kind === 'dir' && isOldWorkerName(name) ? [name] : [],
  );
  return [
    { role: 'witness', rig: rig.name },
    { role: 'refinery', rig: rig.name },
    ...crew.map(({ name }) => ({ role: 'crew', rig: rig.name, name }) as const),
    ...polecats.map((name) => ({ role: 'polecat', rig: rig.name, name }) as const),
  ];
}

async function configured(ctx: TownContext, address: AgentAddress): Promise<RuntimeRecord> {
  const rig = 'rig' in address ? address.rig : undefined;
  const worker = 'name' in address ? address.name : undefined;
  const files = await readAgentFiles(ctx.ports.files, ctx.paths, rig);
  return chooseRuntime(files, { role: address.role, rig, worker }, makeCatalog(files, ctx.gtArgv));
}

async function compare(
  ctx: TownContext,
  found: Omit<TargetFiles, 'exists' | 'changes' | 'error'>,
): Promise<TargetFiles> {
  const exists = (await ctx.ports.files.stat(found.path)) !== undefined;
  try {
    return { ...found, exists, changes: await planHookFiles(ctx, found.place), error: undefined };
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    return { ...found, exists, changes: [], error };
  }
}
