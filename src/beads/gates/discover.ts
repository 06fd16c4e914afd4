import type { Bead } from '../types.ts';
import type { WorkflowRun } from './github.ts';

export interface Checkout {
  readonly branch: string;
  /** '' when unknown. */
  readonly sha: string;
}

export interface RunSearch {
  readonly checkout: Checkout;
  /** Unix ms. */
  readonly now: number;
  readonly maxAgeMs: number;
}

/** A gh:run gate that has no run's number yet. */
export function needsRun(gate: Bead): boolean {
  return gate.awaitType === 'gh:run' && !/^\d+$/.test(gate.awaitId);
}

const MINUTE_MS = 60_000;

/** What speaks for a run, in points: a named workflow decides, then the commit, then the branch, then the time. */
const POINTS = { workflow: 200, commit: 100, branch: 50, running: 5, least: 30 } as const;

/** The run that the gate most likely means; undefined when none is likely. */
export function matchRun(
  gate: Bead,
  runs: readonly WorkflowRun[],
  search: RunSearch,
): WorkflowRun | undefined {
  let best: { readonly run: WorkflowRun; readonly points: number } | undefined;
  for (const run of runs) {
    if (search.now - run.createdAt > search.maxAgeMs || !fitsName(gate.awaitId, run)) continue;
    const points = pointsOf(gate, run, search.checkout);
    if (points >= POINTS.least && points > (best?.points ?? 0)) best = { run, points };
  }
  return best?.run;
}

function pointsOf(gate: Bead, run: WorkflowRun, { branch, sha }: Checkout): number {
  return (
    (gate.awaitId === '' ? 0 : POINTS.workflow) +
    (sha !== '' && run.sha === sha ? POINTS.commit : 0) +
    (run.branch === branch ? POINTS.branch : 0) +
    closeness(Math.abs(run.createdAt - Date.parse(gate.createdAt))) +
    (run.status === 'in_progress' || run.status === 'queued' ? POINTS.running : 0)
  );
}

function closeness(apartMs: number): number {
  if (apartMs < 5 * MINUTE_MS) return 30;
  if (apartMs < 10 * MINUTE_MS) return 20;
  return apartMs < 30 * MINUTE_MS ? 10 : 0;
}

/** `ci`, `ci.yml` and `CI` all name the workflow `CI` in the file ci.yml. */
function fitsName(hint: string, { workflow, name }: WorkflowRun): boolean {
  if (hint === '') return true;
  const bare = (text: string) => text.toLowerCase().replace(/\.ya?ml$/, '');
  return bare(workflow) === bare(hint) || bare(name) === bare(hint);
}
