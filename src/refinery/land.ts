import { parseMergeRequest, updateMergeRequest } from '../beads/forms/merge-request.ts';
import type { LedgerTx } from '../beads/types.ts';
import type { Sha } from '../core/names.ts';
import { emitEvent } from '../town/events.ts';
import { timestamp } from './engine.ts';
import type { Engine } from './engine.ts';
import { evict, plainEvidence } from './evict.ts';
import type { ChainLink } from './lane.ts';
import { checkLanding } from './may-land.ts';
import { noteInfra } from './infra.ts';
import { pushTarget } from './push-target.ts';
import { settleIntent } from './settle.ts';
import { isUnwanted, readWanted } from './unwanted.ts';

/** Pushes lost in a row before the pass ends, and before a person hears of it. */
export const MANY_LOSSES = 3;
const ALARMING_LOSSES = 6;
const LOSS_PAUSE_MS = 10_000;

/** Lands the proven first `position` links: intent, push, read back, close (H4-H7). */
export async function landPrefix(engine: Engine, position: number): Promise<void> {
  const { lane, settings, report, signal } = engine;
  const { base: old, chain } = lane.record;
  const links = chain.slice(0, position);
  const last = links.at(-1);
  if (old === undefined || last === undefined || signal.aborted) return;
  const check = await checkLanding(engine, old, links);
  if (!check.ok) {
    if (check.kind === 'collateral') await evictCollateral(engine, check);
    else await dropChain(engine, check.why);
    return;
  }
  if (settings.gates.length === 0) report.untested();
  if (!(await recordIntent(engine, { old, links, last }))) return;
  engine.ctx.failpoint('H5', 'before');
  const outcome = await pushTarget(engine.lease, engine, { old, next: last.commit });
  engine.ctx.failpoint('H5', 'after');
  if ((await settleIntent(engine)) === 'landed') return;
  if (outcome.pushed)
    await noteInfra(engine, `the push to ${lane.record.target} was accepted without effect`);
  else if (outcome.cause === 'stale') await noteLoss(engine);
  else await noteInfra(engine, `the push to ${lane.record.target} failed: ${outcome.why}`);
}

/** H4: from here on a killed engine must ask the remote what happened. False when a link is no longer wanted. */
async function recordIntent(
  engine: Engine,
  { old, links, last }: { readonly old: Sha; readonly links: readonly ChainLink[]; readonly last: ChainLink },
): Promise<boolean> {
  engine.ctx.failpoint('H4', 'before');
  try {
    await engine.lane.save(
      { intent: { old, new: last.commit, count: links.length, at: timestamp(engine.ctx) } },
      async (tx) => {
        for (const link of links) await markLanding(tx, link);
      },
    );
  } catch (error) {
    if (!isUnwanted(error)) throw error;
    await dropChain(engine, error.message);
    return false;
  }
  engine.ctx.failpoint('H4', 'after');
  return true;
}

/** Rejected, superseded or re-pinned in the last moment: then nothing of this prefix is pushed. */
async function markLanding(tx: LedgerTx, link: ChainLink): Promise<void> {
  await updateMergeRequest(tx, await readWanted(tx, link), {
    fields: { phase: 'landing', mergeCommit: link.commit },
    status: 'in_progress',
  });
}

/** The chain is built anew on the next look; proofs of equal trees stay. */
async function dropChain(engine: Engine, why: string): Promise<void> {
  engine.ctx.ports.log.info('merge chain dropped', { rig: engine.rig.name, why });
  await engine.lane.save({ chain: [] });
}

async function evictCollateral(
  engine: Engine,
  { link, paths }: { readonly link: ChainLink; readonly paths: readonly string[] },
): Promise<void> {
  const bead = await engine.ledger.get(link.mr);
  if (bead === undefined) return dropChain(engine, `${link.mr} is gone`);
  const named = paths.slice(0, 3).join(', ');
  const evidence = plainEvidence(engine, {
    cause: 'collateral',
    summary: `merging it would change files that its branch did not touch: ${named}`,
    paths: paths.slice(0, 100),
    head: link.head,
    target: engine.lane.record.base,
  });
  return evict(engine, { mr: parseMergeRequest(bead), evidence });
}

/** Losing against somebody else's push is normal; losing again and again means to wait a little and push less at once. */
async function noteLoss(engine: Engine): Promise<void> {
  const { lane, ctx, rig, report } = engine;
  const lost = lane.record.lost + 1;
  await lane.save({ lost });
  if (lost % MANY_LOSSES !== 0) return;
  const why = `${lost} pushes in a row came second: somebody else keeps pushing to ${lane.record.target}`;
  report.waiting(why);
  report.retryAt(new Date(ctx.ports.clock.now() + LOSS_PAUSE_MS).toISOString());
  if (lost === ALARMING_LOSSES) {
    await emitEvent(ctx, { type: 'escalation_sent', payload: { rig: rig.name, reason: why } });
  }
}
