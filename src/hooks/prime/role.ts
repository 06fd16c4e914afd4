import { relative } from 'node:path';
import { readAgentRow } from '../../beads/forms/agent-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { rigNamed } from '../../rig/registry.ts';
import { agentHome } from '../../town/agent-home.ts';
import { renderTemplate } from '../../town/template.ts';
import { operatorFiles } from './operator-files.ts';

/** Who an agent is and how it works here. */
export interface RoleText {
  readonly text: string;
  /** What the operator has added. */
  readonly directives: readonly string[];
  /** Where all of it comes from. */
  readonly files: readonly string[];
}

export async function readRole(ctx: TownContext, agent: AgentAddress): Promise<RoleText> {
  const name = `roles/${agent.role}.md`;
  const text = await renderTemplate(ctx, name, {
    address: formatAddress(agent),
    home: agentHome(ctx.root, agent),
    ...('rig' in agent ? { rig: agent.rig } : {}),
    ...('name' in agent ? { name: agent.name } : {}),
    ...(agent.role === 'polecat' ? { branch: await branchOf(ctx, agent) } : {}),
  });
  const rig = 'rig' in agent ? agent.rig : undefined;
  const written = await operatorFiles(ctx, agent.role, rig);
  return {
    text,
    directives: written.map((file) => file.text),
    files: [`templates/${name}`, ...written.map(({ path }) => relative(ctx.root, path))],
  };
}

async function branchOf(
  ctx: TownContext,
  agent: Extract<AgentAddress, { role: 'polecat' | 'crew' }>,
): Promise<string> {
  const rig = await rigNamed(ctx, agent.rig);
  const row = await readAgentRow(await ctx.ledgers.open(rig.database), agent, rig.prefix);
  return row?.branch ?? 'the one you are on';
}
