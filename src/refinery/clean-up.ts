import { openMergeRequests } from '../beads/forms/merge-request.ts';
import { closeFinishedConvoys } from '../convoy/close-finished.ts';
import { GtError, UnavailableError, messageOf } from '../core/errors.ts';
import { fitsTemplate } from '../polecat/branch.ts';
import { readRigProperties } from '../rig/properties.ts';
import { resetAttempts } from '../town/attempts.ts';
import { emitEvent } from '../town/events.ts';
import { wakeDaemon } from '../town/wake.ts';
import { laneRef } from './engine.ts';
import type { Engine } from './engine.ts';
import type { LandingEntry } from './lane.ts';
import { readHeads } from './push-remote.ts';

/**
 * What follows a landing (H8-H10): convoys, notices, branches. The entries leave the lane record last, so a killed
 * engine does it again; every part may be done twice.
 */
export async function finishLandings(engine: Engine): Promise<void> {
  const { ctx, lane, report } = engine;
  const entries = lane.record.landing;
  if (entries.length === 0) return;
  const untold = entries.filter(({ told }) => !told);
  if (untold.length > 0) await tellLandings(engine, untold);
  ctx.failpoint('H10', 'before');
  const isClean = await removeBranches(engine, entries);
  if (!isClean && untold.length === 0) return;
  await lane.save({ landing: isClean ? [] : entries.map((entry) => ({ ...entry, told: true })) });
  report.worked();
  ctx.failpoint('H10', 'after');
}

/** Told once, also where the remote is away for a while and the branches have to wait. */
async function tellLandings({ ctx, rig }: Engine, entries: readonly LandingEntry[]): Promise<void> {
  ctx.failpoint('H8', 'before');
  await closeFinishedConvoys(ctx);
  ctx.failpoint('H8', 'after');
  ctx.failpoint('H9', 'before');
  for (const entry of entries) {
    if (entry.issue !== undefined) await resetAttempts(ctx, entry.issue);
    const { mr, branch, commit } = entry;
    const payload = {
      rig: rig.name,
      mr,
      worker: entry.worker ?? '',
      branch,
      issue: entry.issue ?? '',
      commit,
    };
    await emitEvent(ctx, { type: 'merged', payload, visibility: 'both' });
  }
  await wakeDaemon(ctx, 'queue');
  ctx.failpoint('H9', 'after');
}

/**
 * Removes branches whose pinned head has landed: on the remote only those of polecats, and only while they still
 * are at that head, so commits pushed meanwhile survive. A branch that stays is untidy, not wrong. False when the
 * remote does not answer: then it is tried again.
 */
async function removeBranches(engine: Engine, entries: readonly LandingEntry[]): Promise<boolean> {
  try {
    const template = (await readRigProperties(engine.ctx, engine.rig)).get('polecat_branch_template');
    const polecats = entries.filter((entry) => isPolecats(entry, template));
    await removeRemote(engine, polecats);
    await removeLocal(engine, entries, polecats);
    return true;
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    engine.report.warn(`merged branches are still there: ${messageOf(error)}`);
    return !(error instanceof UnavailableError);
  }
}

/** Also one that the rig calls by a template of its own. What a person named stays, whoever submitted it. */
function isPolecats({ branch, issue }: LandingEntry, template: string): boolean {
  if (branch.startsWith('polecat/')) return true;
  return template !== '' && issue !== undefined && fitsTemplate(template, branch, issue);
}

async function removeRemote(engine: Engine, entries: readonly LandingEntry[]): Promise<void> {
  const { ctx, remote } = engine;
  if (entries.length === 0) return;
  const { heads } = await readHeads(ctx, remote);
  const updates = entries
    .filter((entry) => heads.get(entry.branch) === entry.head)
    .map((entry) => ({ ref: `refs/heads/${entry.branch}`, sha: undefined, lease: entry.head }));
  if (updates.length === 0) return;
  const outcome = await ctx.ports.git.remotes.push(remote.repo, { to: remote.name, updates });
  if (outcome.pushed) return;
  if (outcome.cause === 'unreachable' || outcome.cause === 'timeout') {
    throw new UnavailableError({ code: 'git.remote-unreachable', message: outcome.why });
  }
  // One branch that moved refuses them all: the others are removed one by one.
  for (const update of updates) {
    await ctx.ports.git.remotes.push(remote.repo, { to: remote.name, updates: [update] });
  }
}

/** Names of ours for what has landed, and the branches' copies here, each only while it is at the landed head. */
async function removeLocal(
  engine: Engine,
  entries: readonly LandingEntry[],
  polecats: readonly LandingEntry[],
): Promise<void> {
  const { ctx, remote, lane, settings, ledger, rig } = engine;
  const { objects, worktrees } = ctx.ports.git;
  const inUse = new Set((await worktrees.list(remote.repo)).map(({ branch }) => branch));
  const wanted = entries.flatMap((entry) => {
    const own = [laneRef(lane, `heads/${entry.mr}`)];
    const copies = [
      `refs/remotes/${remote.name}/${entry.branch}`,
      ...(inUse.has(entry.branch) ? [] : [`refs/heads/${entry.branch}`]),
    ];
    const isOurs = settings.deleteBranches || polecats.includes(entry);
    return [...own, ...(isOurs ? copies : [])].map((ref) => [ref, entry.head] as const);
  });
  const heads = new Map(wanted);
  const pins = laneRef(lane, 'heads/');
  const open = new Set((await openMergeRequests(ledger, rig.name)).map(({ id }) => pins + id));
  const there = await objects.listRefs(remote.repo, [...heads.keys(), pins]);
  // Pins of what was rejected or superseded meanwhile have no other end.
  const isOver = (name: string): boolean => name.startsWith(pins) && !open.has(name);
  const drops = there
    .filter(({ name, sha }) => heads.get(name) === sha || isOver(name))
    .map(({ name, sha }) => ({ ref: name, to: undefined, from: sha }));
  await objects.updateRefs(remote.repo, drops);
}
