import { formatMailAddress, type AgentAddress } from '../../core/address.ts';
import { formatAge } from '../../core/duration.ts';
import { endOf } from '../../core/process-end.ts';
import { counted, oneLine } from '../../core/text.ts';
import type { DaemonStatus } from '../../watchdog/daemon-status.ts';
import { isOver } from '../../watchdog/roles/keep-plan.ts';
import { ROLE_RULES } from '../../watchdog/roles/rules.ts';
import type { StartedRole } from '../../watchdog/roles/start.ts';
import { isAttached, type RoleStatus } from '../../watchdog/roles/status.ts';
import type { StoppedRole } from '../../watchdog/roles/stop.ts';
import type { Paint } from './paint.ts';

/** `gt <role> start`, where it started a session. */
export function renderStarted(address: AgentAddress, { session, how }: StartedRole, paint: Paint): string {
  const name = nameOf(address);
  const line =
    how === 'already' ? `${paint.dim('○')} ${name} runs already` : `${paint.green('✓')} ${name} is running`;
  return `${line} (session ${session})\nGo to it: gt attach ${name}`;
}

/** `gt <role> start`, where the work is code. */
export function renderWatched(address: AgentAddress, daemon: DaemonStatus, paint: Paint): string {
  const line = daemon.running
    ? `${paint.green('✓')} ${workOf(address)} the daemon (pid ${daemon.pid}), without a model`
    : `${paint.yellow('○')} ${workOf(address)} the daemon, which does not run: gt up`;
  const command = 'rig' in address ? `gt ${address.role} start ${address.rig}` : `gt ${address.role} start`;
  return `${line}\nFor an agent on top of it: ${command} --agent <name>`;
}

function workOf(address: AgentAddress): string {
  if (address.role === 'witness') return `The workers of ${address.rig} are watched by`;
  if (address.role === 'refinery') return `The merge queue of ${address.rig} is worked off by`;
  return 'The town is watched by';
}

/** `gt <role> stop`. */
export function renderStopped(
  address: AgentAddress,
  { session, wasRunning }: StoppedRole,
  paint: Paint,
): string {
  const done = paint.green('✓');
  const name = nameOf(address);
  const work = workAfterStop(address, done);
  if (!wasRunning)
    return work ?? `${paint.dim('○')} ${name} was not running (session ${session}); it stays down`;
  const who = ROLE_RULES[address.role].isCode ? `The agent of ${name}` : name;
  const agent = `${done} ${who} is stopped (session ${session})`;
  return work === undefined ? agent : `${agent}\n${work}`;
}

/** What becomes of work that is code. */
function workAfterStop(address: AgentAddress, done: string): string | undefined {
  if (address.role === 'witness') return `The daemon goes on watching the workers of ${address.rig}`;
  if (address.role === 'deacon') return 'The daemon goes on watching the town';
  return address.role === 'refinery'
    ? `${done} The merge engine of ${address.rig} is off. Start it: gt refinery start ${address.rig}`
    : undefined;
}

export interface RoleStatusFacts {
  readonly polecats: readonly string[] | undefined;
  /** A person holds up the rounds of its agent. */
  readonly isPaused?: boolean;
  /** Unix ms. */
  readonly now: number;
  readonly paint: Paint;
}

/** `gt <role> status`. */
export function renderRoleStatus(status: RoleStatus, facts: RoleStatusFacts): string {
  const { polecats, now, paint } = facts;
  const { address, session, seen, daemon } = status;
  const { isCode } = ROLE_RULES[address.role];
  const work = isCode ? [`  work      ${watchedText(status, daemon)}`] : [];
  return [
    `${paint.bold(nameOf(address))}: ${sessionText(status, now, paint)}`,
    ...work,
    ...(facts.isPaused === true ? [`  rounds    ${paint.yellow('paused')}: gt deacon resume`] : []),
    ...(polecats === undefined
      ? []
      : [`  watches   ${counted(polecats.length, 'polecat (worker)', 'polecats (workers)')}`]),
    `  session   ${session}${isAttached(status) ? ', attached' : ''}`,
    ...('state' in seen ? [`  runtime   ${seen.state.runtime}`] : []),
    ...nextStep(status),
  ].join('\n');
}

function watchedText({ wanted, address }: RoleStatus, daemon: DaemonStatus): string {
  if ('rig' in address && wanted === 'down') return 'not done: it is stopped or its rig is parked';
  return daemon.running
    ? `done by the daemon (pid ${daemon.pid})`
    : 'not done: the daemon does not run (gt up)';
}

function sessionText({ seen, address }: RoleStatus, now: number, paint: Paint): string {
  const none = ROLE_RULES[address.role].isCode ? 'no agent' : 'stopped';
  switch (seen.kind) {
    case 'none':
      return `${paint.dim('○')} ${none}`;
    case 'unreadable':
      return `${paint.yellow('?')} cannot look: ${oneLine(seen.why)}`;
    case 'live':
      return `${paint.green('●')} ${seen.state.state}, up ${formatAge(now - Date.parse(seen.state.started))}`;
    case 'exited':
    case 'gone': {
      const why =
        seen.kind === 'gone' ? 'its processes are gone' : (endOf(seen.state) ?? 'it ended by itself');
      return `${paint.dim('○')} ${none} since ${formatAge(now - Date.parse(seen.state.since))}: ${oneLine(why)}`;
    }
  }
}

function nextStep({ seen, asked, address }: RoleStatus): readonly string[] {
  if (seen.kind === 'live') return ['', `Go to it: gt attach ${nameOf(address)}`];
  const comesBack = asked === 'up' && !(seen.kind === 'exited' && isOver(seen.state));
  if (comesBack) return ['', 'The daemon starts it again.'];
  return address.role === 'mayor' ? ['', 'Start it and go there: gt mayor attach'] : [];
}

function nameOf(address: AgentAddress): string {
  return formatMailAddress(address).replace(/\/$/, '');
}
