import { join } from 'node:path';
import type { AgentAddress } from '../core/address.ts';
import type { TownContext } from '../beads/context.ts';
import { roleFolder } from '../town/agent-home.ts';
import { planHookFiles } from './hook-files/plan.ts';
import type { HookFile, HookPlace } from './hook-files/plan.ts';
import type { RuntimeRecord } from './types.ts';

export interface ProviderFilesRequest {
  readonly address: AgentAddress;
  readonly runtime: RuntimeRecord;
  /** Where the agent works. */
  readonly cwd: string;
}

/** Hooks as the command line of an agent names them. */
export interface HookSetup {
  /** Absolute path of the file. */
  readonly file: string;
  /** Variables by which the runtime finds it. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Writes the files by which a runtime calls gt back: in the role's own folder, or where the runtime looks nowhere
 * else in the working folder, hidden from git (P29). undefined = this runtime gets no hooks from us and is told to
 * prime itself; so too where the project has that file under version control. A user's malformed file is left as it
 * is: UnreadableError `file.corrupt`.
 */
export async function ensureProviderFiles(
  ctx: TownContext,
  request: ProviderFilesRequest,
): Promise<HookSetup | undefined> {
  const place = await hookPlace(ctx, request);
  if (place === undefined) return undefined;
  await writeHookFiles(ctx, await planHookFiles(ctx, place));
  const { hooks, folder } = place;
  const env = hooks.folderEnv === undefined ? {} : { [hooks.folderEnv]: join(folder, hooks.dir) };
  return { file: join(folder, hooks.file), env };
}

export async function writeHookFiles(ctx: TownContext, planned: readonly HookFile[]): Promise<void> {
  for (const { path, content, mode } of planned) await ctx.ports.files.writeAtomic(path, content, { mode });
}

/** Where the hooks of an agent belong; undefined = nowhere. */
export async function hookPlace(
  ctx: TownContext,
  { address, runtime, cwd }: ProviderFilesRequest,
): Promise<HookPlace | undefined> {
  const { hooks } = runtime;
  if (hooks === undefined) return undefined;
  if (hooks.base === 'work' && (await ctx.ports.git.worktrees.isTracked(cwd, hooks.file))) {
    ctx.ports.log.warn('no hooks: the project has the file itself', { file: hooks.file, cwd });
    return undefined;
  }
  const target = { role: address.role, ...('rig' in address ? { rig: address.rig } : {}) };
  return { hooks, target, folder: hooks.base === 'settings' ? roleFolder(ctx.root, address) : cwd };
}
