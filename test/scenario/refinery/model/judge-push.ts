import type { Sha } from '../../../../src/core/names.ts';
import type { PushOutcome, PushSpec, PushUpdate } from '../../../../src/ports/git.ts';
import type { Story } from './story.ts';
import {
  ancestry,
  changedPaths,
  firstParents,
  isGreen,
  landedHeads,
  landing,
  markOf,
  sameFiles,
  startOf,
} from './truth.ts';
import type { Files } from './truth.ts';

const DAY_MS = 24 * 3_600_000;

/** Looks at every push of every engine at the moment it takes effect; tricks of the remote included. */
export function watchPushes(story: Story): void {
  const { remote } = story.town;
  remote.onPush((spec, apply) => {
    const before = new Map(remote.branches().map((branch) => [branch, remote.head(branch)]));
    const outcome = answer(story, spec, apply);
    for (const update of spec.updates) {
      const branch = update.ref.replace('refs/heads/', '');
      const was = branch === 'main' ? story.tips.at(-1) : before.get(branch);
      const now = remote.head(branch);
      if (was === now || now !== update.sha) continue;
      if (now === undefined) judgeRemoval(story, { branch, was, update });
      else if (branch === 'main' && was !== undefined) judgeMove(story, { was, now, update });
      else story.wrong.push(`4: the engine moved ${branch}`);
    }
    return outcome;
  });
}

function answer(story: Story, spec: PushSpec, apply: () => PushOutcome): PushOutcome {
  const { trick, town } = story;
  if (!spec.updates.some(({ ref }) => ref === 'refs/heads/main')) return apply();
  story.trick = undefined;
  switch (trick) {
    case undefined:
      return apply();
    case 'lands without an answer':
      apply();
      return { pushed: false, cause: 'unreachable', why: 'connection reset' };
    case 'is accepted without effect':
      return { pushed: true };
    case 'is refused':
      return { pushed: false, cause: 'rejected', why: 'hook declined' };
    case 'comes second':
      story.tips.push(town.remote.commit('main', { [`race-${story.tips.length}.txt`]: 'first\n' }));
      return apply();
  }
}

interface Move {
  readonly was: Sha;
  readonly now: Sha;
  readonly update: PushUpdate;
}

function judgeMove(story: Story, move: Move): void {
  const { objects, wrong } = story;
  const { was, now, update } = move;
  if (story.frozen) wrong.push('4: landed on a target that was rewritten');
  if (update.lease !== was) wrong.push(`4: a push to the target without its tip as the lease`);
  const commits = firstParents(objects, now, was);
  if (commits === undefined) {
    wrong.push(`4: the target moved to ${now}, which does not stand on ${was}`);
    return void story.tips.push(now);
  }
  judgeProof(story, now);
  let below = was;
  let marked = was;
  for (const commit of commits.toReversed()) {
    const mark = markOf(commit);
    below = commit.sha;
    if (mark === undefined) continue;
    judgeLanding(story, { ...mark, commit: commit.sha, onto: marked });
    marked = commit.sha;
  }
  if (marked !== below) wrong.push(`4: ${below} landed for nobody`);
  story.tips.push(now);
}

/** What is on the target now has passed every gate of now, with exactly these files, within a day. */
function judgeProof(story: Story, tip: Sha): void {
  const { objects, town } = story;
  const files = checkedOut(objects.filesOf(tip));
  const { tree } = objects.commitOf(tip);
  for (const gate of story.gatesOfPass) {
    const proof = story.runs.find(
      (run) =>
        run.gate === gate &&
        run.passed &&
        run.tree === tree &&
        sameFiles(run.files, files) &&
        town.clock.now() - run.at <= DAY_MS,
    );
    if (proof === undefined) story.wrong.push(`1: ${tip} landed although ${gate} has not passed on its tree`);
  }
  if (!isGreen(story.gatesOfPass, files)) story.wrong.push(`1: ${tip} is on the target and red`);
}

/** A submodule is an empty folder there. */
function checkedOut(files: Files): Files {
  return Object.fromEntries(Object.entries(files).filter(([, text]) => !text.startsWith('Subproject ')));
}

function judgeLanding(
  story: Story,
  link: { readonly mr: string; readonly head: Sha; readonly commit: Sha; readonly onto: Sha },
): void {
  const { objects, wrong } = story;
  const { mr, head, commit, onto } = link;
  const request = story.requests.find((each) => each.mr === mr);
  if (request === undefined) return void wrong.push(`2: ${commit} lands ${mr}, which nobody has submitted`);
  if (request.rejected) wrong.push(`2: ${mr} landed after it was rejected`);
  if (!request.heads.has(head)) wrong.push(`2: ${head} landed for ${mr}, but was never its head`);
  // What moves after the last look is found by nobody.
  const tip = story.heads.get(request.branch);
  if (tip !== undefined && tip !== head) wrong.push(`2: ${mr} landed with ${head}, its branch is at ${tip}`);
  if (landedHeads(objects, onto).has(head)) wrong.push(`2: ${head} of ${mr} landed twice`);
  judgeStack(story, link);
  judgeContent(story, link);
}

/** What it carries of others that are still open must be there already. */
function judgeStack(story: Story, { mr, head, onto }: { mr: string; head: Sha; onto: Sha }): void {
  const { objects } = story;
  const start = startOf(objects, head, onto);
  const below = start === undefined ? new Set<Sha>() : ancestry(objects, start);
  const ahead = [...ancestry(objects, head)].filter((sha) => !below.has(sha));
  for (const other of story.requests) {
    if (other.mr === mr || other.rejected) continue;
    const tip = story.town.remote.head(other.branch);
    if (tip !== undefined && tip !== head && ahead.includes(tip)) {
      story.wrong.push(`4: ${mr} landed commits of ${other.mr}, which has not landed`);
    }
  }
}

/** Exactly the change of the branch, and nothing else. */
function judgeContent(story: Story, link: { mr: string; head: Sha; commit: Sha; onto: Sha }): void {
  const { objects, wrong } = story;
  const { mr, head, commit, onto } = link;
  const files = objects.filesOf(commit);
  const expected = landing(objects, head, onto);
  if (sameFiles(files, objects.filesOf(onto))) wrong.push(`2: ${commit} of ${mr} changes nothing`);
  if (expected !== undefined && !story.misled) {
    if (!sameFiles(files, expected)) wrong.push(`4: ${commit} of ${mr} is not what its branch changed`);
    return;
  }
  // Commit by commit it may merge where the whole does not; and a merge that lied may be wrong within a file.
  if (!story.misled && story.settings['on_conflict'] !== 'auto_rebase') {
    wrong.push(`4: ${mr} landed although it conflicts`);
  }
  const start = startOf(objects, head, onto);
  const own = start === undefined ? [] : changedPaths(objects.filesOf(start), objects.filesOf(head));
  const strange = changedPaths(objects.filesOf(onto), files).filter((path) => !own.includes(path));
  if (strange.length > 0) wrong.push(`4: ${mr} changed ${strange.join()}, which its branch has not`);
}

function judgeRemoval(
  story: Story,
  {
    branch,
    was,
    update,
  }: { readonly branch: string; readonly was: Sha | undefined; readonly update: PushUpdate },
): void {
  const { wrong, requests } = story;
  story.removed.push(branch);
  if (update.lease !== was) wrong.push(`6: ${branch} was removed without a lease on its tip`);
  const request = requests.find((each) => each.branch === branch);
  const isThere = was !== undefined && story.tips.some((tip) => hasLanded(story, was, tip));
  if (request === undefined || !isThere) {
    wrong.push(`6: ${branch} was removed at ${was}, which has not landed`);
  }
}

/** By its mark, by its commits, or because there is nothing left of it to land. */
export function hasLanded({ objects }: Story, head: Sha, tip: Sha): boolean {
  if (landedHeads(objects, tip).has(head) || ancestry(objects, tip).has(head)) return true;
  const files = landing(objects, head, tip);
  return files !== undefined && sameFiles(files, objects.filesOf(tip));
}
