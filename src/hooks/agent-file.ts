import * as z from 'zod/mini';
import type { TownContext } from '../beads/context.ts';
import { parseSha } from '../core/names.ts';
import type { Sha, WorkerName } from '../core/names.ts';
import type { Rig } from '../rig/registry.ts';
import { formatJson, readJsonFile } from '../town/json-file.ts';
import { polecatPaths } from '../town/layout.ts';

/**
 * `.gt-agent` in the folder above the worktree: who lives here and for which dispatch the worktree was made.
 * Written last when a worktree is provisioned, so its `dispatch` says that the worktree is whole.
 */
export interface AgentFile {
  /** `metadata.dispatch` of the bead. */
  readonly dispatch: string;
  readonly bead: string;
  readonly branch: string;
  /** Commit the branch started from in this dispatch. */
  readonly start: Sha;
}

const schema = z.object({
  dispatch: z.string(),
  bead: z.string(),
  branch: z.string(),
  start: z.string().check(z.regex(/^[0-9a-f]{40,64}$/)),
});

/** undefined when the worktree was never finished, or the file is of another gt. */
export async function readAgentFile(
  ctx: TownContext,
  rig: Rig,
  worker: WorkerName,
): Promise<AgentFile | undefined> {
  const { identityFile } = polecatPaths(ctx.root, rig.name, worker);
  const parsed = schema.safeParse(await readJsonFile(ctx.ports.files, identityFile));
  return parsed.success ? { ...parsed.data, start: parseSha(parsed.data.start) } : undefined;
}

export async function writeAgentFile(
  ctx: TownContext,
  rig: Rig,
  entry: { readonly worker: WorkerName; readonly file: AgentFile },
): Promise<void> {
  const { identityFile } = polecatPaths(ctx.root, rig.name, entry.worker);
  const document = { role: 'polecat', rig: rig.name, name: entry.worker, ...entry.file };
  await ctx.ports.files.writeAtomic(identityFile, formatJson(document), { mode: 0o600 });
}
