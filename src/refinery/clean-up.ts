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

const BRANCHES = 'refs/heads/';

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

/** At once, as they should all be where they landed; if one has moved, those that have not. */
async function removeRemote(engine: Engine, entries: readonly LandingEntry[]): Promise<void> {
  if (await pushRemovals(engine, entries)) return;
  const { heads } = await readHeads(engine.ctx, engine.remote);
  const there = entries.filter(({ branch, head }) => heads.get(branch) === head);
  if (await pushRemovals(engine, there)) return;
  // One that moves meanwhile refuses them all.
  for (const entry of there) await pushRemovals(engine, [entry]);
}

/** False when a branch is elsewhere, or gone: then all of these stay. Throws UnavailableError `git.remote-unreachable`. */
async function pushRemovals({ ctx, remote }: Engine, entries: readonly LandingEntry[]): Promise<boolean> {
  if (entries.length === 0) return true;
  const updates = entries.map((entry) => ({
    ref: BRANCHES + entry.branch,
    sha: undefined,
    lease: entry.head,
  }));
  // The project's hooks look at what is brought, and nothing is.
  const request = { to: remote.name, updates, hooks: 'skip' as const };
  const outcome = await ctx.ports.git.remotes.push(remote.repo, request);
  if (outcome.pushed) return true;
  if (outcome.cause === 'unreachable' || outcome.cause === 'timeout') {
    throw new UnavailableError({ code: 'git.remote-unreachable', message: outcome.why });
  }
  return false;
}

/** Names of ours for what has landed, and the branches' copies here, each only while it is at the landed head. */
async function removeLocal(
  engine: Engine,
  entries: readonly LandingEntry[],
  polecats: readonly LandingEntry[],
): Promise<void> {
  const { ctx, remote, lane, settings, ledger, rig } = engine;
  const { objects, worktrees } = ctx.ports.git;
  const wanted = entries.flatMap((entry) => {
    const own = [laneRef(lane, `heads/${entry.mr}`)];
    const copies = [`refs/remotes/${remote.name}/${entry.branch}`, BRANCHES + entry.branch];
    const isOurs = settings.deleteBranches || polecats.includes(entry);
    return [...own, ...(isOurs ? copies : [])].map((ref) => [ref, entry.head] as const);
  });
  const heads = new Map(wanted);
  const pins = laneRef(lane, 'heads/');
  const open = new Set((await openMergeRequests(ledger, rig.name)).map(({ id }) => pins + id));
  const there = await objects.listRefs(remote.repo, [...heads.keys(), pins]);
  const areBranches = there.some(({ name }) => name.startsWith(BRANCHES));
  const inUse = new Set(
    areBranches ? (await worktrees.list(remote.repo)).map(({ branch }) => `${BRANCHES}${branch ?? ''}`) : [],
  );
  // Pins of what was rejected or superseded meanwhile have no other end.
  const isOver = (name: string): boolean => name.startsWith(pins) && !open.has(name);
  const drops = there
    .filter(({ name, sha }) => (heads.get(name) === sha && !inUse.has(name)) || isOver(name))
    .map(({ name, sha }) => ({ ref: name, to: undefined, from: sha }));
  await objects.updateRefs(remote.repo, drops);
}
