import type { TownContext } from '../../beads/context.ts';
import { slingTermsOf } from '../../beads/forms/sling-terms.ts';
import type { Bead } from '../../beads/types.ts';
import type { AgentAddress } from '../../core/address.ts';
import { GtError, messageOf } from '../../core/errors.ts';
import { rigNamed } from '../../rig/registry.ts';
import { readRigSettings } from '../../rig/settings.ts';
import { renderTemplate } from '../../town/template.ts';
import { cookForBead, renderFormulaSteps } from '../formula-work.ts';
import { inert } from '../inert.ts';

/** The steps of the formula that the bead was slung with, else the built-in checklist. */
export async function howText(ctx: TownContext, agent: AgentAddress, bead: Bead): Promise<string> {
  const terms = slingTermsOf(bead);
  if (terms.formula === undefined) return checklistText(ctx, agent, bead);
  try {
    const rig = 'rig' in agent ? await rigNamed(ctx, agent.rig) : undefined;
    const cooked = await cookForBead(ctx, { rig, bead, terms });
    if (cooked === undefined) return await checklistText(ctx, agent, bead);
    return [renderFormulaSteps(cooked), endText(agent, bead)].join('\n\n');
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    return `Formula ${inert(terms.formula)} cannot be read (${inert(messageOf(error))}); without it:\n\n${await checklistText(ctx, agent, bead)}`;
  }
}

function endText(agent: AgentAddress, { id }: Pick<Bead, 'id'>): string {
  return agent.role === 'polecat'
    ? 'After the last step run `gt done`, unless a step did. If you cannot go on: `gt done --status ESCALATED --reason "<what stops you>"`.'
    : `When it is done: \`bd close ${id} --reason "<what was done>"\`.`;
}

const GATES = ['setup', 'typecheck', 'lint', 'build', 'test'] as const;

/** How raw beads are done, with the rig's own gate commands. */
async function checklistText(ctx: TownContext, agent: AgentAddress, { id }: Bead): Promise<string> {
  if (agent.role !== 'polecat') return `Do it as its text says. ${endText(agent, { id })}`;
  const settings = await readRigSettings(ctx, await rigNamed(ctx, agent.rig));
  const commands = GATES.map((gate) => settings.get(`merge_queue.${gate}_command`)).filter(
    (command) => command !== undefined && command !== '',
  );
  const gates =
    commands.length === 0 ? ' this rig has no gates, so test what you changed yourself.' : listOf(commands);
  return renderTemplate(ctx, 'checklist.md', { gates });
}

function listOf(commands: readonly (string | undefined)[]): string {
  return commands.map((command) => `\n   - \`${command ?? ''}\``).join('');
}
