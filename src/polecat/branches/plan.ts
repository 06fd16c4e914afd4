import { unreachable } from '../../core/errors.ts';
import type { Sha } from '../../core/names.ts';
import type { BranchProof } from '../../hooks/branch-proof.ts';

/** A branch that gt made, and what speaks for and against deleting it. */
export interface BranchFacts {
  readonly name: string;
  readonly where: 'local' | 'remote';
  readonly tip: Sha;
  /** Why somebody still needs it; undefined = nobody does. */
  readonly neededBy: string | undefined;
  /** undefined: its commits are nowhere else, as far as can be seen. */
  readonly proof: BranchProof | undefined;
}

/**
 * gc: local branches nobody works on, wherever their commits are kept. prune: only what has landed, as `git branch -d`
 * would, on the remote too where that is asked for.
 */
export type BranchSweep = 'gc' | 'prune' | 'prune-remote';

export type BranchStep =
  | { readonly do: 'delete-local'; readonly name: string; readonly proof: BranchProof }
  | { readonly do: 'delete-remote'; readonly name: string; readonly proof: BranchProof };

export interface KeptBranch {
  readonly name: string;
  readonly where: BranchFacts['where'];
  readonly why: string;
}

export interface BranchPlan {
  readonly steps: readonly BranchStep[];
  readonly kept: readonly KeptBranch[];
}

/** Which branches go. Every step carries the proof that its commits stay reachable. Pure. */
export function planBranches(branches: readonly BranchFacts[], sweep: BranchSweep): BranchPlan {
  const judged = branches
    .filter(({ where }) => where === 'local' || sweep === 'prune-remote')
    .map((branch) => judge(branch, sweep));
  return {
    steps: judged.flatMap((each) => ('do' in each ? [each] : [])),
    kept: judged.flatMap((each) => ('do' in each ? [] : [each])),
  };
}

function judge(branch: BranchFacts, sweep: BranchSweep): BranchStep | KeptBranch {
  const { name, where, neededBy, proof } = branch;
  const keep = (why: string): KeptBranch => ({ name, where, why });
  if (neededBy !== undefined) return keep(neededBy);
  if (proof === undefined) return keep('it has commits that are nowhere else');
  if (sweep !== 'gc' && proof.by !== 'landed') return keep(`not landed, only ${proof.by}`);
  switch (where) {
    case 'local':
      return { do: 'delete-local', name, proof };
    case 'remote':
      return { do: 'delete-remote', name, proof };
    default:
      return unreachable(where, 'branch place');
  }
}
