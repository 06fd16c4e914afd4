import type { Sha } from '../core/names.ts';
import { raiseAlert } from '../beads/forms/alert.ts';
import { timestamp } from './engine.ts';
import type { Engine } from './engine.ts';

/**
 * Takes the target's new tip as the base. Foreign pushes are fine: the chain is built anew on them. When what this
 * lane has landed is gone from the target, somebody rewrote history: then the lane pauses, because landing it
 * again might be exactly what they did not want. False when the lane may not go on.
 */
export async function followTarget(engine: Engine, tip: Sha): Promise<boolean> {
  const { ctx, lane, remote, rig, report } = engine;
  const { base, landed, chain, target } = lane.record;
  if (base === tip) return true;
  const { objects } = ctx.ports.git;
  if (landed !== undefined && (await objects.mergeBase(remote.repo, landed, tip)) !== landed) {
    const why = `${target} no longer holds ${landed.slice(0, 10)}, which the queue has landed: its history was rewritten`;
    const paused = { cause: 'rewritten' as const, why, since: timestamp(ctx) };
    await lane.save({ paused, chain: [] }, (tx) =>
      raiseAlert(tx, {
        key: `mq-rewritten ${rig.name} ${target} ${landed}`,
        title: `Merge queue of ${rig.name} is paused: ${target} was rewritten`,
        text: `${why}.\n\nLook at git log origin/${target}. To go on from what is there now: gt mq resume ${rig.name}`,
        priority: 1,
        kind: 'escalation',
      }),
    );
    report.waiting(`paused: ${why}. Run: gt mq resume ${rig.name}`);
    return false;
  }
  // Landings found by recovery may end inside our own chain: what follows still stands.
  const own = chain.findIndex((link) => link.commit === tip);
  await lane.save({ base: tip, chain: chain.slice(own === -1 ? chain.length : own + 1) });
  return true;
}
