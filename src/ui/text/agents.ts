import { ROLE_ICON } from '../../core/role-icon.ts';
import { counted, oneLine } from '../../core/text.ts';
import type { AgentCheck } from '../../watchdog/agent-check.ts';
import { sectionsOf, type AgentListing, type ListedAgent } from '../../watchdog/view/agent-list.ts';
import type { Paint } from './paint.ts';
import { fit, shorten } from './width.ts';

/** `gt agents list`. */
export function renderAgents(
  listing: AgentListing,
  { paint, polecats }: { readonly paint: Paint; readonly polecats: boolean },
): string {
  const sections = sectionsOf(listing, { polecats }).map(({ title, agents }) =>
    [
      paint.bold(title),
      ...agents.map((agent) => `  ${mark(agent)}${agentText(agent)}${detached(agent)}`),
    ].join('\n'),
  );
  const personal =
    listing.personal.length === 0
      ? []
      : [[paint.bold('Personal'), ...listing.personal.map((name) => `    ${oneLine(name, 60)}`)].join('\n')];
  const hidden = hiddenPolecats(listing, polecats);
  const more =
    hidden === 0
      ? []
      : [paint.dim(`${counted(hidden, 'polecat (worker)', 'polecats (workers)')} more: gt agents list -a`)];
  const all = [...sections, ...personal, ...more];
  return all.length === 0 ? 'No agent is running. Talk to one: gt mayor attach' : all.join('\n\n');
}

function hiddenPolecats({ agents }: AgentListing, polecats: boolean): number {
  return polecats ? 0 : agents.filter(({ role, view }) => role === 'polecat' && !view.needsPerson).length;
}

function mark({ view }: ListedAgent): string {
  return view.needsPerson ? '⚠ ' : '  ';
}

function detached({ inTmux }: ListedAgent): string {
  return inTmux ? '' : ' (without tmux)';
}

const NAME_CELLS = 14;
const STATE_CELLS = 9;
const WORK_CELLS = 44;

/** `😺 furiosa        working   gt-abc12 Write the page`: plain text of bounded width, for lists and menus. */
export function agentText({ role, view }: ListedAgent): string {
  const name = fit(nameOf(role, view.name), NAME_CELLS);
  const why = view.needsPerson ? view.reasons[0] : undefined;
  const work = why ?? (view.bead === undefined ? '' : `${view.bead} ${view.title ?? ''}`);
  return `${ROLE_ICON[role]} ${name} ${fit(view.state, STATE_CELLS)} ${shorten(oneLine(work), WORK_CELLS)}`.trimEnd();
}

function nameOf(role: ListedAgent['role'], name: string): string {
  return role === 'crew' ? `crew/${name}` : name;
}

/** `gt agents check`. */
export function renderAgentCheck({ sessions, locks, issues }: AgentCheck, paint: Paint): string {
  const sum = `${counted(sessions, 'session')} live, ${counted(locks.length, 'lock')} held`;
  if (issues.length === 0) return `${paint.green('✓')} Every agent is itself (${sum})`;
  const lines = issues.map(({ type, message }) => `  ${paint.red('✖')} ${type}: ${oneLine(message)}`);
  const next = issues.some(({ type }) => type === 'stale')
    ? ['', 'Clear away what ended processes left: gt agents fix']
    : [];
  return [`${counted(issues.length, 'thing')} to look at (${sum})`, ...lines, ...next].join('\n');
}
