import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { ExternalError, messageOf } from '../core/errors.ts';
import { parsePrefix } from '../core/names.ts';
import { emitEvent } from '../town/events.ts';
import { rigPaths } from '../town/layout.ts';
import type { RigPaths } from '../town/layout.ts';
import { ADDING_MARKER, addingDir, writeMarker } from './abandoned.ts';
import type { AddPlan } from './add-plan.ts';
import { writeExcludes } from './excludes.ts';
import { adoptPrefix } from './project-prefix.ts';
import { registerRig } from './register.ts';
import type { Rig } from './registry.ts';
import { writeRigFiles } from './rig-files.ts';
import { createUndoList } from './undo.ts';
import type { UndoList } from './undo.ts';

/** Carries out a plan; whatever fails, everything made until then is taken back and the error goes on. */
export async function runAdd(ctx: TownContext, plan: AddPlan): Promise<Rig> {
  const undo = createUndoList(ctx.ports.log);
  try {
    const rig = await makeRig(ctx, plan, undo);
    await emitEvent(ctx, {
      type: 'rig_added',
      payload: { rig: rig.name, prefix: rig.prefix },
      visibility: 'both',
    });
    return rig;
  } catch (error) {
    const left = await undo.run();
    if (left.length > 0) ctx.ports.log.error('rig add failed and left something behind', { left });
    throw error;
  }
}

async function makeRig(ctx: TownContext, plan: AddPlan, undo: UndoList): Promise<Rig> {
  const paths = rigPaths(ctx.root, plan.name);
  await cloneIntoPlace(ctx, { plan, paths, undo });
  await setRemotes(ctx, plan, paths);
  await makeWorkingCopies(ctx, plan, paths);
  const rig = await rigOf(ctx, plan, paths);
  await writeRigFiles(ctx, rig);
  await registerRig(ctx, rig, undo);
  await dropMarker(ctx, paths);
  return rig;
}

/** The rig is registered: from here on nothing is taken back, and a marker that stays means nothing. */
async function dropMarker(ctx: TownContext, paths: RigPaths): Promise<void> {
  try {
    await ctx.ports.files.remove(join(paths.root, ADDING_MARKER));
  } catch (error) {
    ctx.ports.log.warn('marker not removed', { rig: paths.root, why: messageOf(error) });
  }
}

interface CloneStep {
  readonly plan: AddPlan;
  readonly paths: RigPaths;
  readonly undo: UndoList;
}

/** Clones in a draft folder and moves it into place whole: the rig's folder never holds half a repository. */
async function cloneIntoPlace(ctx: TownContext, { plan, paths, undo }: CloneStep): Promise<void> {
  const { files, git, random } = ctx.ports;
  const draft = join(addingDir(ctx), `${plan.name}-${Buffer.from(random.bytes(4)).toString('hex')}`);
  undo.add(`the folder ${draft}`, () => files.remove(draft));
  await files.makeDir(draft, { mode: 0o700 });
  await writeMarker(ctx, draft);
  const mirror = join(draft, '.origin.git');
  if (plan.mirror) await git.remotes.cloneMirror(plan.sourceUrl, mirror);
  await git.remotes.cloneBare(plan.mirror ? mirror : plan.sourceUrl, join(draft, '.repo.git'), {
    branches: [plan.branch],
    ...(plan.filter === undefined ? {} : { filter: plan.filter }),
  });
  await files.rename(draft, paths.root);
  undo.add(`the folder ${paths.root}`, () => files.remove(paths.root));
}

function originOf(plan: AddPlan, paths: RigPaths): string {
  return plan.mirror ? paths.mirror : plan.sourceUrl;
}

async function setRemotes(ctx: TownContext, plan: AddPlan, paths: RigPaths): Promise<void> {
  const { remotes } = ctx.ports.git;
  const push = plan.pushUrl === undefined ? {} : { push: plan.pushUrl };
  await remotes.setUrls(paths.bare, 'origin', { fetch: originOf(plan, paths), ...push });
  if (plan.upstreamUrl !== undefined)
    await remotes.setUrls(paths.bare, 'upstream', { fetch: plan.upstreamUrl });
}

/** The mayor's clone to read and edit in, and the refinery's worktree, both at the default branch. */
async function makeWorkingCopies(ctx: TownContext, plan: AddPlan, paths: RigPaths): Promise<void> {
  const { git, files } = ctx.ports;
  const tip = await git.objects.resolve(paths.bare, `refs/remotes/origin/${plan.branch}`);
  if (tip === undefined) {
    throw new ExternalError({
      code: 'rig.no-branch',
      message: `the clone of ${plan.name} has no branch ${plan.branch}: the remote changed meanwhile`,
      hint: 'Run the same command again',
    });
  }
  await writeExcludes(files, paths.bare);
  await git.remotes.clone(originOf(plan, paths), paths.mayorClone, {
    branch: plan.branch,
    reference: paths.bare,
    sparse: plan.sparse,
  });
  if (plan.pushUrl !== undefined) {
    await git.remotes.setUrls(paths.mayorClone, 'origin', {
      fetch: originOf(plan, paths),
      push: plan.pushUrl,
    });
  }
  await writeExcludes(files, join(paths.mayorClone, '.git'));
  await git.worktrees.add(paths.bare, paths.refineryWorktree, { commit: tip, sparse: plan.sparse });
}

async function rigOf(ctx: TownContext, plan: AddPlan, paths: RigPaths): Promise<Rig> {
  const prefix = await adoptPrefix(ctx, plan, paths.mayorClone);
  return {
    name: plan.name,
    prefix: parsePrefix(prefix),
    database: plan.name,
    gitUrl: originOf(plan, paths),
    pushUrl: plan.pushUrl,
    upstreamUrl: plan.upstreamUrl,
    defaultBranch: plan.branch,
    sparse: plan.sparse,
    addedAt: new Date(ctx.ports.clock.now()).toISOString(),
    paths,
  };
}
