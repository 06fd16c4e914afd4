import type { TownContext } from '../beads/context.ts';
import { GtError, messageOf } from '../core/errors.ts';
import { counted } from '../core/text.ts';
import { pendingReviews, readJudgment } from '../refinery/review.ts';
import type { PendingReview } from '../refinery/review.ts';
import type { RigName } from '../core/names.ts';
import type { Rig } from '../rig/registry.ts';
import { agentWanted } from '../town/wanted.ts';
import type { Wanted } from '../town/wanted.ts';
import { dueIn } from './backoff.ts';
import type { Hands } from './hands.ts';
import type { Failure, Judged, Memory } from './memory.ts';
import { FAILURE_BACKOFF } from './next-memory.ts';

export interface JudgeReport {
  readonly judged: Memory['judged'];
  readonly troubles: readonly string[];
}

/**
 * Where `merge_queue.judgment_enabled` asks for it, the refinery's agent is told of changes that nobody has looked at:
 * once each, so that what it ignores costs nothing more. It is started for that unless a person has stopped it. The
 * engine never waits for it.
 */
export async function callJudges(
  ctx: TownContext,
  hands: Hands,
  {
    rigs,
    wanted,
    memory,
  }: { readonly rigs: readonly Rig[]; readonly wanted: Wanted; readonly memory: Memory },
): Promise<JudgeReport> {
  const judged = new Map(memory.judged);
  const troubles: string[] = [];
  for (const rig of rigs.filter(({ name }) => mayJudge(wanted, name))) {
    const before = memory.judged.get(rig.name) ?? NOBODY_TOLD;
    try {
      const told = await callJudge(ctx, hands, { rig, before });
      if (told !== undefined) judged.set(rig.name, { told, failure: undefined });
    } catch (error) {
      if (!(error instanceof GtError)) throw error;
      troubles.push(`rig ${rig.name}: reviews: ${messageOf(error)}`);
      judged.set(rig.name, { ...before, failure: oneMore(before.failure, ctx.ports.clock.now()) });
    }
  }
  return { judged, troubles };
}

function mayJudge(wanted: Wanted, rig: RigName): boolean {
  return agentWanted(wanted, { role: 'refinery', rig }) === 'up';
}

/** All changes that the judge of a rig has been told of by now; undefined = it was not its time. */
async function callJudge(
  ctx: TownContext,
  hands: Hands,
  { rig, before }: { readonly rig: Rig; readonly before: Judged },
): Promise<ReadonlySet<string> | undefined> {
  const { failure, told } = before;
  const facts = { now: ctx.ports.clock.now(), rule: FAILURE_BACKOFF };
  if (failure !== undefined && dueIn(failure.count, failure.last, facts) > 0) return undefined;
  if (!(await readJudgment(ctx, rig)).enabled) return undefined;
  const pending = await pendingReviews(ctx, rig);
  const fresh = pending.filter((item) => !told.has(keyOf(item)));
  if (fresh.length > 0) await hands.callJudge(rig, messageFor(rig, fresh));
  return new Set(pending.map(keyOf));
}

const NOBODY_TOLD: Judged = { told: new Set(), failure: undefined };

function oneMore(before: Failure | undefined, last: number): Failure {
  return { count: (before?.count ?? 0) + 1, last };
}

function keyOf({ mr, what }: PendingReview): string {
  return `${mr.id} ${mr.commit ?? ''} ${what} ${what === 'explain' ? (mr.evidence?.at ?? '') : ''}`;
}

function messageFor(rig: Rig, fresh: readonly PendingReview[]): string {
  const ids = fresh.slice(0, 10).map(({ mr, what }) => `${mr.id} (${what})`);
  const more = fresh.length > ids.length ? ` and ${fresh.length - ids.length} more` : '';
  return `${counted(fresh.length, 'change')} to look at: ${ids.join(', ')}${more}. Run: gt mq reviews ${rig.name} --pending`;
}
