import type { TownContext } from '../../beads/context.ts';
import { formatAddress, parseAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { GtError, messageOf } from '../../core/errors.ts';
import type { SessionName } from '../../core/names.ts';
import { clearAlert, raiseAlert } from '../../beads/forms/alert.ts';
import { targetOf } from '../../sessions/target.ts';
import { emitEvent } from '../../town/events.ts';
import { agentWanted, readWanted } from '../../town/wanted.ts';
import type { Wanted } from '../../town/wanted.ts';
import { backoffMs } from '../backoff.ts';
import type { Hands } from '../hands.ts';
import type { Failure } from '../memory.ts';
import { planKeep } from './keep-plan.ts';
import type { KeepAction, KeepRules } from './keep-plan.ts';
import { ROLE_RULES } from './rules.ts';

export interface KeepRun extends KeepRules {
  /** By assignee id. */
  readonly failures: ReadonlyMap<string, Failure>;
}

export interface KeepReport {
  readonly troubles: readonly string[];
  readonly failures: ReadonlyMap<string, Failure>;
  readonly nextInMs: number | undefined;
}

/** So many starts in a row that did not last: a person should know. */
const TOO_MANY = 5;

/**
 * Keeps the agents that people have started by name, and stops those that they have stopped: mayor, and the agents
 * that were asked for on top of the daemon's own work. One agent's trouble never keeps the others waiting.
 */
export async function keepAgents(ctx: TownContext, hands: Hands, run: KeepRun): Promise<KeepReport> {
  const failures = new Map(run.failures);
  const troubles: string[] = [];
  const waits: number[] = [];
  for (const address of namedAgents(await readWanted(ctx))) {
    const id = formatAddress(address);
    try {
      const action = await keepOne(ctx, hands, { address, run, failure: failures.get(id) });
      if (action?.kind === 'wait') waits.push(action.ms);
      if (action?.kind === 'forgive') failures.delete(id);
      if (action?.kind === 'start') failures.set(id, oneMore(failures.get(id), run.now));
    } catch (error) {
      if (!(error instanceof GtError)) throw error;
      troubles.push(`${id}: ${messageOf(error)}`);
      const failure = oneMore(failures.get(id), run.now);
      failures.set(id, failure);
      waits.push(backoffMs(failure.count, run.backoff));
    }
  }
  return { troubles, failures, nextInMs: waits.length === 0 ? undefined : Math.min(...waits) };
}

function oneMore(before: Failure | undefined, now: number): Failure {
  return { count: (before?.count ?? 0) + 1, last: now };
}

/** Workers are looked after by what they hold, crew by the people they belong to. */
function namedAgents({ agents }: Wanted): readonly AgentAddress[] {
  return Object.keys(agents).flatMap((id) => {
    try {
      const address = parseAddress(id);
      return ROLE_RULES[address.role].isKept || address.role === 'boot' || address.role === 'dog'
        ? [address]
        : [];
    } catch (error) {
      if (error instanceof GtError) return [];
      throw error;
    }
  });
}

interface One {
  readonly address: AgentAddress;
  readonly run: KeepRun;
  readonly failure: Failure | undefined;
}

async function keepOne(ctx: TownContext, hands: Hands, one: One): Promise<KeepAction | undefined> {
  const { address, run, failure } = one;
  const { session } = await targetOf(ctx, address);
  const seen = await ctx.ports.panes.observe(session);
  // Read again: starting the one before may have taken long, and a person may have spoken meanwhile.
  const wanted = agentWanted(await readWanted(ctx), address);
  const action = planKeep({ wanted, seen, failures: failure }, run);
  switch (action?.kind) {
    case 'stop':
      await hands.stopSession(session);
      return action;
    case 'start':
      await announce(ctx, { address, session, why: action.why });
      if ((failure?.count ?? 0) + 1 >= TOO_MANY) await alert(ctx, address, action.why);
      await hands.startStanding(address);
      return action;
    case 'forgive':
      await (
        await ctx.ledgers.hq()
      ).transaction('daemon', (tx) => clearAlert(tx, alertKey(address), 'it has been running for a while'));
      return action;
    case 'wait':
    case undefined:
      return action;
  }
}

async function announce(
  ctx: TownContext,
  {
    address,
    session,
    why,
  }: { readonly address: AgentAddress; readonly session: SessionName; readonly why: string },
): Promise<void> {
  const payload = { session, agent: formatAddress(address), reason: why, caller: 'daemon' };
  await emitEvent(ctx, { type: 'session_death', payload, visibility: 'both', actor: 'daemon' });
}

async function alert(ctx: TownContext, address: AgentAddress, why: string): Promise<void> {
  const id = formatAddress(address);
  await (
    await ctx.ledgers.hq()
  ).transaction('daemon', (tx) =>
    raiseAlert(tx, {
      key: alertKey(address),
      title: `${id} does not stay up: ${why}`,
      text: `It is started again with growing pauses. To leave it down: gt session stop ${id}`,
      priority: 1,
      kind: 'escalation',
    }),
  );
}

function alertKey(address: AgentAddress): string {
  return `keep:${formatAddress(address)}`;
}
