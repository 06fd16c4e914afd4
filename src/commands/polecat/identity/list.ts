import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { hasIdentity } from '../../../polecat/identity/remove.ts';
import { listPolecats } from '../../../polecat/list.ts';
import type { PolecatView } from '../../../polecat/list.ts';
import { rigNamed } from '../../../rig/registry.ts';
import { renderIdentities } from '../../../ui/text/identities.ts';

export const schema = z.array(
  z.object({
    rig: z.string(),
    name: z.string(),
    bead_id: z.string(),
    agent_state: z.string(),
    hook_bead: z.optional(z.string()),
    cleanup_status: z.optional(z.string()),
    worktree_exists: z.boolean(),
    session_running: z.boolean(),
  }),
);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const rig = await rigNamed(town, input.arg('rig'));
  const rows = (await listPolecats(town, rig)).filter(hasIdentity).map(rowOf);
  return { data: rows, text: renderIdentities(rows, app.output) };
}

function rowOf({ rig, name, row, work, hasFolder, seen }: PolecatView) {
  const [held] = work.held;
  return {
    rig,
    name,
    bead_id: row?.bead.id ?? '',
    agent_state: row?.agentState ?? '',
    ...(held === undefined ? {} : { hook_bead: held.id }),
    ...(row?.cleanupStatus === undefined ? {} : { cleanup_status: row.cleanupStatus }),
    worktree_exists: hasFolder,
    session_running: seen.kind === 'live',
  };
}
