import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { readHistory } from '../../../polecat/identity/history.ts';
import { hasIdentity, noIdentity } from '../../../polecat/identity/remove.ts';
import { polecatNamed } from '../../../polecat/list.ts';
import { rigNamed } from '../../../rig/registry.ts';
import { renderIdentity } from '../../../ui/text/identities.ts';

export const schema = z.object({
  identity: z.string(),
  created: z.string(),
  sessions: z.number(),
  issues_completed: z.number(),
  issues_failed: z.number(),
  issues_abandoned: z.number(),
  languages: z.record(z.string(), z.number()),
  work_types: z.record(z.string(), z.number()),
  avg_completion_minutes: z.nullable(z.number()),
  first_pass_rate: z.nullable(z.number()),
  recent_work: z.array(
    z.object({ id: z.string(), title: z.string(), type: z.string(), completed: z.string() }),
  ),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const rig = await rigNamed(town, input.arg('rig'));
  const view = await polecatNamed(town, rig, input.arg('name'));
  if (!hasIdentity(view) || view.row === undefined) throw noIdentity(rig, view.name);
  const history = await readHistory(town, rig, view.name);
  const data = {
    identity: `${rig.name}/polecats/${view.name}`,
    created: view.row.bead.createdAt,
    sessions: view.row.spawn,
    issues_completed: history.completed,
    issues_failed: history.failed,
    issues_abandoned: history.abandoned,
    languages: history.languages,
    work_types: history.workTypes,
    avg_completion_minutes: history.averageMinutes === undefined ? null : Math.round(history.averageMinutes),
    first_pass_rate: history.firstPassRate ?? null,
    recent_work: history.recent.map(({ bead, title, type, completed }) => ({
      id: bead,
      title,
      type,
      completed,
    })),
  };
  return { data, text: renderIdentity(data, { paint: app.output.style, now: town.ports.clock.now() }) };
}
