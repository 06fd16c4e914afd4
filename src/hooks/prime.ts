import { join } from 'node:path';
import { readAgentRow } from '../beads/forms/agent-row.ts';
import type { TownContext } from '../beads/context.ts';
import { formatAddress, sessionOf } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import { GtError, UnavailableError, UnreadableError, messageOf } from '../core/errors.ts';
import { rigNamed } from '../rig/registry.ts';
import type { Rig } from '../rig/registry.ts';
import { readRigSettings } from '../rig/settings.ts';
import { emitEvent } from '../town/events.ts';
import { polecatPaths } from '../town/layout.ts';
import { hasTemplate, renderTemplate } from '../town/template.ts';
import { slingTermsOf } from '../beads/forms/sling-terms.ts';
import type { Bead } from '../beads/types.ts';
import { cookForBead, renderFormulaSteps } from './formula-work.ts';
import { inert } from './inert.ts';
import { beginWork, peekWork } from './begin-work.ts';
import type { WorkStart } from './begin-work.ts';
import type { HookPayload } from './hook-payload.ts';
import { renderBlindPrime, renderPrime, renderShortPrime } from './prime-text.ts';
import { readTownWork } from './town-work.ts';

export interface PrimeRequest {
  readonly agent: AgentAddress;
  /** Called by the runtime's SessionStart hook, not by hand. */
  readonly hook: boolean;
  readonly payload: HookPayload;
  /** GT_SPAWN. */
  readonly spawn?: number | undefined;
  /** Conversation id, when gt chose it. */
  readonly sessionId?: string | undefined;
  /** Print only: nothing is begun, nobody is told. */
  readonly dryRun: boolean;
}

/**
 * `gt prime`: what an agent must know now. Moves hooked work to in_progress, tells the pane host that the agent is
 * ready, and records the session's start. A ledger that cannot be read is said to be so, never taken for "no work".
 */
export async function runPrime(ctx: TownContext, request: PrimeRequest): Promise<string> {
  const { agent, payload } = request;
  try {
    const work = await findWork(ctx, request);
    if (!request.dryRun) await tellStart(ctx, request, work);
    const goesOn = payload.source === 'compact' || payload.source === 'resume';
    return goesOn ? renderShortPrime(agent, work) : await fullText(ctx, request, work);
  } catch (error) {
    if (!(error instanceof UnavailableError || error instanceof UnreadableError)) throw error;
    return renderBlindPrime(agent, messageOf(error));
  }
}

async function findWork(ctx: TownContext, { agent, spawn, dryRun }: PrimeRequest): Promise<WorkStart> {
  if (!('rig' in agent)) return readTownWork(ctx, agent);
  const rig = await rigNamed(ctx, agent.rig);
  const begin = { rig, agent, spawn };
  const work = dryRun ? await peekWork(ctx, begin) : await beginWork(ctx, begin);
  return work.kind === 'nothing' && agent.role !== 'polecat' ? readTownWork(ctx, agent) : work;
}

async function tellStart(ctx: TownContext, request: PrimeRequest, work: WorkStart): Promise<void> {
  const { agent, spawn, hook, payload } = request;
  if ('rig' in agent && spawn !== undefined && work.kind !== 'replaced') await tellHost(ctx, agent, spawn);
  if (!hook) return;
  await emitEvent(ctx, {
    type: 'session_start',
    actor: formatAddress(agent),
    visibility: 'audit',
    payload: {
      session_id: payload.sessionId ?? request.sessionId ?? '',
      role: formatAddress(agent),
      topic: 'bead' in work ? work.bead.id : '',
      source: payload.source ?? '',
    },
  });
}

/** The host learns that its agent reads its hook. A host that does not answer changes nothing for the agent. */
async function tellHost(
  ctx: TownContext,
  agent: AgentAddress & { readonly rig: Rig['name'] },
  spawn: number,
): Promise<void> {
  const rig = await rigNamed(ctx, agent.rig);
  try {
    await ctx.ports.panes.ready(sessionOf(agent, rig.prefix), spawn);
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    ctx.ports.log.info('pane host not told', { agent: formatAddress(agent), why: messageOf(error) });
  }
}

async function fullText(ctx: TownContext, request: PrimeRequest, work: WorkStart): Promise<string> {
  const { agent, payload, sessionId } = request;
  return renderPrime({
    agent,
    sessionId: payload.sessionId ?? sessionId,
    role: await roleText(ctx, agent),
    directives: await readDirectives(ctx, agent),
    work,
    checklist: 'bead' in work ? await howText(ctx, agent, work.bead) : '',
  });
}

async function roleText(ctx: TownContext, agent: AgentAddress): Promise<string> {
  const name = `roles/${agent.role}.md`;
  const values = {
    address: formatAddress(agent),
    ...('rig' in agent ? { rig: agent.rig } : {}),
    ...('name' in agent ? { name: agent.name } : {}),
    ...(agent.role === 'polecat' ? await polecatValues(ctx, agent) : {}),
  };
  return renderTemplate(ctx, (await hasTemplate(ctx, name)) ? name : 'roles/default.md', values);
}

async function polecatValues(ctx: TownContext, agent: Extract<AgentAddress, { role: 'polecat' | 'crew' }>) {
  const rig = await rigNamed(ctx, agent.rig);
  const row = await readAgentRow(await ctx.ledgers.open(rig.database), agent, rig.prefix);
  return {
    worktree: polecatPaths(ctx.root, agent.rig, agent.name).worktree,
    branch: row?.branch ?? 'the one you are on',
  };
}

/** The steps of the formula that the bead was slung with, else the built-in checklist. */
async function howText(ctx: TownContext, agent: AgentAddress, bead: Bead): Promise<string> {
  const terms = slingTermsOf(bead);
  if (terms.formula === undefined || !('rig' in agent)) return checklistText(ctx, agent);
  try {
    const rig = await rigNamed(ctx, agent.rig);
    const cooked = await cookForBead(ctx, { rig, bead, terms });
    return cooked === undefined ? await checklistText(ctx, agent) : renderFormulaSteps(cooked);
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    return `Formula ${inert(terms.formula)} cannot be read (${inert(messageOf(error))}); without it:\n\n${await checklistText(ctx, agent)}`;
  }
}

const GATES = ['setup', 'typecheck', 'lint', 'build', 'test'] as const;

/** How raw beads are done, with the rig's own gate commands. */
async function checklistText(ctx: TownContext, agent: AgentAddress): Promise<string> {
  if (agent.role !== 'polecat')
    return 'Do it as its text says. Close it with a reason: bd close <id> --reason "<what was done>"';
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

/** Files of the operator: town first, the rig has the last word. */
async function readDirectives(ctx: TownContext, agent: AgentAddress): Promise<readonly string[]> {
  const places = [ctx.root, ...('rig' in agent ? [join(ctx.root, agent.rig)] : [])];
  const files = [
    ...places.map((place) => join(place, 'directives', `${agent.role}.md`)),
    join(ctx.root, 'CONTEXT.md'),
  ];
  const texts = await Promise.all(files.map((file) => ctx.ports.files.readText(file)));
  return texts.map((text) => text?.trim() ?? '').filter((text) => text !== '');
}
