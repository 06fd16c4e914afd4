import type { PaneObservation, PaneState } from '../ports/panes.ts';
import type { Resume } from '../runtimes/launch.ts';
import type { RuntimeRecord } from '../runtimes/types.ts';

/** A resumed session that ended sooner may have been ended by its own conversation: the next one begins anew. */
const SHORT_LIFE_MS = 60_000;

/**
 * How the next session of an agent goes on where the last one was; undefined = it begins a new conversation, since
 * the last one never got to its prompt, was about something else, or cannot be taken up by this runtime. Pure.
 * @param bead what the next session is for, when that decides
 */
export function lastConversation(
  seen: PaneObservation,
  runtime: RuntimeRecord,
  bead?: string,
): Resume | undefined {
  if (!('state' in seen)) return undefined;
  const { state } = seen;
  const isSame = state.runtime === runtime.name && (bead === undefined || state.bead === bead);
  if (!isSame || !state.wasReady) return undefined;
  if (state.resumed === true && lifeOf(state) < SHORT_LIFE_MS) return undefined;
  const { conversation } = state;
  if (conversation !== undefined && runtime.resume !== undefined) return { conversation };
  return runtime.continueFlag === undefined ? undefined : {};
}

/** What the last session was started with, for a next one that is to be the same agent. */
export function lastTerms(seen: PaneObservation): {
  readonly agent: string | undefined;
  readonly account: string | undefined;
} {
  return 'state' in seen
    ? { agent: seen.state.runtime, account: seen.state.account }
    : { agent: undefined, account: undefined };
}

/** Until the last thing known of it. Milliseconds. */
function lifeOf({ started, since, lastOutput = since }: PaneState): number {
  return Math.max(Date.parse(since), Date.parse(lastOutput)) - Date.parse(started);
}
