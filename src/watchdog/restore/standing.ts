import type { TownContext } from '../../beads/context.ts';
import type { Bead } from '../../beads/types.ts';
import { formatAddress, parseAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { GtError, UsageError, messageOf } from '../../core/errors.ts';
import { startupCrew } from '../../crew/startup.ts';
import { readAllWork } from '../../hooks/held-work.ts';
import type { Rig } from '../../rig/registry.ts';
import { observeSessions } from '../../sessions/observe.ts';
import { targetOf } from '../../sessions/target.ts';
import { agentWanted, readWanted } from '../../town/wanted.ts';
import type { StandingFacts } from './plan.ts';

/** Everybody who is no polecat and has a session, work, or a place in crew.startup. */
export async function gatherStanding(
  ctx: TownContext,
  rigs: readonly Rig[],
): Promise<readonly StandingFacts[]> {
  const [views, held, wanted] = await Promise.all([
    observeSessions(ctx),
    heldByStanding(ctx, rigs),
    readWanted(ctx),
  ]);
  const startup = await startupNames(ctx, rigs);
  const known = views.flatMap(({ address }) => (address === undefined ? [] : [formatAddress(address)]));
  const isRegistered = (agent: AgentAddress): boolean =>
    !('rig' in agent) || rigs.some(({ name }) => name === agent.rig);
  const names = [...new Set([...known, ...held.keys(), ...startup])];
  const agents = names.map(parseAddress).filter((agent) => !isElsewhere(agent) && isRegistered(agent));
  const facts = agents.map(async (agent): Promise<StandingFacts> => {
    const name = formatAddress(agent);
    const { session } = await targetOf(ctx, agent);
    return {
      agent,
      seen: await ctx.ports.panes.observe(session),
      held: held.get(name),
      isStartup: startup.has(name),
      wanted: agentWanted(wanted, agent),
    };
  });
  return Promise.all(facts);
}

/** A setting that cannot be read brings nobody back, and does not keep the others. */
async function startupNames(ctx: TownContext, rigs: readonly Rig[]): Promise<ReadonlySet<string>> {
  const names = rigs.map(async (rig) => {
    try {
      return (await startupCrew(ctx, rig)).places.map(({ address }) => formatAddress(address));
    } catch (error) {
      if (!(error instanceof GtError)) throw error;
      ctx.ports.log.warn('crew.startup not read', { rig: rig.name, why: messageOf(error) });
      return [];
    }
  });
  return new Set((await Promise.all(names)).flat());
}

/** Polecats come by the dispatch; a person has no session. */
function isElsewhere({ role }: AgentAddress): boolean {
  return role === 'polecat' || role === 'overseer';
}

async function heldByStanding(ctx: TownContext, rigs: readonly Rig[]): Promise<ReadonlyMap<string, Bead>> {
  const ledgers = [
    await ctx.ledgers.hq(),
    ...(await Promise.all(rigs.map((rig) => ctx.ledgers.open(rig.database)))),
  ];
  const work = await Promise.all(ledgers.map(readAllWork));
  return new Map(
    work
      .flatMap((byAgent) => [...byAgent])
      .flatMap(([agent, { held }]) => {
        const [bead] = held;
        return bead !== undefined && isAgent(agent) ? [[agent, bead] as const] : [];
      }),
  );
}

/** People assign beads to names that are no agents. */
function isAgent(name: string): boolean {
  try {
    return !isElsewhere(parseAddress(name));
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}
