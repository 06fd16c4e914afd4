import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { furnishWorktree } from '../hooks/furnish.ts';
import { writeIdentityFile } from '../town/identity-file.ts';
import type { CrewPlace } from '../rig/crew-place.ts';
import { readCrewState, writeCrewState } from './state-file.ts';

/**
 * Puts into a clone what its agent needs, nothing of it visible to git (P29): redirect to the rig's ledger, whose
 * clone it is, the copy of its facts for the Go gt; into a new one also overlay and setup hooks. Can be repeated.
 * Returns warnings.
 */
export async function settleClone(
  ctx: TownContext,
  place: CrewPlace,
  { fresh }: { readonly fresh: boolean },
): Promise<readonly string[]> {
  const { rig, path, address } = place;
  const { isOurs } = await readCrewState(ctx, place);
  const warnings = await furnishWorktree(ctx, {
    rig,
    path,
    fresh,
    gitDir: join(path, '.git'),
    hide: ['/.gt-agent', ...(isOurs ? ['/state.json'] : [])],
  });
  await writeIdentityFile(ctx.ports.files, path, address);
  const { branch = '' } = await ctx.ports.git.worktrees.status(path);
  await writeCrewState(ctx, place, branch);
  return warnings;
}
