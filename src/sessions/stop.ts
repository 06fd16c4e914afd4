import { sessionMark } from '../core/session-mark.ts';
import { UnavailableError } from '../core/errors.ts';
import type { SessionName } from '../core/names.ts';
import type { TownContext } from '../beads/context.ts';
import type { ProcessIdentity } from '../ports/processes.ts';

export interface StopOptions {
  /** For the orderly end; after it the processes are killed. Default: ORDERLY_MS. */
  readonly waitMs?: number;
  /** The dead pane stays for the next start; default: it goes. */
  readonly keepPane?: boolean;
}

/** Between TERM and KILL when a host does not do it itself. */
const GRACE_MS = 3000;
/** An agent's orderly end. */
export const ORDERLY_MS = 10_000;

/**
 * Ends a session: the host ends its agent in order; a host that does not answer is killed with everything below it.
 * True = nothing of it lives, also when there was nothing.
 */
export async function stopSession(
  ctx: TownContext,
  session: SessionName,
  { waitMs = ORDERLY_MS, keepPane = false }: StopOptions = {},
): Promise<boolean> {
  const { panes, tmux } = ctx.ports;
  const gone = (await panes.stop(session, waitMs)) && (await sweep(ctx, session));
  if (!gone && !(await killAll(ctx, session))) return false;
  if (!keepPane && (await tmux.version()) !== undefined) await tmux.kill(session);
  return true;
}

/** The same for those who cannot go on without. UnavailableError `session.will-not-stop`. */
export async function mustStop(ctx: TownContext, session: SessionName, options?: StopOptions): Promise<void> {
  if (await stopSession(ctx, session, options)) return;
  throw new UnavailableError({
    code: 'session.will-not-stop',
    message: `session ${session} does not end, and could not be killed`,
    hint: `Look at it: gt attach ${session}`,
  });
}

/** What an agent left behind whose host was killed: its group and session, found by the child's identity. */
async function sweep(ctx: TownContext, session: SessionName): Promise<boolean> {
  const seen = await ctx.ports.panes.observe(session);
  if (seen.kind === 'unreadable' || seen.kind === 'live') return false;
  if (seen.kind === 'none' || seen.state.child === undefined) return true;
  const mark = sessionMark(ctx.paths.panesDir, seen.state);
  return (await ctx.ports.processes.stopTree(seen.state.child, GRACE_MS, mark)).length === 0;
}

async function killAll(ctx: TownContext, session: SessionName): Promise<boolean> {
  const seen = await ctx.ports.panes.observe(session);
  if (seen.kind === 'unreadable') return false;
  if (seen.kind === 'none') return true;
  const { child, host } = seen.state;
  const targets: readonly ProcessIdentity[] = child === undefined ? [host] : [child, host];
  const mark = sessionMark(ctx.paths.panesDir, seen.state);
  const { processes } = ctx.ports;
  const living = await Promise.all(targets.map((target) => processes.stopTree(target, GRACE_MS, mark)));
  return living.flat().length === 0;
}
