import { join } from 'node:path';
import type { AgentAddress } from '../core/address.ts';
import type { TownContext } from '../beads/context.ts';
import { roleFolder } from '../town/agent-home.ts';
import { formatJson, readJsonFile } from '../town/json-file.ts';
import { claudeSettings } from './claude-settings.ts';
import { gtProgram } from './gt-command.ts';
import type { RuntimeRecord } from './types.ts';

/**
 * Writes the files by which a runtime calls gt back, in the role's own folder, never in a worktree (P29). Returns
 * the path to pass on the command line; undefined = this runtime gets no hooks from us, and is told to prime itself.
 * A user's malformed file is left as it is: UnreadableError `file.corrupt`.
 */
export async function ensureProviderFiles(
  ctx: TownContext,
  { address, runtime }: { readonly address: AgentAddress; readonly runtime: RuntimeRecord },
): Promise<string | undefined> {
  const { hooks } = runtime;
  if (hooks?.provider !== 'claude' || hooks.base !== 'settings') return undefined;
  const path = join(roleFolder(ctx.root, address), hooks.file);
  const existing = await readJsonFile(ctx.ports.files, path);
  const settings = claudeSettings(existing ?? {}, gtProgram(ctx.gtArgv));
  if (existing === undefined || JSON.stringify(existing) !== JSON.stringify(settings)) {
    await ctx.ports.files.writeAtomic(path, formatJson(settings), { mode: 0o600 });
  }
  return path;
}
