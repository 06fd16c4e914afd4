import { formatMailAddress, sessionOf } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { formatAge } from '../../core/duration.ts';
import type { Prefix } from '../../core/names.ts';
import { NO_WORK } from '../../hooks/held-work.ts';
import type { AgentWork } from '../../hooks/held-work.ts';
import type { PolecatView } from '../../polecat/list.ts';
import type { PaneObservation, PanePhase, PaneState } from '../../ports/panes.ts';
import type { WorkerAction } from '../plan-worker.ts';
import type { AgentView } from './types.ts';

/** Thresholds of the town's settings, in ms. */
export interface ViewRules {
  readonly now: number;
  /** Work without a sign of progress for half of this is stalled, for all of it a person is needed. */
  readonly stuckMs: number;
}

/** One polecat. @param action what the daemon would do about it now */
export function viewPolecat(
  view: PolecatView,
  action: WorkerAction | undefined,
  rules: ViewRules,
): AgentView {
  const { verdict, work, seen, row } = view;
  const [held] = work.held;
  const [submitted] = work.submitted;
  const bead = held ?? submitted?.bead;
  const state = stateOf(seen);
  const lastActivity = latest([state?.lastOutput, row?.bead.updatedAt]);
  const worries = worriesOf(view, { state, lastActivity, rules });
  return {
    name: view.name,
    address: `${view.rig}/${view.name}`,
    session: view.session,
    role: 'polecat',
    state: verdict.state === 'working' && state?.state === 'limited' ? 'limited' : verdict.state,
    running: seen.kind === 'live',
    attached: state?.attached ?? false,
    runtime: state?.runtime,
    bead: bead?.id,
    title: bead?.title,
    since: latest([state?.since]) ?? latest([row?.bead.updatedAt]),
    lastActivity,
    reasons: [...worries, ...plainReasons(view)],
    needsPerson: worries.length > 0,
    next: action === undefined ? undefined : describeAction(action),
  };
}

/** Who is not a polecat: nobody but its own session watches over it. @param work what it holds */
export function viewStanding(
  address: AgentAddress,
  prefix: Prefix,
  { seen, work = NO_WORK }: { readonly seen: PaneObservation; readonly work?: AgentWork | undefined },
): Omit<AgentView, 'role'> {
  const state = stateOf(seen);
  const isLive = seen.kind === 'live';
  const [held] = work.held;
  return {
    name: 'name' in address ? address.name : address.role,
    address: formatMailAddress(address),
    session: sessionOf(address, prefix),
    state: isLive ? wordOf(seen.state.state) : seen.kind === 'unreadable' ? 'unknown' : 'idle',
    running: isLive,
    attached: state?.attached ?? false,
    runtime: state?.runtime,
    bead: held?.id ?? (isLive ? seen.state.bead : undefined),
    title: held?.title,
    since: isLive ? latest([state?.since]) : undefined,
    lastActivity: latest([state?.lastOutput]),
    reasons: seen.kind === 'unreadable' ? [seen.why] : isLive ? liveReasons(seen.state) : [],
    needsPerson: isLive && state?.state === 'dialog',
    next: undefined,
  };
}

function wordOf(phase: PanePhase): string {
  return phase === 'busy' || phase === 'dialog' ? 'working' : phase === 'ready' ? 'idle' : phase;
}

function liveReasons(state: PaneState): readonly string[] {
  if (state.state === 'dialog') return [needsInput(state)];
  return state.state === 'limited' ? [limited(state)] : [];
}

function stateOf(seen: PaneObservation): PaneState | undefined {
  return 'state' in seen ? seen.state : undefined;
}

interface WorryFacts {
  readonly state: PaneState | undefined;
  readonly lastActivity: number | undefined;
  readonly rules: ViewRules;
}

/** Reasons that need a person; a restart on its way or a worker at rest is none. */
function worriesOf(view: PolecatView, { state, lastActivity, rules }: WorryFacts): readonly string[] {
  const { verdict, seen, work } = view;
  if (verdict.state === 'stuck') return verdict.reasons.map((reason) => `stuck: ${reason}`);
  if (seen.kind === 'live' && state?.state === 'dialog') return [needsInput(state)];
  if (verdict.state !== 'working' || work.held.length === 0 || lastActivity === undefined) return [];
  const silent = rules.now - lastActivity;
  if (silent >= rules.stuckMs) return [`no sign of work for ${formatAge(silent)}`];
  return silent >= rules.stuckMs / 2 ? [`stalled ${formatAge(silent)}`] : [];
}

function needsInput({ reason }: PaneState): string {
  return `needs input: ${reason ?? 'a dialog is open'}`;
}

function plainReasons({ verdict, work, seen }: PolecatView): readonly string[] {
  const state = stateOf(seen);
  return [
    ...(verdict.state === 'stuck' ? [] : verdict.reasons),
    ...work.submitted.map(({ mr }) => `${mr.id} waits to land (${mr.phase})`),
    ...(seen.kind === 'live' && state?.state === 'limited' ? [limited(state)] : []),
  ];
}

function limited({ limitReset }: PaneState): string {
  return limitReset === undefined ? 'rate-limited' : `rate-limited until ${limitReset}`;
}

function describeAction(action: WorkerAction): string {
  switch (action.kind) {
    case 'stop':
      return 'its session is stopped';
    case 'resume-done':
      return 'its gt done is carried on';
    case 'finish-done':
      return 'its worktree is freed';
    case 'roll-forward':
      return 'its session is started';
    case 'restart':
      return 'it is restarted';
    case 'block':
      return 'its bead is blocked';
    case 'wait':
      return `${action.why} (in ${formatAge(action.ms)})`;
  }
}

/** The newest of some RFC 3339 times as Unix ms. */
function latest(times: readonly (string | undefined)[]): number | undefined {
  const known = times.flatMap((time) => {
    const ms = time === undefined ? Number.NaN : Date.parse(time);
    return Number.isNaN(ms) ? [] : [ms];
  });
  return known.length === 0 ? undefined : Math.max(...known);
}
