import { parseMergeRequest } from '../../../../src/beads/forms/merge-request.ts';
import type { MergeRequest } from '../../../../src/beads/forms/merge-request.ts';
import type { Bead } from '../../../../src/beads/types.ts';
import type { Sha } from '../../../../src/core/names.ts';
import type { TickReport } from '../../../../src/refinery/report.ts';
import { hasLanded } from './judge-push.ts';
import type { Request, Story } from './story.ts';
import { ancestry, isGreen, landing, markOf, sameFiles, verdictOf } from './truth.ts';

/** What the ledger says at one moment. */
export interface Rows {
  readonly requests: ReadonlyMap<string, MergeRequest>;
  readonly beads: ReadonlyMap<string, Bead>;
  /** Index of the tip that the target had then. */
  readonly tip: number;
  readonly branches: ReadonlySet<string>;
}

export async function readRows({ town, requests, tips }: Story): Promise<Rows> {
  const ids = requests.flatMap(({ mr, issue }) => [mr, issue]);
  const beads = new Map<string, Bead>();
  for (const bead of ids.length === 0 ? [] : await town.ledger.list({ ids })) beads.set(bead.id, bead);
  const known = requests.flatMap(({ mr }) => beads.get(mr) ?? []);
  return {
    requests: new Map(known.map((bead) => [bead.id, parseMergeRequest(bead)])),
    beads,
    tip: tips.length - 1,
    branches: new Set(town.remote.branches()),
  };
}

/** What has become of merge requests between two looks must be what the files say. */
export function judgeRows(story: Story, before: Rows, after: Rows): void {
  for (const request of story.requests) {
    const [old, now] = [before.requests.get(request.mr), after.requests.get(request.mr)];
    if (now === undefined) story.wrong.push(`3: ${request.mr} has disappeared`);
    else {
      judgeChange(story, { request, old, now, before, after });
      judgeIssue(story, now, after.beads.get(request.issue));
    }
  }
}

interface RowChange {
  readonly request: Request;
  readonly old: MergeRequest | undefined;
  readonly now: MergeRequest;
  readonly before: Rows;
  readonly after: Rows;
}

function judgeChange(story: Story, change: RowChange): void {
  const { old, now } = change;
  if (old?.bead.status === 'closed') {
    if (now.bead.status !== 'closed') story.wrong.push(`2: ${now.id} was closed and is open again`);
    return;
  }
  if (now.bead.status === 'closed') return judgeClosed(story, change);
  const isNew = old?.phase !== now.phase || old.evidence?.at !== now.evidence?.at;
  if (!isNew) return;
  if (now.phase === 'evicted') judgeEviction(story, now);
  if (now.phase === 'blocked') judgeBlock(story, change);
  if (now.phase === 'missing' && before(change) && change.after.branches.has(change.request.branch)) {
    story.wrong.push(`3: ${now.id} is called missing, its branch is there`);
  }
}

function before({ before: rows, request }: RowChange): boolean {
  return rows.branches.has(request.branch);
}

function judgeClosed(story: Story, { request, now, before: rows }: RowChange): void {
  const { wrong } = story;
  if (now.closeReason === 'rejected') {
    if (!request.rejected) wrong.push(`3: ${now.id} was rejected by nobody`);
    return;
  }
  if (now.closeReason === 'conflict') return judgeConflict(story, now);
  if (now.closeReason !== 'merged') return void wrong.push(`3: ${now.id} was closed: ${now.closeReason}`);
  const { commit, mergeCommit } = now;
  const since = story.tips.slice(Math.max(0, rows.tip));
  const isThere = (tip: Sha): boolean =>
    commit !== undefined && hasLanded(story, commit, tip) && isMerged(story, mergeCommit, tip);
  if (!since.some(isThere)) wrong.push(`2: ${now.id} is closed as merged, ${commit} is not on the target`);
}

function isMerged({ objects }: Story, commit: Sha | undefined, tip: Sha): boolean {
  return commit !== undefined && ancestry(objects, tip).has(commit);
}

/** The target passes the gate and fails it with the change: then, and only then, a change is sent back. */
function judgeEviction(story: Story, { id, evidence }: MergeRequest): void {
  const { objects, wrong, tips } = story;
  if (evidence?.cause === 'collateral') {
    if (!story.misled) wrong.push(`4: ${id} was called collateral`);
    return;
  }
  const { head, target } = evidence ?? {};
  const gate = story.namedOfPass[evidence?.gate ?? ''];
  if (head === undefined || target === undefined || gate === undefined || !tips.includes(target as Sha)) {
    return void wrong.push(`5: ${id} was sent back without evidence`);
  }
  const reds = story.runs.filter((run) => run.tree === evidence?.redTree && run.gate === gate && !run.passed);
  if (reds.length < 2) wrong.push(`5: ${id} was sent back after ${reds.length} red run`);
  const base = objects.filesOf(target as Sha);
  const files = landing(objects, head as Sha, target as Sha);
  if (files !== undefined && verdictOf(gate, base) === 'pass' && verdictOf(gate, files) !== 'pass') return;
  if (files !== undefined && Object.values(files).includes('FLAKY\n')) story.flakyEvictions += 1;
  else if (!story.misled) wrong.push(`5: ${id} was sent back, but it passes ${gate} where its target does`);
}

function judgeBlock(story: Story, { now, before: rows }: RowChange): void {
  if (now.evidence?.cause === 'conflict') return judgeConflict(story, now);
  const { objects, tips } = story;
  const isEmpty = (tip: Sha): boolean => {
    const files = now.commit === undefined ? undefined : landing(objects, now.commit, tip);
    return files !== undefined && sameFiles(files, objects.filesOf(tip));
  };
  if (now.evidence?.cause !== 'empty' || !tips.slice(rows.tip).some(isEmpty)) {
    story.wrong.push(`3: ${now.id} is blocked for no reason: ${now.evidence?.summary}`);
  }
}

function judgeConflict({ objects, wrong, misled }: Story, { id, evidence }: MergeRequest): void {
  const { head, target } = evidence ?? {};
  if (head === undefined || target === undefined)
    return void wrong.push(`3: ${id} conflicts without evidence`);
  if (!misled && landing(objects, head as Sha, target as Sha) !== undefined) {
    wrong.push(`3: ${id} is said to conflict with ${target}, and does not`);
  }
}

function judgeIssue({ wrong }: Story, now: MergeRequest, issue: Bead | undefined): void {
  const isMergedRow = now.bead.status === 'closed' && now.closeReason === 'merged';
  if (issue === undefined) wrong.push(`3: ${now.sourceIssue} has disappeared`);
  else if (issue.closeReason === `Merged in ${now.id}` && !isMergedRow) {
    wrong.push(`6: ${issue.id} is closed by ${now.id}, which has not landed`);
  } else if (isMergedRow && issue.status !== 'closed') wrong.push(`6: ${issue.id} is open, ${now.id} landed`);
}

/** After a whole pass: what is on the target is closed, in full. */
export function judgeClosedRows(story: Story, rows: Rows): void {
  const { objects, tips, wrong } = story;
  const tip = tips.at(-1);
  const floor = tips[story.rewrittenAt];
  if (tip === undefined || floor === undefined) return;
  const old = ancestry(objects, floor);
  for (const sha of ancestry(objects, tip)) {
    const mark = markOf(objects.commitOf(sha));
    const row = mark === undefined || old.has(sha) ? undefined : rows.requests.get(mark.mr);
    if (row === undefined || row.commit !== mark?.head) continue;
    if (row.bead.status !== 'closed') wrong.push(`2: ${row.id} is on the target and still ${row.phase}`);
  }
}

/** Runs of one undisturbed pass: a few per culprit, one per batch of the others. */
export function judgeRuns(story: Story, report: TickReport): void {
  const batch = Number(Object(story.settings['batch'])['max_batch_size'] ?? 32);
  const slots = Number(story.settings['max_concurrent'] ?? 1);
  const { landed, evicted, conflicts, runs } = report;
  const least = Math.min(batch, 4);
  const sweep = Math.ceil(landed.length / least) + 1;
  const search = (evicted.length + conflicts.length) * (2 * Math.ceil(Math.log2(Math.max(2, batch))) + 3);
  const most = Math.ceil(1.25 * slots * (sweep + search));
  if (runs > most)
    story.wrong.push(`8: ${runs} runs for ${landed.length} landed, ${evicted.length} sent back`);
}

/** Whoever builds a landing again, at whatever time, builds the same commit. */
export function judgeIds({ objects, wrong }: Story): void {
  const made = new Map<string, Sha>();
  for (const sha of objects.all()) {
    const commit = objects.commitOf(sha);
    const mark = markOf(commit);
    if (mark === undefined) continue;
    const key = [mark.mr, mark.head, commit.tree, ...commit.parents].join();
    if (made.has(key)) wrong.push(`9: ${mark.mr} was built as ${made.get(key)} and as ${sha}`);
    made.set(key, sha);
  }
}

/** Every open merge request stands for a reason that anybody can check; everything good has landed. */
export function judgeRest(story: Story, rows: Rows): void {
  const { objects, wrong } = story;
  const tip = story.tips.at(-1);
  if (tip === undefined) return;
  if (!isGreen(story.gates, objects.filesOf(tip))) wrong.push('3: the target is red at rest');
  const open = [...rows.requests.values()].filter(({ bead }) => bead.status !== 'closed');
  for (const { mr, branch } of story.requests) {
    const row = rows.requests.get(mr);
    const isMergedRow = row?.closeReason === 'merged' && story.town.remote.head(branch) === row.commit;
    if (isMergedRow) wrong.push(`6: ${branch} has landed and is still there`);
  }
  for (const row of open) {
    if (row.phase === 'evicted' || row.phase === 'blocked') {
      const judged = row.evidence?.head ?? row.commit;
      if (judged !== row.commit) wrong.push(`3: ${row.id} is ${row.phase} for ${judged}, not for its head`);
      continue;
    }
    if (row.phase === 'missing') {
      if (rows.branches.has(row.bead.id)) wrong.push(`3: ${row.id} is missing`);
      continue;
    }
    if (row.phase !== 'deferred' || !waitsForOthers(story, row, { tip, open })) {
      wrong.push(`3: ${row.id} stands at rest: ${row.phase} ${row.evidence?.summary ?? ''}`);
    }
  }
}

function waitsForOthers(
  { objects, town, requests }: Story,
  row: MergeRequest,
  { tip, open }: { readonly tip: Sha; readonly open: readonly MergeRequest[] },
): boolean {
  const target = ancestry(objects, tip);
  const aheadOf = (mr: MergeRequest): readonly Sha[] => {
    const branch = requests.find((request) => request.mr === mr.id)?.branch ?? '';
    const head = town.remote.head(branch) ?? mr.commit;
    return head === undefined ? [] : [...ancestry(objects, head)].filter((sha) => !target.has(sha));
  };
  const own = new Set(aheadOf(row));
  return open.some((other) => other.id !== row.id && aheadOf(other).some((sha) => own.has(sha)));
}
