import type { AgentAddress } from '../core/address.ts';
import type { SessionName } from '../core/names.ts';
import type { TownContext } from '../beads/context.ts';
import { listRigPlaces } from '../rig/registry.ts';
import { addressOfSession } from './session-address.ts';

export interface Shown {
  readonly session: SessionName;
  readonly address: AgentAddress;
}

/** Sessions of gt's agents that tmux shows, in tmux's order. */
export async function shownSessions(ctx: TownContext): Promise<readonly Shown[]> {
  const [sessions, rigs] = await Promise.all([ctx.ports.tmux.sessions(), listRigPlaces(ctx)]);
  return sessions.flatMap(({ name }) => {
    const address = addressOfSession(name, rigs);
    return address === undefined ? [] : [{ session: name, address }];
  });
}

/**
 * The session that `step` leads to from `current` within a group: the town's own agents, the crew of a rig, or
 * witness, refinery and polecats of a rig; by name, round and round. undefined = there is no other. Pure.
 * @param group whose group; default: that of `current`
 */
export function stepFrom(
  current: SessionName,
  shown: readonly Shown[],
  { step, group }: { readonly step: 1 | -1; readonly group: AgentAddress },
): SessionName | undefined {
  const wanted = groupOf(group);
  const names = shown
    .filter(({ address }) => groupOf(address) === wanted)
    .map(({ session }) => session)
    .sort();
  // From outside the group its first or last one is next.
  const at = names.includes(current) ? names.indexOf(current) : step === 1 ? -1 : names.length;
  const next = names[(at + step + names.length) % names.length];
  return next === current ? undefined : next;
}

function groupOf(agent: AgentAddress): string {
  switch (agent.role) {
    case 'overseer':
    case 'mayor':
    case 'deacon':
      return 'town';
    case 'boot':
    case 'dog':
      return 'helpers';
    case 'crew':
      return `crew of ${agent.rig}`;
    case 'witness':
    case 'refinery':
    case 'polecat':
      return `rig ${agent.rig}`;
  }
}
