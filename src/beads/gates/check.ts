import { GtError, messageOf } from '../../core/errors.ts';
import { locateBead } from '../locate.ts';
import type { Bead, Ledger, Ledgers } from '../types.ts';
import type { GitHub } from './github.ts';
import { judgeBead, judgePullRequest, judgeRun, judgeTimer, type GateVerdict } from './verdict.ts';

export interface GateWorld {
  readonly ledgers: Ledgers;
  /** The database of the gates. */
  readonly home: Ledger;
  readonly github: GitHub;
  /** Unix ms. */
  readonly now: number;
}

/** Which gates a word after `--type` means. */
export function isOfType(gate: Bead, type: string): boolean {
  if (type === '' || type === 'all') return true;
  return type === 'gh' ? gate.awaitType.startsWith('gh:') : gate.awaitType === type;
}

/**
 * Looks whether what a gate waits for has happened; undefined for gates that only people open (human, mail).
 * Never throws: what cannot be looked at is `unknown`.
 */
export async function judgeGate(world: GateWorld, gate: Bead): Promise<GateVerdict | undefined> {
  try {
    return await look(world, gate);
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    return { kind: 'unknown', why: messageOf(error) };
  }
}

async function look(world: GateWorld, gate: Bead): Promise<GateVerdict | undefined> {
  switch (gate.awaitType) {
    case 'timer':
      return judgeTimer(gate, world.now);
    case 'gh:run':
      return lookAtRun(world.github, gate.awaitId);
    case 'gh:pr':
      return judgePullRequest(await world.github.view('pr', gate.awaitId));
    case 'bead':
      return judgeBead(await targetOf(world, gate.awaitId));
    default:
      return undefined;
  }
}

/** A name instead of a number means the newest run of that workflow. */
async function lookAtRun(github: GitHub, awaitId: string): Promise<GateVerdict> {
  if (/^\d+$/.test(awaitId) || awaitId === '') return judgeRun(await github.view('run', awaitId));
  const [newest] = await github.runs({ workflow: awaitId, limit: 1 });
  if (newest === undefined) return { kind: 'waiting', why: `workflow '${awaitId}' has not run yet` };
  return judgeRun(await github.view('run', newest.id));
}

/** `<rig>:<bead>`, or a bead alone. */
async function targetOf({ ledgers, home }: GateWorld, awaitId: string): Promise<Bead> {
  const [, rig, id] = /^([^:]+):(.+)$/.exec(awaitId) ?? [];
  if (rig !== undefined && id !== undefined) return (await ledgers.open(rig)).find(id);
  return (await locateBead(ledgers, home, awaitId)).bead;
}
