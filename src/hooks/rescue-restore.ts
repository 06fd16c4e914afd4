import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { isBranchName } from '../core/branch.ts';
import { RefusedError, UsageError } from '../core/errors.ts';
import { counted } from '../core/text.ts';
import type { Sha } from '../core/names.ts';
import type { SnapshotContents } from '../ports/git.ts';
import { emitEvent } from '../town/events.ts';
import type { KeptWork } from './rescue-list.ts';

/** Where kept work is to come back: always something new. */
export type RestoreTarget =
  { readonly kind: 'folder'; readonly path: string } | { readonly kind: 'branch'; readonly name: string };

export interface RestoreFacts {
  /** Something is at the folder already, or the branch is there. */
  readonly taken: boolean;
  /** Tree of the snapshot and of its HEAD. */
  readonly tree: Sha;
  readonly headTree: Sha | undefined;
}

export type RestoreStep =
  /** A worktree with everything: commits, files, staged content, stash, operation under way. */
  | { readonly do: 'make-folder'; readonly path: string }
  /** HEAD and, above it, one commit with the files; `leaves` is what a branch cannot hold. */
  | {
      readonly do: 'make-branch';
      readonly name: string;
      readonly commitFiles: boolean;
      readonly leaves: readonly string[];
    };

export interface RestoreReport {
  readonly step: RestoreStep;
  /** What could not be brought back as it was. */
  readonly notes: readonly string[];
}

/** A path begins with `/`, `./`, `../` or `~`; anything else names a branch. Default: a folder of its own in the rig. */
export function parseTarget(
  work: KeptWork,
  text: string | undefined,
  place: { readonly cwd: string; readonly home: string },
): RestoreTarget {
  const { home, name } = work;
  if (text === undefined)
    return { kind: 'folder', path: join(home.paths.runtimeDir, 'rescued', `${name.label}-${name.stamp}`) };
  if (text.startsWith('/')) return { kind: 'folder', path: text };
  if (/^~\/./.test(text)) return { kind: 'folder', path: join(place.home, text.slice(2)) };
  if (/^\.{1,2}\//.test(text)) return { kind: 'folder', path: join(place.cwd, text) };
  if (isBranchName(text)) return { kind: 'branch', name: text };
  throw new UsageError({
    code: 'rescue.bad-target',
    message: `'${text.slice(0, 80)}' is neither a folder nor a branch name`,
    hint: 'Write a folder as ./name or /path/name',
  });
}

/** How kept work comes back. Throws RefusedError `rescue.target-taken`: nothing is ever written over. Pure. */
function planRestore(work: KeptWork, target: RestoreTarget, facts: RestoreFacts): RestoreStep {
  const place = target.kind === 'folder' ? target.path : `the branch ${target.name}`;
  if (facts.taken) {
    throw new RefusedError({
      code: 'rescue.target-taken',
      message: `${place} is there already: nothing is written over`,
      hint: 'Choose a new one: gt rescue restore <rescue> --to ./<folder> or --to <branch>',
    });
  }
  if (target.kind === 'folder') return { do: 'make-folder', path: target.path };
  return {
    do: 'make-branch',
    name: target.name,
    commitFiles: facts.tree !== facts.headTree,
    leaves: notOnBranch(work.contents, work.submodules.length),
  };
}

function notOnBranch(contents: SnapshotContents, submodules: number): readonly string[] {
  const { index, operation, stashes, clones } = contents;
  return [
    ...(index === undefined ? [] : ['what was staged']),
    ...(operation === undefined ? [] : [`the ${operation.name} under way`]),
    ...(stashes.length === 0 ? [] : [counted(stashes.length, 'stash entry', 'stash entries')]),
    ...(clones.length === 0 ? [] : [counted(clones.length, 'clone inside', 'clones inside')]),
    ...(submodules === 0 ? [] : [counted(submodules, 'submodule')]),
  ];
}

export interface RestoreRequest {
  readonly work: KeptWork;
  readonly target: RestoreTarget;
  readonly dryRun?: boolean;
}

/** Brings kept work back. The rescue ref stays. */
export async function restoreKept(ctx: TownContext, request: RestoreRequest): Promise<RestoreReport> {
  const { work, target } = request;
  const step = planRestore(work, target, await readFacts(ctx, work, target));
  if (request.dryRun === true) return { step, notes: [] };
  const notes = await runStep(ctx, work, step);
  const { rig, label, ref } = work.name;
  await emitEvent(ctx, { type: 'rescue_restored', payload: { rig, polecat: label, ref } });
  return { step, notes };
}

async function readFacts(ctx: TownContext, work: KeptWork, target: RestoreTarget): Promise<RestoreFacts> {
  const { objects } = ctx.ports.git;
  const { bare } = work.home.paths;
  const { head } = work.contents;
  return {
    taken:
      target.kind === 'folder'
        ? (await ctx.ports.files.stat(target.path)) !== undefined
        : (await objects.resolve(bare, `refs/heads/${target.name}`)) !== undefined,
    tree: (await objects.commit(bare, work.commit)).tree,
    headTree: head === undefined ? undefined : (await objects.commit(bare, head)).tree,
  };
}

async function runStep(ctx: TownContext, work: KeptWork, step: RestoreStep): Promise<readonly string[]> {
  const { objects, snapshots } = ctx.ports.git;
  const { bare } = work.home.paths;
  if (step.do === 'make-folder') {
    const to = { path: step.path, submodules: work.submodules };
    return await snapshots.restore(bare, work.commit, to);
  }
  const { head } = work.contents;
  const to = step.commitFiles || head === undefined ? await commitFiles(ctx, work) : head;
  const made = await objects.updateRef(bare, `refs/heads/${step.name}`, { to, from: undefined });
  if (made) return [];
  throw new RefusedError({
    code: 'rescue.target-taken',
    message: `somebody made the branch ${step.name} meanwhile: nothing is written over`,
  });
}

/** The files on top of HEAD, as a commit that can be handed in. */
async function commitFiles(ctx: TownContext, work: KeptWork): Promise<Sha> {
  const { objects } = ctx.ports.git;
  const { bare } = work.home.paths;
  const { tree, committer } = await objects.commit(bare, work.commit);
  const { head } = work.contents;
  const { bead, branch } = work.about;
  const title = `Kept work of ${work.name.rig}/${work.name.label}`;
  const lines = [
    ...(branch === undefined ? [] : [`Left on ${branch}, never committed.`, '']),
    ...(bead === undefined ? [] : [`Gt-Issue: ${bead}`]),
  ];
  return objects.commitTree(bare, {
    tree,
    parents: head === undefined ? [] : [head],
    message: lines.length === 0 ? title : [title, '', ...lines].join('\n'),
    author: committer,
    committer,
  });
}
