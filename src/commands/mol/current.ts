import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import { readAttachedMolecule } from '../../hooks/attached-molecule.ts';
import type { Attached } from '../../hooks/attached-molecule.ts';
import { agentArg } from '../hook/status-data.ts';

export const schema = z.object({
  identity: z.string(),
  handoff_id: z.optional(z.string()),
  handoff_title: z.optional(z.string()),
  molecule_id: z.optional(z.string()),
  molecule_title: z.optional(z.string()),
  steps_complete: z.number(),
  steps_total: z.number(),
  current_step_id: z.optional(z.string()),
  current_step: z.optional(z.string()),
  status: z.enum(['working', 'naked', 'complete', 'blocked']),
});

/** The step an agent should do now. naked = nothing is held, or no molecule hangs on it. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const agent = await agentArg(town, input.arg('identity'));
  const attached = await readAttachedMolecule(town, agent);
  const { bead, progress } = attached;
  const step = progress?.current ?? progress?.next;
  const status = statusOf(attached);
  const root = progress?.molecule.root;
  const data = {
    identity: formatAddress(agent),
    ...(bead === undefined ? {} : { handoff_id: bead.id, handoff_title: bead.title }),
    ...(root === undefined ? {} : { molecule_id: root.id, molecule_title: root.title }),
    steps_complete: progress?.completed ?? 0,
    steps_total: progress?.total ?? 0,
    ...(step === undefined ? {} : { current_step_id: step.id, current_step: step.title }),
    status,
  };
  const what = step === undefined ? (root?.title ?? bead?.title ?? 'nothing') : `${step.id} ${step.title}`;
  return { data, text: `${data.identity}: ${status}: ${what} (${data.steps_complete}/${data.steps_total})` };
}

function statusOf({ progress }: Attached): z.infer<typeof schema>['status'] {
  if (progress === undefined || progress.molecule.root.status === 'closed') return 'naked';
  if (progress.total > 0 && progress.completed === progress.total) return 'complete';
  // Without steps of its own the molecule is worked through from its formula.
  return progress.total === 0 || progress.current !== undefined || progress.next !== undefined
    ? 'working'
    : 'blocked';
}
