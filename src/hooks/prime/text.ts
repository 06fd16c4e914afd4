import { formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import type { WorkStart } from '../begin-work.ts';
import { checkpointLine } from '../checkpoint.ts';
import type { HandoffMark } from '../handoff/marker.ts';
import { inert, quoted } from '../inert.ts';
import { renderWorkOrder } from '../work-order.ts';
import type { Notes } from './notes.ts';

/** What every prime tells of; read before. */
export interface Facts {
  readonly agent: AgentAddress;
  readonly work: WorkStart;
  readonly notes: Notes;
  /** This session was begun by a handoff. */
  readonly mark: HandoffMark | undefined;
  /** Why the caller may not be this agent. */
  readonly stranger: string | undefined;
  /** Unix ms. */
  readonly now: number;
}

/** What the full text has beside. */
export interface PrimeParts extends Facts {
  readonly spawn: number | undefined;
  readonly source: string | undefined;
  readonly sessionId: string | undefined;
  /** Who the agent is and how it works here. */
  readonly role: string;
  /** Texts of the operator. */
  readonly directives: readonly string[];
  /** How to do the work; only printed with work. */
  readonly how: string;
}

const NOTE_LINES = 60;
const MOST_MEMORIES = 30;

/**
 * The full text of a new session: who you are, what your last session left, the work order, then how to end.
 * Everything that somebody else wrote is quoted (P26), and no line starts with a bracket: one runtime would read it
 * as JSON.
 */
export function renderPrime(parts: PrimeParts): string {
  const { role, directives, mark, stranger, notes } = parts;
  const sections = [
    headLine(parts),
    ...(mark === undefined ? [] : [markText(mark)]),
    ...(stranger === undefined ? [] : [strangerText(stranger)]),
    ...(isIdleWorker(parts) ? [] : [role, ...directives]),
    ...notes.handoffs.map(
      ({ bead, body, from }) =>
        `## Note for this session (${bead.id} from ${inert(from, 60)})\n\n${quoted(body, NOTE_LINES).join('\n')}`,
    ),
    ...workSections(parts),
    ...noteSections(parts),
    ...(parts.work.kind === 'nothing' ? [idleText(parts)] : []),
  ];
  return sections.map(withoutBrackets).join('\n\n');
}

function headLine({ agent, spawn, source, sessionId }: PrimeParts): string {
  const words = { spawn, source, session: sessionId };
  const known = Object.entries(words).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}:${inert(String(value), 80)}`],
  );
  return [`GAS TOWN role:${formatAddress(agent)}`, ...known].join(' ');
}

export function markText({ reason }: HandoffMark): string {
  const why = reason === undefined ? '' : ` (${inert(reason, 120)})`;
  return `This session follows a handoff${why}, which is done: do not hand over again for the same reason.`;
}

export function strangerText(why: string): string {
  return `Attention: ${inert(why, 300)}. Nothing was begun in its name; leave its work alone.`;
}

/** A worker without work reads a few lines and ends; everything else would only cost tokens (P3). */
function isIdleWorker({ work, agent }: Facts): boolean {
  return agent.role === 'polecat' && (work.kind === 'nothing' || work.kind === 'replaced');
}

function workSections({ work, how, notes, now }: PrimeParts): readonly string[] {
  const recorded =
    notes.checkpoint === undefined ? [] : [`Recorded ${checkpointLine(notes.checkpoint, now)}`];
  switch (work.kind) {
    case 'begun':
      return ['## Your work', ...recorded, renderWorkOrder(work.bead), '## How', how];
    case 'continued':
      return [
        '## Your work (begun before: go on)',
        ['Run `git status` and `git log --oneline -5` first: part of it may be done.', ...recorded].join(
          '\n',
        ),
        renderWorkOrder(work.bead),
        '## How',
        how,
      ];
    case 'nothing':
      return [];
    case 'replaced':
      return [replacedText(work.newest)];
  }
}

export function replacedText(newest: number): string {
  return `A newer session of this agent exists (spawn ${newest}). Change nothing and end your turn.`;
}

function noteSections(parts: PrimeParts): readonly string[] {
  const { mail, escalations, blind } = parts.notes;
  const memories = isIdleWorker(parts) ? [] : parts.notes.memories;
  const shown = memories.slice(0, MOST_MEMORIES).map((text) => `- ${inert(text, 300)}`);
  const more = memories.length - shown.length;
  return [
    ...section('## Remembered here', [...shown, ...(more > 0 ? [`- and ${more} more: bd memories`] : [])]),
    ...section(`## Unread mail: ${mail.unread} (read one: bd show <id>)`, mailLines(parts.notes)),
    ...section(
      '## Open escalations',
      escalations.map(({ id, priority, title }) => `- ${id} (P${priority}) ${inert(title, 150)}`),
    ),
    ...(blind === undefined
      ? []
      : [`Notes and mail cannot be read now (${inert(blind)}). That does not mean that there are none.`]),
  ];
}

function mailLines({ mail }: Notes): readonly string[] {
  const lines = mail.fresh.map(
    ({ bead, subject, from }) => `- ${bead.id} ${inert(subject, 150)} (from ${inert(from, 60)})`,
  );
  const others = mail.unread - lines.length;
  return others === 0
    ? lines
    : [...lines, lines.length === 0 ? '- all announced before' : `- and ${others} more`];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [[title, '', ...lines].join('\n')];
}

/** Nothing is on the hook: what to do instead. */
export function idleText({ work, agent, notes }: Facts): string {
  if (work.kind === 'nothing' && work.submitted !== undefined) {
    return `${work.submitted.bead.id} is handed in as ${work.submitted.mr.id}. There is nothing more to do: end your turn.`;
  }
  const mail = notes.mail.unread > 0 ? 'Read your mail first. ' : '';
  if (notes.parked)
    return `Your hook is empty, and you are not wanted to run now. ${mail}Then end your turn.`;
  switch (agent.role) {
    case 'polecat':
      return `Your hook is empty: there is nothing to do. ${mail}End your turn here.`;
    case 'dog':
      return `Your hook is empty. ${mail}End your turn.`;
    case 'witness':
    case 'refinery':
    case 'deacon':
    case 'boot':
      return `Your hook is empty. ${mail}Look once, as your role says, then end your turn.`;
    case 'mayor':
    case 'crew':
    case 'overseer':
      return `Your hook is empty. ${mail}Wait for what you are asked.`;
  }
}

export function withoutBrackets(text: string): string {
  return text.replaceAll(/^[[{]/gm, ' $&');
}
