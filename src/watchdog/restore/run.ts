import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import { GtError, messageOf } from '../../core/errors.ts';
import { startPrompt } from '../../hooks/start-prompt.ts';
import { respawnWorker, rollForwardDispatch } from '../../polecat/dispatch/roll-forward.ts';
import type { RollForward } from '../../polecat/dispatch/roll-forward.ts';
import type { SessionName } from '../../core/names.ts';
import { readRigs } from '../../rig/registry.ts';
import type { Rig } from '../../rig/registry.ts';
import { lastTerms } from '../../sessions/last-conversation.ts';
import { startAgent } from '../../sessions/start-agent.ts';
import { targetOf } from '../../sessions/target.ts';
import { NO_ATTEMPTS } from '../../town/attempts.ts';
import { readTownSettings } from '../../town/settings.ts';
import { readWanted } from '../../town/wanted.ts';
import { gatherWorkers } from '../gather.ts';
import { NEW_MEMORY } from '../memory.ts';
import { planWorker } from '../plan-worker.ts';
import { baseRules } from '../rules.ts';
import type { WorkerFacts } from '../worker-facts.ts';
import { planStanding } from './plan.ts';
import type { Standing } from './plan.ts';
import { gatherStanding } from './standing.ts';

/** One agent that was to come back. */
export interface Restored {
  readonly agent: string;
  readonly rig: string | undefined;
  readonly ok: boolean;
  readonly detail: string;
}

/**
 * Brings back every agent that was at work when machine, tmux or town went down, each on its hook in its place and,
 * where its runtime can, in its conversation. Whatever ended them was no fault of theirs: it uses up no attempts and
 * waits for nothing. One after the other, so that a small machine is not flooded. What lives is left alone.
 */
export async function restoreTown(ctx: TownContext): Promise<readonly Restored[]> {
  const { rigs } = await readRigs(ctx);
  const restored: Restored[] = [];
  for (const rig of rigs) restored.push(...(await restoreWorkers(ctx, rig, rigs)));
  for (const standing of planStanding(await gatherStanding(ctx, rigs)))
    restored.push(await restoreStanding(ctx, standing));
  return restored;
}

async function restoreWorkers(
  ctx: TownContext,
  rig: Rig,
  rigs: readonly Rig[],
): Promise<readonly Restored[]> {
  const now = ctx.ports.clock.now();
  const town = { now, wanted: await readWanted(ctx), attempts: new Map(), rigs, memory: NEW_MEMORY };
  const rules = baseRules(await readTownSettings(ctx), now);
  const restored: Restored[] = [];
  for (const facts of await gatherWorkers(ctx, rig, town)) {
    const action = planWorker({ ...facts, attempts: NO_ATTEMPTS }, rules);
    if (action?.kind !== 'restart' && action?.kind !== 'roll-forward') continue;
    const agent = formatAddress({ role: 'polecat', rig: rig.name, name: facts.worker });
    restored.push(
      await attempt(ctx, { agent, rig: rig.name, session: facts.session }, () =>
        carryOn(ctx, rig, { facts, kind: action.kind }),
      ),
    );
  }
  return restored;
}

async function carryOn(
  ctx: TownContext,
  rig: Rig,
  { facts, kind }: { readonly facts: WorkerFacts; readonly kind: 'restart' | 'roll-forward' },
): Promise<string | undefined> {
  const bead = await (await ctx.ledgers.open(rig.database)).get(facts.held?.id ?? '');
  if (bead === undefined) return 'its bead is gone';
  const result =
    kind === 'restart'
      ? await respawnWorker(ctx, rig, { bead, death: 'forgiven' })
      : await rollForwardDispatch(ctx, rig, bead);
  return whyNot(result);
}

function whyNot(result: RollForward): string | undefined {
  return result.kind === 'carried' ? undefined : result.why;
}

async function restoreStanding(ctx: TownContext, { agent, bead }: Standing): Promise<Restored> {
  const { session } = await targetOf(ctx, agent);
  const rig = 'rig' in agent ? agent.rig : undefined;
  return attempt(ctx, { agent: formatAddress(agent), rig, session }, async () => {
    const now = ctx.ports.clock.now();
    // Without work nobody is told anything: time alone starts no turn of a model (P3).
    const prompt =
      bead === undefined ? undefined : startPrompt({ agent, sender: ctx.actor, now, topic: 'restart', bead });
    const terms = lastTerms(await ctx.ports.panes.observe(session));
    await startAgent(ctx, { ...terms, address: agent, resume: 'last', prompt, bead: bead?.id });
    return undefined;
  });
}

async function attempt(
  ctx: TownContext,
  {
    agent,
    rig,
    session,
  }: { readonly agent: string; readonly rig: string | undefined; readonly session: SessionName },
  work: () => Promise<string | undefined>,
): Promise<Restored> {
  try {
    const why = await work();
    const isLive = (await ctx.ports.panes.observe(session)).kind === 'live';
    if (why !== undefined) return { agent, rig, ok: isLive, detail: isLive ? 'runs already' : why };
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    return { agent, rig, ok: false, detail: messageOf(error) };
  }
  const seen = await ctx.ports.panes.observe(session);
  const resumed = 'state' in seen && seen.state.resumed === true;
  return {
    agent,
    rig,
    ok: true,
    detail: resumed ? 'goes on in its conversation' : 'begins a new conversation',
  };
}
