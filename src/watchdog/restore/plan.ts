import { formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import type { Bead } from '../../beads/types.ts';
import { STOP_ASKED } from '../../ports/panes.ts';
import type { PaneObservation } from '../../ports/panes.ts';
import type { WantedState } from '../../town/wanted.ts';

/** What is known of an agent that is no polecat: those are planned like in any pass. */
export interface StandingFacts {
  readonly agent: AgentAddress;
  readonly seen: PaneObservation;
  readonly held: Pick<Bead, 'id' | 'title'> | undefined;
  /** Its rig's settings name it in crew.startup. */
  readonly isStartup: boolean;
  readonly wanted: WantedState;
}

export interface Standing {
  readonly agent: AgentAddress;
  readonly bead: Pick<Bead, 'id' | 'title'> | undefined;
  /** For people. */
  readonly why: string;
}

/**
 * Who comes back beside the workers: who was cut off in the middle, who holds work, and whom the rig wants at every
 * start. Pure. Nobody who runs, whom people have stopped, or who cannot be looked at.
 */
export function planStanding(facts: readonly StandingFacts[]): readonly Standing[] {
  return facts
    .flatMap((each): readonly Standing[] => {
      const why = whyBack(each);
      return why === undefined ? [] : [{ agent: each.agent, bead: each.held, why }];
    })
    .toSorted((a, b) => (formatAddress(a.agent) < formatAddress(b.agent) ? -1 : 1));
}

function whyBack({ seen, held, isStartup, wanted }: StandingFacts): string | undefined {
  if (wanted === 'down' || seen.kind === 'live' || seen.kind === 'unreadable') return undefined;
  if (held !== undefined) return `it holds ${held.id}`;
  if (isStartup) return 'crew.startup';
  return wasCutOff(seen) ? 'it was cut off' : undefined;
}

/** Nobody asked it to end: its processes vanished, or a signal ended it that gt did not send. */
function wasCutOff(seen: PaneObservation): boolean {
  if (seen.kind === 'gone') return true;
  return seen.kind === 'exited' && seen.state.exit?.signal != null && seen.state.reason !== STOP_ASKED;
}
