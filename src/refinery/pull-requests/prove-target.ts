import type { Sha } from '../../core/names.ts';
import { raiseAlert } from '../../beads/forms/alert.ts';
import type { Engine } from '../engine.ts';
import { proveCandidate } from '../prove.ts';

/**
 * What stands on the target after a merge on the forge: the files that were proven, and nothing is run, or others,
 * because somebody's push came in between or a person merged; then they are proven at once, and a red is told.
 */
export async function proveTarget(engine: Engine, tip: Sha): Promise<void> {
  const { ctx, remote, lane, rig, signal } = engine;
  const { tree } = await ctx.ports.git.objects.commit(remote.repo, tip);
  const candidate = { commit: tip, tree };
  const proof = await proveCandidate(engine, { candidate, mrs: [], slot: 0, alone: true, signal });
  if (proof.kind !== 'red') return;
  const { target } = lane.record;
  const { gate, log, tail } = proof.run;
  await lane.save({}, (tx) =>
    raiseAlert(tx, {
      key: `mq-merged-red ${rig.name} ${target} ${tip}`,
      title: `${target} of ${rig.name} fails gate ${gate} after a pull request was merged`,
      text: [
        `The tip ${tip} holds other files than were proven, and does not pass gate ${gate}.`,
        `Log: ${log}`,
        '',
        ...tail,
      ].join('\n'),
      priority: 0,
      kind: 'escalation',
    }),
  );
}
