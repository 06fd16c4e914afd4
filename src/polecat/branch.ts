import type { WorkerName } from '../core/names.ts';

/** `polecat/<n>/<issue>@<base36 ms>`: a branch of its own for every dispatch. */
export function branchName(worker: WorkerName, issue: string, unixMs: number): string {
  return `polecat/${worker}/${issue}@${unixMs.toString(36)}`;
}

/** The issue a polecat's branch belongs to; undefined for any other branch. */
export function issueOfBranch(branch: string): string | undefined {
  return /^polecat\/[^/]+\/([^/@]+)(?:@[0-9a-z]+)?$/.exec(branch)?.[1];
}

/** Branches that a polecat of this name made. */
export function isBranchOf(branch: string, worker: WorkerName): boolean {
  return branch.startsWith(`polecat/${worker}/`) || branch.startsWith(`polecat/${worker}-`);
}
