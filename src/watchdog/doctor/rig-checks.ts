import { join, relative } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import { hasGitHooks, renewGitHooks } from '../../hooks/git-hooks.ts';
import { redirectOf, writeRedirect } from '../../hooks/furnish.ts';
import { isReadableWorktree } from '../../hooks/worktree-files.ts';
import { findWorktree } from '../../hooks/worktree-state.ts';
import { isWorkerName, type WorkerName } from '../../core/names.ts';
import { clonesOf } from '../../rig/find-crew.ts';
import { hasExcludes, writeExcludes } from '../../rig/excludes.ts';
import type { Rig } from '../../rig/registry.ts';
import { eachRig, inRigs, type DoctorCheck } from './check.ts';

export const RIGS_READABLE: DoctorCheck = {
  name: 'rigs-readable',
  group: 'rigs',
  title: 'Every registered rig can be used',
  severity: 'error',
  remedy: 'repair what is named; a rig that is gone for good: gt rig remove <rig>',
  detect: async ({ broken }) => broken.map(({ name, why }) => `${name}: ${why}`),
};

export const REPOSITORIES: DoctorCheck = {
  name: 'repositories',
  group: 'rigs',
  title: 'Every rig has its repository, with the branch that work starts from',
  severity: 'error',
  remedy:
    'a branch: git -C <rig>/.repo.git fetch origin; a repository that is gone: gt rig remove <rig>, then gt rig add',
  detect: (site) =>
    inRigs(site, async ({ paths, defaultBranch }) => {
      const { files, git } = site.ctx.ports;
      if ((await files.stat(paths.bare)) === undefined) return [`${paths.bare} is not there`];
      const ref = `refs/remotes/origin/${defaultBranch}`;
      const tip = await git.objects.resolve(paths.bare, ref);
      const urls = await git.remotes.urls(paths.bare, 'origin');
      return [
        ...(tip === undefined ? [`${paths.bare} has no ${ref}`] : []),
        ...(urls === undefined ? [`${paths.bare} has no remote origin`] : []),
      ];
    }),
};

export const REFINERY_COPY: DoctorCheck = {
  name: 'refinery-worktree',
  group: 'rigs',
  title: 'Every rig has a working copy of its default branch, to read its own settings from',
  severity: 'error',
  remedy:
    'git -C <rig>/.repo.git worktree prune && git -C <rig>/.repo.git worktree add --detach <town>/<rig>/refinery/rig origin/<branch>',
  detect: (site) =>
    inRigs(site, async ({ paths: { refineryWorktree: path } }) => {
      if ((await site.ctx.ports.files.stat(path)) === undefined) return [`${path} is not there`];
      return (await isReadableWorktree(site.ctx, path)) ? [] : [`${path} is no worktree`];
    }),
};

export const MAYOR_CLONE: DoctorCheck = {
  name: 'mayor-clone',
  group: 'rigs',
  title: 'Every rig has a clone for the mayor and for people',
  severity: 'warning',
  remedy: 'clones it anew where there is none',
  detect: (site) =>
    inRigs(site, async ({ paths }) =>
      (await site.ctx.ports.files.stat(paths.mayorClone)) === undefined
        ? [`${paths.mayorClone} is not there`]
        : [],
    ),
  fix: (site) =>
    eachRig(site, async ({ paths, gitUrl, pushUrl, defaultBranch, sparse }) => {
      const { files, git } = site.ctx.ports;
      if ((await files.stat(paths.mayorClone)) !== undefined) return;
      await git.remotes.clone(gitUrl, paths.mayorClone, {
        branch: defaultBranch,
        reference: paths.bare,
        sparse,
      });
      if (pushUrl !== undefined)
        await git.remotes.setUrls(paths.mayorClone, 'origin', { fetch: gitUrl, push: pushUrl });
      await writeExcludes(files, join(paths.mayorClone, '.git'));
    }),
};

export const EXCLUDES: DoctorCheck = {
  name: 'excludes',
  group: 'rigs',
  title: 'Git shows none of the files that gt puts into worktrees',
  severity: 'error',
  remedy: 'adds the lines that are missing to info/exclude, never to a file of the project',
  detect: (site) =>
    inRigs(site, async ({ paths }) =>
      (await hasExcludes(site.ctx.ports.files, paths.bare)) ? [] : [`${paths.bare}/info/exclude lacks lines`],
    ),
  fix: (site) => eachRig(site, ({ paths }) => writeExcludes(site.ctx.ports.files, paths.bare)),
};

export const GIT_HOOKS: DoctorCheck = {
  name: 'git-hooks',
  group: 'rigs',
  title: 'Git keeps polecats from pushing what is not theirs, in every worktree',
  severity: 'error',
  remedy: 'writes the hooks anew and names them in the settings of the repository',
  detect: (site) =>
    inRigs(site, async (rig) => {
      // They come with the first worktree of a worker: before that nobody is there to keep.
      const isUsed = (await workersOf(site.ctx, rig)).length > 0;
      return isUsed && !(await hasGitHooks(site.ctx, rig)) ? ['hooks are missing or changed'] : [];
    }),
  fix: (site) =>
    eachRig(site, async (rig) => {
      if (!(await hasGitHooks(site.ctx, rig))) await renewGitHooks(site.ctx, rig);
    }),
};

/** Working copies of the rig's workers and crew that are there. */
async function copiesOf(ctx: TownContext, rig: Rig): Promise<readonly string[]> {
  return [...(await worktreesOf(ctx, rig)), ...(await clonesOf(ctx, rig)).map(({ path }) => path)];
}

async function worktreesOf(ctx: TownContext, rig: Rig): Promise<readonly string[]> {
  const names = await workersOf(ctx, rig);
  const paths = await Promise.all(names.map((name) => findWorktree(ctx, rig, name)));
  const there = await Promise.all(paths.map((path) => ctx.ports.files.stat(path)));
  return paths.filter((_, index) => there[index] !== undefined);
}

async function workersOf(ctx: TownContext, rig: Rig): Promise<readonly WorkerName[]> {
  const folders = (await ctx.ports.files.list(rig.paths.polecatsDir)) ?? [];
  return folders.map(({ name }) => name).filter(isWorkerName);
}

export const REDIRECTS: DoctorCheck = {
  name: 'redirects',
  group: 'rigs',
  title: 'bd in every working copy leads to the ledger of its rig',
  severity: 'error',
  remedy: 'writes .beads/redirect anew; a .beads that the project tracks is left alone',
  detect: (site) =>
    inRigs(site, async (rig) => {
      const copies = await copiesOf(site.ctx, rig);
      const wrong = await Promise.all(
        copies.map(async (path) => ({ path, now: await redirectOf(site.ctx, rig, path) })),
      );
      return wrong.flatMap(({ path, now }) =>
        now === 'right' ? [] : [`${relative(rig.paths.root, path)}/.beads/redirect is ${now}`],
      );
    }),
  fix: (site) =>
    eachRig(site, async (rig) => {
      for (const path of await copiesOf(site.ctx, rig)) await writeRedirect(site.ctx, rig, path);
    }),
};

export const WORKTREES: DoctorCheck = {
  name: 'worktrees',
  group: 'rigs',
  title: 'Git and gt agree on which worktrees there are',
  severity: 'warning',
  remedy:
    'look what is in it; gt polecat remove <rig>/<name> keeps it and takes it away, git worktree repair mends a moved one',
  detect: (site) =>
    inRigs(site, async (rig) => {
      const { ctx } = site;
      if ((await ctx.ports.files.stat(rig.paths.bare)) === undefined) return [];
      const unreadable: string[] = [];
      for (const path of await worktreesOf(ctx, rig))
        if (!(await isReadableWorktree(ctx, path))) unreadable.push(`${path} is no worktree`);
      const gone: string[] = [];
      for (const { path } of await ctx.ports.git.worktrees.list(rig.paths.bare))
        if (path !== rig.paths.bare && (await ctx.ports.files.stat(path)) === undefined)
          gone.push(`${path} is gone, git still counts on it`);
      return [...unreadable, ...gone];
    }),
};
