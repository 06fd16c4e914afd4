import * as z from 'zod/mini';
import { readAttachment } from '../../beads/forms/attachment.ts';
import type { TownContext } from '../../beads/context.ts';
import type { Bead } from '../../beads/types.ts';
import { agentBeadIdOf, formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { parsePrefix } from '../../core/names.ts';
import { progressOfBead } from '../../hooks/attached-molecule.ts';
import { heldEverywhere } from '../../hooks/find-hooked.ts';
import { resolveAddress } from '../../rig/crew-folders.ts';
import { rigNamed } from '../../rig/registry.ts';
import type { HookView } from '../../ui/text/hook.ts';
import { progressJson, progressSchema } from '../mol/progress-json.ts';

export const statusSchema = z.object({
  target: z.string(),
  role: z.string(),
  agent_bead_id: z.string(),
  has_work: z.boolean(),
  pinned_bead: z.optional(
    z.object({
      id: z.string(),
      title: z.string(),
      status: z.string(),
      priority: z.number(),
      assignee: z.string(),
    }),
  ),
  attached_molecule: z.optional(z.string()),
  attached_formula: z.optional(z.string()),
  attached_at: z.optional(z.string()),
  attached_args: z.optional(z.string()),
  attached_vars: z.optional(z.array(z.string())),
  is_wisp: z.boolean(),
  progress: z.optional(progressSchema),
  submitted: z.optional(z.array(z.object({ id: z.string(), mr: z.string(), phase: z.string() }))),
  next_action: z.string(),
});

/** What an agent holds, as `gt hook status --json` says it. NotFoundError for a rig or polecat that is not there. */
export async function readHookStatus(town: TownContext, agent: AgentAddress): Promise<HookView> {
  const { held, submitted } = await readHook(town, agent);
  const [bead] = held;
  const attached = bead === undefined ? {} : (readAttachment(bead) ?? {});
  const prefix = 'rig' in agent ? (await rigNamed(town, agent.rig)).prefix : parsePrefix('hq');
  const optional = (key: string, value: unknown) => (value === undefined ? {} : { [key]: value });
  return {
    target: formatAddress(agent),
    role: agent.role,
    agent_bead_id: agentBeadIdOf(agent, prefix),
    has_work: bead !== undefined,
    ...(bead === undefined
      ? {}
      : {
          pinned_bead: {
            id: bead.id,
            title: bead.title,
            status: bead.status,
            priority: bead.priority,
            assignee: bead.assignee,
          },
        }),
    ...optional('attached_molecule', attached.attachedMolecule),
    ...optional('attached_formula', attached.attachedFormula),
    ...optional('attached_at', attached.attachedAt),
    ...optional('attached_args', attached.attachedArgs),
    ...optional('attached_vars', attached.attachedVars),
    is_wisp: bead?.table === 'wisps',
    ...optional('progress', bead === undefined ? undefined : await stepsOf(town, bead)),
    ...(submitted.length === 0
      ? {}
      : { submitted: submitted.map((each) => ({ id: each.bead.id, mr: each.mr.id, phase: each.mr.phase })) }),
    next_action: nextAction(agent, bead?.status, submitted.length > 0),
  };
}

/** How far the attached molecule is; undefined when there is none whose steps are beads. */
async function stepsOf(town: TownContext, bead: Bead) {
  const progress = await progressOfBead(town, bead);
  return progress === undefined || progress.total === 0 ? undefined : progressJson(progress);
}

/** What an agent holds. An empty hook of a polecat that nobody knows is a slip of the pen: NotFoundError. */
export async function readHook(town: TownContext, agent: AgentAddress) {
  const rig = 'rig' in agent ? await rigNamed(town, agent.rig) : undefined;
  const work = await heldEverywhere(town, agent);
  if (
    rig !== undefined &&
    agent.role === 'polecat' &&
    agent !== town.actor &&
    work.held.length + work.submitted.length === 0
  ) {
    const { polecatNamed } = await import('../../polecat/list.ts');
    await polecatNamed(town, rig, agent.name);
  }
  return work;
}

function nextAction(agent: AgentAddress, status: string | undefined, handedIn: boolean): string {
  if (status === 'hooked') return 'Run gt prime, then begin';
  if (status !== undefined) return agent.role === 'polecat' ? 'Go on; gt done when it is finished' : 'Go on';
  return handedIn ? 'Nothing: it is handed in' : 'Nothing: the hook is empty';
}

/** The agent a command speaks of; '' = the caller. */
export async function agentArg(town: TownContext, text: string): Promise<AgentAddress> {
  return text === '' ? town.actor : resolveAddress(town, text);
}
