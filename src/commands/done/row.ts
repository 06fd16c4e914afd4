import type { DoneReport } from '../../polecat/done/run.ts';
import type { DoneRow } from '../../ui/text/done.ts';

/** A report as data. */
export function doneRow({ bead, exit, branch, head, rescued }: DoneReport): DoneRow {
  return {
    bead,
    exit: exit.kind,
    ...mrOf(exit),
    ...(branch === undefined ? {} : { branch }),
    ...(head === undefined ? {} : { commit: head }),
    ...(exit.kind === 'landed' ? { target: exit.target } : {}),
    ...(exit.kind === 'closed' ? { reason: exit.reason } : {}),
    rescued,
  };
}

function mrOf(exit: DoneReport['exit']): { readonly mr?: string } {
  if (exit.kind === 'submitted' || exit.kind === 'repinned') return { mr: exit.outcome.mr.id };
  return exit.kind === 'already' && exit.mr !== undefined ? { mr: exit.mr } : {};
}
