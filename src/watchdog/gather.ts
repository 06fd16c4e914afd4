import type { TownContext } from '../beads/context.ts';
import { DONE_KEY, hasIntent, parseIntent } from '../polecat/done/request.ts';
import { listPolecats } from '../polecat/list.ts';
import type { PolecatView } from '../polecat/list.ts';
import { readRigProperties } from '../rig/properties.ts';
import type { Rig } from '../rig/registry.ts';
import { NO_ATTEMPTS } from '../town/attempts.ts';
import type { Attempts } from '../town/attempts.ts';
import { agentWanted } from '../town/wanted.ts';
import type { Wanted } from '../town/wanted.ts';
import type { Memory } from './memory.ts';
import { sightingOf } from './sighting.ts';
import type { WorkerFacts } from './worker-facts.ts';

/** What is read once for all rigs of a pass. */
export interface TownFacts {
  /** Unix ms. */
  readonly now: number;
  readonly wanted: Wanted;
  readonly attempts: ReadonlyMap<string, Attempts>;
  readonly rigs: readonly Rig[];
  readonly memory: Memory;
}

/** All polecats of one rig, as the planner takes them. No subprocess. */
export async function gatherWorkers(
  ctx: TownContext,
  rig: Rig,
  town: TownFacts,
): Promise<readonly WorkerFacts[]> {
  return workersOf(ctx, rig, { views: await listPolecats(ctx, rig), town });
}

/** Polecats already listed, as the planner takes them. */
export async function workersOf<View extends PolecatView>(
  ctx: TownContext,
  rig: Rig,
  { views, town }: { readonly views: readonly View[]; readonly town: TownFacts },
): Promise<readonly (WorkerFacts & { readonly view: View })[]> {
  // Asked only when somebody has died: a look at a healthy rig costs no query for it.
  const isAsked = views.some(({ verdict }) => verdict.state === 'dead');
  const autoRestart = !isAsked || (await readRigProperties(ctx, rig)).get('auto_restart');
  return views.map((view) => ({ ...workerFacts(view, rig, town), autoRestart, view }));
}

function workerFacts(view: PolecatView, rig: Rig, town: TownFacts): Omit<WorkerFacts, 'autoRestart'> {
  const { row, work, session } = view;
  const [held] = work.held;
  return {
    worker: view.name,
    session,
    row:
      row === undefined
        ? undefined
        : {
            agentState: row.agentState,
            spawn: row.spawn,
            // An intent of an earlier spawn is nobody's any more.
            doneIntent:
              hasIntent(row.labels) && parseIntent(row.bead.metadata[DONE_KEY])?.spawn === row.spawn,
          },
    verdict: view.verdict,
    held: held === undefined ? undefined : { id: held.id, status: held.status },
    attempts: held === undefined ? NO_ATTEMPTS : (town.attempts.get(held.id) ?? NO_ATTEMPTS),
    seen: sightingOf(view.seen, { session, memory: town.memory, now: town.now }),
    wanted: agentWanted(town.wanted, { role: 'polecat', rig: rig.name, name: view.name }),
    hasFolder: view.hasFolder,
  };
}
