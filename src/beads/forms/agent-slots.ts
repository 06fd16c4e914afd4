import { RefusedError, UsageError } from '../../core/errors.ts';
import { parseFields, writeFields } from './fields.ts';
import type { Bead, LedgerTx } from '../types.ts';

/** The two places on an agent's row that older prompts fill. Work itself is the bead's status and assignee. */
export type AgentSlot = 'hook' | 'role';

export interface AgentSlots {
  readonly hook: string | undefined;
  readonly role: string | undefined;
}

const AGENT_STATES: readonly string[] = [
  'spawning',
  'working',
  'done',
  'stuck',
  'escalated',
  'idle',
  'running',
  'nuked',
  'awaiting-gate',
  'stopped',
  'dead',
];

/** Throws RefusedError `agent.not-an-agent`. */
export function asAgent(bead: Bead): Bead {
  if (bead.type === 'agent' || bead.labels.includes('gt:agent')) return bead;
  throw new RefusedError({
    code: 'agent.not-an-agent',
    message: `${bead.id} is no agent (type ${bead.type})`,
    hint: 'Run: bd list --include-infra -t agent',
  });
}

/** The description's line counts more than the column. */
export function slotsOf(agent: Bead): AgentSlots {
  const fields = parseFields(agent.description);
  return {
    hook: fields.has('hook_bead') ? fields.get('hook_bead') : agent.hookBead || undefined,
    role: fields.has('role_bead') ? fields.get('role_bead') : agent.roleBead || undefined,
  };
}

/** Writes or clears (undefined) a slot. Throws RefusedError `agent.hook-taken` for a hook that holds another bead. */
export async function setSlot(
  tx: LedgerTx,
  id: string,
  { slot, bead }: { readonly slot: AgentSlot; readonly bead: string | undefined },
): Promise<void> {
  const agent = asAgent(await tx.find(id));
  const held = slotsOf(agent)[slot];
  if (slot === 'hook' && bead !== undefined && held !== undefined && held !== bead) {
    throw new RefusedError({
      code: 'agent.hook-taken',
      message: `the hook of ${agent.id} holds ${held}`,
      hint: `Run: bd slot clear ${agent.id} hook`,
    });
  }
  await tx.update(agent.id, {
    description: writeFields(agent.description, { [`${slot}_bead`]: bead ?? null }),
    ...(slot === 'hook' ? { hookBead: bead ?? '' } : { roleBead: bead ?? '' }),
  });
}

/** Notes what an agent does now. @param now RFC 3339. Throws UsageError `agent.bad-state` */
export async function setAgentState(
  tx: LedgerTx,
  id: string,
  { state, now }: { readonly state: string; readonly now: string },
): Promise<void> {
  if (!AGENT_STATES.includes(state)) {
    throw new UsageError({
      code: 'agent.bad-state',
      message: `'${state.slice(0, 40)}' is no state of an agent`,
      hint: `One of: ${AGENT_STATES.join(', ')}`,
    });
  }
  const agent = asAgent(await tx.find(id));
  await tx.update(agent.id, {
    description: writeFields(agent.description, { agent_state: state }),
    agentState: state,
    lastActivity: now,
  });
}
