import type { Bead, Ledger } from '../../../beads/types.ts';
import type { CommandInput } from '../../../cli/command.ts';
import { claimFirst } from '../claim-first.ts';
import type { Write } from '../write.ts';

export interface AfterClose {
  /** Beads that the close made ready. */
  readonly unblocked: readonly Bead[];
  /** The bead taken by --claim-next. */
  readonly claimed: Bead | undefined;
  /** What --continue found; undefined for a bead of no molecule. */
  readonly step:
    | {
        readonly closed: Bead;
        readonly next: Bead | undefined;
        readonly isClaimed: boolean;
        readonly isComplete: boolean;
        readonly molecule: string;
      }
    | undefined;
}

interface Closing {
  readonly done: readonly Bead[];
  /** What waited for them before. */
  readonly waiting: readonly Bead[];
  readonly ledger: Ledger;
  readonly actor: string;
  readonly write: Write;
}

/** What --suggest-next, --continue and --claim-next find and take once something was closed. */
export async function afterClose(input: CommandInput, closing: Closing): Promise<AfterClose> {
  const { done, waiting, ledger } = closing;
  const [closed] = done;
  if (closed === undefined) return { unblocked: [], claimed: undefined, step: undefined };
  const candidates = input.bool('claim-next') ? await ledger.ready({ limit: 20 }) : [];
  return {
    unblocked: await freed(ledger, waiting),
    claimed: await claimFirst(closing, candidates),
    step:
      input.bool('continue') && done.length === 1
        ? await nextStep(closing, closed, input.bool('no-auto') ? 'look' : 'claim')
        : undefined,
  };
}

/** Open beads that are blocked and depend on this one. */
export async function readWaiting(ledger: Ledger, id: string): Promise<readonly Bead[]> {
  const ids = [...new Set((await ledger.edgesTo([id])).map((edge) => edge.from))];
  const beads = ids.length === 0 ? [] : await ledger.list({ ids, notStatus: ['closed'] });
  return beads.filter((bead) => bead.isBlocked);
}

async function freed(ledger: Ledger, waiting: readonly Bead[]): Promise<readonly Bead[]> {
  if (waiting.length === 0) return [];
  const now = await ledger.list({ ids: waiting.map((bead) => bead.id), notStatus: ['closed'] });
  return now.filter((bead) => !bead.isBlocked);
}

async function nextStep(closing: Closing, closed: Bead, mode: 'look' | 'claim'): Promise<AfterClose['step']> {
  const { ledger } = closing;
  const [{ rootsOf }, { readMolecule }, { progressOf }] = await Promise.all([
    import('../../../formulas/molecule/find.ts'),
    import('../../../formulas/molecule/read.ts'),
    import('../../../formulas/molecule/progress.ts'),
  ]);
  const rootId = (await rootsOf(ledger, [closed.id])).get(closed.id) ?? closed.id;
  const root = rootId === closed.id ? undefined : await ledger.get(rootId);
  if (root === undefined) return undefined;
  const progress = progressOf(await readMolecule(ledger, root));
  const ready = progress.steps.filter((step) => step.state === 'ready').map((step) => step.bead);
  const claimed = mode === 'claim' ? await claimFirst(closing, ready) : undefined;
  return {
    closed,
    next: claimed ?? ready[0],
    isClaimed: claimed !== undefined,
    isComplete: progress.completed === progress.total,
    molecule: root.id,
  };
}
