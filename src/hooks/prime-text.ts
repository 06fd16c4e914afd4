import { formatAddress } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import type { Bead } from '../beads/types.ts';
import { inert } from './inert.ts';
import type { WorkStart } from './begin-work.ts';
import { renderWorkOrder } from './work-order.ts';

/** What `gt prime` prints, in parts that were read before. */
export interface PrimeParts {
  readonly agent: AgentAddress;
  readonly sessionId: string | undefined;
  /** Who the agent is and how it works here. */
  readonly role: string;
  /** Texts of the operator: directives and CONTEXT.md. */
  readonly directives: readonly string[];
  readonly work: WorkStart;
  /** How to do it; only printed with work. */
  readonly checklist: string;
}

/**
 * The full text of a new session: who you are, then the work order, then how to end. No line starts with `[`:
 * one runtime would read it as JSON.
 */
export function renderPrime(parts: PrimeParts): string {
  const session = parts.sessionId === undefined ? '' : ` session:${inert(parts.sessionId, 80)}`;
  const sections = [
    `GAS TOWN role:${formatAddress(parts.agent)}${session}`,
    ...(hasNothingToDo(parts) ? [] : [parts.role, ...parts.directives]),
    ...workSections(parts),
  ];
  return sections.map(withoutBrackets).join('\n\n');
}

/** A worker without work reads one line and ends; everything else would only cost tokens (P3). */
function hasNothingToDo({ work, agent }: PrimeParts): boolean {
  return agent.role === 'polecat' && (work.kind === 'nothing' || work.kind === 'replaced');
}

function workSections({ work, checklist, agent }: PrimeParts): readonly string[] {
  switch (work.kind) {
    case 'begun':
      return ['## Your work', renderWorkOrder(work.bead), '## How', checklist];
    case 'continued':
      return [
        '## Your work (begun before: go on)',
        LOOK_FIRST,
        renderWorkOrder(work.bead),
        '## How',
        checklist,
      ];
    case 'nothing':
      return [nothingText(work, agent)];
    case 'replaced':
      return [replacedText(work.newest)];
  }
}

const LOOK_FIRST = 'Run `git status` and `git log --oneline -5` first: part of it may be done.';

function nothingText({ submitted }: Extract<WorkStart, { kind: 'nothing' }>, agent: AgentAddress): string {
  if (submitted !== undefined) {
    return `${submitted.bead.id} is handed in as ${submitted.mr.id}. There is nothing more to do: end your turn.`;
  }
  return agent.role === 'polecat'
    ? 'Your hook is empty: there is nothing to do. End your turn here.'
    : 'Your hook is empty. Wait for what you are asked.';
}

function replacedText(newest: number): string {
  return `A newer session of this agent exists (spawn ${newest}). Change nothing and end your turn.`;
}

/** At most 15 lines after compaction or resume: the session goes on, nothing is announced again (P21). */
export function renderShortPrime(agent: AgentAddress, work: WorkStart): string {
  const lines = [`GAS TOWN role:${formatAddress(agent)}`, ...shortWork(work, agent)];
  return lines.map(withoutBrackets).join('\n');
}

function shortWork(work: WorkStart, agent: AgentAddress): readonly string[] {
  if (work.kind === 'nothing') return [nothingText(work, agent)];
  if (work.kind === 'replaced') return [replacedText(work.newest)];
  return [
    `Continue with ${label(work.bead)} where you were.`,
    'See what is there: git status, git log --oneline -5. The work order: bd show ' + work.bead.id,
    ...(agent.role === 'polecat' ? ['When it is finished, tested and committed: gt done'] : []),
  ];
}

/** The ledger could not be read: an agent must not take that for an empty hook. */
export function renderBlindPrime(agent: AgentAddress, why: string): string {
  return [
    `GAS TOWN role:${formatAddress(agent)}`,
    `Your hook cannot be read now: ${inert(why)}`,
    'That does not mean that it is empty. Do not run gt done. Wait a minute, then run gt prime again.',
  ].join('\n');
}

function label(bead: Bead): string {
  return `${bead.id} (${inert(bead.title, 120)})`;
}

function withoutBrackets(text: string): string {
  return text.replaceAll(/^\[/gm, ' [');
}
