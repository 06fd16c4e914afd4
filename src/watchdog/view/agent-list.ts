import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import type { AgentAddress, Role } from '../../core/address.ts';
import type { SessionName } from '../../core/names.ts';
import { listRigPlaces } from '../../rig/registry.ts';
import { addressOfSession } from '../../sessions/session-address.ts';
import { viewStanding } from './agent-view.ts';
import { readTownView } from './read-view.ts';
import type { AgentView, TownView } from './types.ts';
import { parsePrefix } from '../../core/names.ts';

/** An agent with a session, for people who look for one to go to. */
export interface ListedAgent {
  /** Assignee id. */
  readonly address: string;
  readonly role: Role;
  readonly rig: string | undefined;
  readonly view: Omit<AgentView, 'role'>;
  /** tmux shows it, at least its last screen. */
  readonly inTmux: boolean;
}

export interface AgentListing {
  readonly agents: readonly ListedAgent[];
  /** Sessions that people made on the town's server. */
  readonly personal: readonly SessionName[];
}

/** Every agent that runs or whose last screen tmux still shows, in no order. */
export async function listAgents(ctx: TownContext): Promise<AgentListing> {
  const [view, inTmux, rigs, known] = await Promise.all([
    readTownView(ctx),
    tmuxSessions(ctx),
    listRigPlaces(ctx),
    ctx.ports.panes.list(),
  ]);
  const viewed = viewsOf(view);
  const others = [...known].filter((session) => !viewed.has(session));
  const helpers = await Promise.all(others.map((session) => readHelper(ctx, session)));
  for (const helper of helpers) viewed.set(helper.session, helper);
  const agents = [...viewed.values()].flatMap((agent): readonly ListedAgent[] => {
    const address = addressOfSession(agent.session, rigs);
    const shown = inTmux.has(agent.session);
    return address === undefined || (!agent.running && !shown) ? [] : [listed(address, agent, shown)];
  });
  return { agents, personal: [...inTmux].filter((session) => !viewed.has(session)) };
}

function listed(address: AgentAddress, view: Omit<AgentView, 'role'>, inTmux: boolean): ListedAgent {
  const rig = 'rig' in address ? address.rig : undefined;
  return { address: formatAddress(address), role: address.role, rig, view, inTmux };
}

async function tmuxSessions(ctx: TownContext): Promise<ReadonlySet<SessionName>> {
  const { tmux } = ctx.ports;
  if ((await tmux.version()) === undefined) return new Set();
  return new Set((await tmux.sessions()).map(({ name }) => name));
}

function viewsOf({ agents, rigs }: TownView): Map<SessionName, Omit<AgentView, 'role'>> {
  const all = [
    ...agents,
    ...rigs.flatMap((rig) => [rig.witness, rig.refinery, ...rig.crew, ...rig.polecats]),
  ].filter((agent) => agent !== undefined);
  return new Map(all.map((agent) => [agent.session, agent]));
}

/** Dogs, boot, and what else has a session: the view of the town has no rows for them. */
async function readHelper(ctx: TownContext, session: SessionName): Promise<Omit<AgentView, 'role'>> {
  const seen = await ctx.ports.panes.observe(session);
  return { ...viewStanding({ role: 'boot' }, parsePrefix('hq'), { seen }), session, name: session };
}

export interface AgentSection {
  readonly title: string;
  readonly agents: readonly ListedAgent[];
}

const ORDER: readonly Role[] = [
  'overseer',
  'mayor',
  'deacon',
  'boot',
  'dog',
  'refinery',
  'witness',
  'crew',
  'polecat',
];

/** Who needs a person first, then the town's own, then rig by rig. Pure. @param polecats also those that need nobody */
export function sectionsOf(
  { agents }: AgentListing,
  { polecats }: { readonly polecats: boolean },
): readonly AgentSection[] {
  const shown = agents
    .filter(({ role, view }) => role !== 'polecat' || polecats || view.needsPerson)
    .toSorted(byPlace);
  const sectionOf = ({ view, rig }: ListedAgent): string =>
    view.needsPerson ? 'Needs you' : (rig ?? 'Gas Town');
  const groups = Map.groupBy(shown, sectionOf);
  const rigs = [...groups.keys()].filter((title) => title !== 'Needs you' && title !== 'Gas Town').toSorted();
  return ['Needs you', 'Gas Town', ...rigs].flatMap((title) => {
    const own = groups.get(title);
    return own === undefined ? [] : [{ title, agents: own }];
  });
}

function byPlace(left: ListedAgent, right: ListedAgent): number {
  const role = ORDER.indexOf(left.role) - ORDER.indexOf(right.role);
  return role !== 0 ? role : left.address.localeCompare(right.address, 'en', { numeric: true });
}
