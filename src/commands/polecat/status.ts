import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { readPolecatDetail } from '../../polecat/detail.ts';
import { polecatNamed } from '../../polecat/list.ts';
import { renderPolecat } from '../../ui/text/polecats.ts';
import { polecatRow } from './list.ts';
import { parsePolecat } from './names.ts';

export const schema = z.object({
  rig: z.string(),
  name: z.string(),
  state: z.string(),
  issue: z.optional(z.string()),
  submitted: z.optional(z.array(z.string())),
  clone_path: z.string(),
  branch: z.optional(z.string()),
  session_running: z.boolean(),
  session_id: z.string(),
  session_name: z.string(),
  attached: z.boolean(),
  windows: z.number(),
  spawn: z.number(),
  created_at: z.optional(z.string()),
  last_activity: z.optional(z.string()),
  changes: z.optional(z.array(z.string())),
  rescues: z.array(z.string()),
  reasons: z.array(z.string()),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const { rig, name } = await parsePolecat(town, input.arg('polecat'));
  const view = await polecatNamed(town, rig, name);
  const { worktree, branch, changes, rescues } = await readPolecatDetail(town, rig, view);
  const state = 'state' in view.seen ? view.seen.state : undefined;
  const running = view.seen.kind === 'live';
  const data = {
    ...polecatRow(view),
    clone_path: worktree,
    ...(branch === undefined ? {} : { branch }),
    session_id: view.session,
    attached: running && state?.attached === true,
    windows: running ? 1 : 0,
    spawn: view.row?.spawn ?? 0,
    ...(view.row === undefined ? {} : { created_at: view.row.bead.createdAt }),
    ...(state?.lastOutput === undefined ? {} : { last_activity: state.lastOutput }),
    ...(changes === undefined ? {} : { changes }),
    rescues,
  };
  return { data, text: renderPolecat(data, app.output.style) };
}
