import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { listPolecats } from '../../polecat/list.ts';
import type { PolecatView } from '../../polecat/list.ts';
import { listRigs, rigNamed } from '../../rig/registry.ts';
import { renderPolecatList } from '../../ui/text/polecats.ts';

export const schema = z.array(
  z.object({
    rig: z.string(),
    name: z.string(),
    state: z.string(),
    issue: z.optional(z.string()),
    submitted: z.optional(z.array(z.string())),
    session_running: z.boolean(),
    zombie: z.optional(z.boolean()),
    session_name: z.string(),
    reasons: z.array(z.string()),
  }),
);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const rigs = input.arg('rig') === '' ? await listRigs(town) : [await rigNamed(town, input.arg('rig'))];
  const views = (await Promise.all(rigs.map((rig) => listPolecats(town, rig)))).flat();
  const rows = views.filter((view) => input.bool('all') || view.verdict.state !== 'nuked').map(polecatRow);
  return { data: rows, text: renderPolecatList(rows, app.output) };
}

export function polecatRow(view: PolecatView) {
  const { verdict, work, seen } = view;
  const [bead] = work.held;
  const submitted = work.submitted.map((each) => each.bead.id);
  return {
    rig: view.rig,
    name: view.name,
    state: view.word,
    ...(bead === undefined ? {} : { issue: bead.id }),
    ...(submitted.length === 0 ? {} : { submitted }),
    session_running: seen.kind === 'live',
    ...(verdict.state === 'orphan' ? { zombie: true } : {}),
    session_name: view.session,
    reasons: verdict.reasons,
  };
}
