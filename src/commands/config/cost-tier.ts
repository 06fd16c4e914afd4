import type { Role } from '../../core/address.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { COST_TIERS, TIER_ROLES, parseCostTier } from '../../runtimes/cost-tiers.ts';
import type { CostTier } from '../../runtimes/cost-tiers.ts';
import { changeTownKeys, readTownSettings } from '../../town/settings.ts';
import type { TownSettings, TownTexts } from '../../town/settings.ts';
import { renderTable } from '../../ui/text/table.ts';
import { CHEAP, ERRANDS } from '../../runtimes/resolve.ts';
import { actingTown } from '../acting-town.ts';

/** `gt config cost-tier [tier]`: which model each role gets, and how hard it thinks. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await actingTown(app);
  const text = input.arg('tier');
  if (text !== '') {
    const tier = parseCostTier(text);
    await changeTownKeys(ctx, (now) => keysOf(tier, now));
  }
  const settings = await readTownSettings(ctx);
  const tier = tierOf(settings);
  const { style } = app.output;
  const head =
    text === ''
      ? `Cost tier: ${tier ?? 'none, roles were changed one by one'}`
      : `${style.green('✓')} cost tier is ${tier ?? text}; agents that run keep their model until they start again`;
  return { text: `${head}\n\n${renderRoles(settings)}` };
}

/** Other roles keep what they have; what is usual is not stored. */
function keysOf(tier: CostTier, now: TownSettings): TownTexts {
  const agents = new Map(Object.entries(now.get('role_agents')));
  const efforts = new Map<string, string>(Object.entries(now.get('role_effort')));
  for (const role of TIER_ROLES) {
    const { agent, effort } = COST_TIERS[tier][role];
    if (agent === undefined) agents.delete(role);
    else agents.set(role, agent);
    if (effort === 'high') efforts.delete(role);
    else efforts.set(role, effort);
  }
  return { role_agents: pairs(agents), role_effort: pairs(efforts), cost_tier: tier };
}

function pairs(values: ReadonlyMap<string, string>): string {
  return [...values].map(([name, value]) => `${name}=${value}`).join(',');
}

/** The tier that the roles are those of; undefined when somebody has changed one since. */
function tierOf(settings: TownSettings): CostTier | undefined {
  const agents = settings.get('role_agents');
  const efforts = settings.get('role_effort');
  const isAll = (tier: CostTier): boolean =>
    TIER_ROLES.every((role) => {
      const { agent, effort } = COST_TIERS[tier][role];
      return (agents[role] ?? usualAgent(role)) === agent && (efforts[role] ?? 'high') === effort;
    });
  return (Object.keys(COST_TIERS) as CostTier[]).find(isAll);
}

/** Of a role that nothing was chosen for; undefined = the default agent. */
function usualAgent(role: Role): string | undefined {
  return ERRANDS.has(role) ? CHEAP : undefined;
}

function renderRoles(settings: TownSettings): string {
  const agents = settings.get('role_agents');
  const efforts = settings.get('role_effort');
  return renderTable<(typeof TIER_ROLES)[number]>(
    [
      { title: 'Role', value: (role) => role },
      {
        title: 'Agent',
        value: (role) => agents[role] ?? usualAgent(role) ?? `${settings.get('default_agent')} (default)`,
      },
      { title: 'Effort', value: (role) => efforts[role] ?? 'high' },
    ],
    TIER_ROLES,
  );
}
