import type { TownContext } from '../beads/context.ts';
import type { SessionName } from '../core/names.ts';
import type { PaneObservation, PaneState } from '../ports/panes.ts';
import type { SessionFact } from './state.ts';

/** Between two looks at a session whose processes are missing. */
const SECOND_LOOK_MS = 200;

/** An observation as `polecatState` takes it. @param looks how often in a row the processes were missing */
function sessionFactOf(seen: PaneObservation, looks: number): SessionFact {
  switch (seen.kind) {
    case 'none':
    case 'unreadable':
      return seen;
    case 'live':
      return { kind: 'live', spawn: seen.state.spawn, ready: seen.state.wasReady };
    case 'exited':
      return { kind: 'exited', spawn: seen.state.spawn, how: describeExit(seen.state) };
    case 'gone':
      return { kind: 'gone', spawn: seen.state.spawn, looks };
  }
}

/** `exit 1`, `signal KILL`: how the agent ended, as its host wrote it down. */
export function describeExit({ exit }: PaneState): string {
  if (exit === undefined) return 'no exit status';
  return exit.signal === null ? `exit ${exit.code ?? '?'}` : `signal ${exit.signal}`;
}

/** Looks once, and a second time when the processes are missing: a command has no memory of an earlier tick. */
export async function lookAtSession(
  ctx: TownContext,
  session: SessionName,
): Promise<{ readonly seen: PaneObservation; readonly fact: SessionFact }> {
  const first = await ctx.ports.panes.observe(session);
  if (first.kind !== 'gone') return { seen: first, fact: sessionFactOf(first, 0) };
  await ctx.ports.clock.sleep(SECOND_LOOK_MS);
  const seen = await ctx.ports.panes.observe(session);
  return { seen, fact: sessionFactOf(seen, 2) };
}
