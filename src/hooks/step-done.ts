import type { TownContext } from '../beads/context.ts';
import type { Bead } from '../beads/types.ts';
import { formatAddress } from '../core/address.ts';
import { RefusedError } from '../core/errors.ts';
import { townKitchen } from '../formulas/kitchen.ts';
import { planFollowUp, runFollowUp } from '../formulas/molecule/after-step.ts';
import { rootsOf } from '../formulas/molecule/find.ts';
import { progressOf } from '../formulas/molecule/progress.ts';
import { readMolecule } from '../formulas/molecule/read.ts';

export interface StepDone {
  readonly step: Bead;
  readonly molecule: Bead;
  /** The step to do now; in progress for the caller. */
  readonly next: Bead | undefined;
  /** Other steps that could start too. */
  readonly parallel: readonly Bead[];
  readonly complete: boolean;
  readonly action: 'continue' | 'parallel' | 'done' | 'no_more_ready';
}

/**
 * Closes a step with all that closing it brings, and takes the next one for the caller, in one transaction.
 * RefusedError `molecule.no-step` for a bead of no molecule, and what closing a blocked step says.
 */
export async function finishStep(ctx: TownContext, word: string, mode: 'do' | 'look'): Promise<StepDone> {
  const ledger = await ctx.ledgers.of(word);
  const step = await ledger.find(word);
  const rootId = (await rootsOf(ledger, [step.id])).get(step.id) ?? step.id;
  if (rootId === step.id) {
    throw new RefusedError({
      code: 'molecule.no-step',
      message: `${step.id} is no step of a molecule`,
      hint: `Close it by itself: bd close ${step.id} --reason "<what was done>"`,
    });
  }
  const molecule = await ledger.find(rootId);
  const rig = 'rig' in ctx.actor ? ctx.actor.rig : undefined;
  const plan = await planFollowUp(ledger, townKitchen(ctx, rig), step);
  const by = formatAddress(ctx.actor);
  if (mode === 'look') {
    const { steps } = progressOf(await readMolecule(ledger, molecule));
    const waiting = steps.filter(
      ({ state, blockedBy }) => state === 'ready' || blockedBy.every((id) => id === step.id),
    );
    const open = steps.filter(({ bead, state }) => state !== 'done' && bead.id !== step.id);
    return decide({
      by,
      step,
      molecule,
      ready: waiting.filter((each) => open.includes(each)).map(({ bead }) => bead),
      open: open.length,
    });
  }
  return ledger.transaction(by, async (tx) => {
    if (step.status !== 'closed') await tx.close(step.id, { reason: 'Done' });
    await runFollowUp(tx, step, { plan, source: ctx.ports });
    const { steps, total, completed } = progressOf(await readMolecule(tx, await tx.find(molecule.id)));
    const ready = steps.filter(({ state }) => state === 'ready').map(({ bead }) => bead);
    const done = decide({ by, step, molecule, ready, open: total - completed });
    if (done.next !== undefined) await tx.update(done.next.id, { status: 'in_progress', assignee: by });
    return done;
  });
}

interface Facts {
  readonly by: string;
  readonly step: Bead;
  readonly molecule: Bead;
  readonly ready: readonly Bead[];
  /** Steps not done, the closed one left out. */
  readonly open: number;
}

function decide({ by, step, molecule, ready, open }: Facts): StepDone {
  // A step that the formula gave to somebody else is not the caller's to take.
  const next = ready.find((bead) => bead.assignee === '' || bead.assignee === by);
  const others = ready.filter((bead) => bead !== next);
  const base = { step, molecule, next, parallel: others, complete: open === 0 };
  if (open === 0) return { ...base, action: 'done' };
  if (next === undefined) return { ...base, action: 'no_more_ready' };
  return { ...base, action: others.length === 0 ? 'continue' : 'parallel' };
}
