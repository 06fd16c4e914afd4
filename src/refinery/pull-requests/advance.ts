import { parseMergeRequest, updateMergeRequest } from '../../beads/forms/merge-request.ts';
import type { MergeRequest } from '../../beads/forms/merge-request.ts';
import { oneLine } from '../../core/text.ts';
import type { Forge, PullRequest } from '../../ports/forge.ts';
import { timestamp } from '../engine.ts';
import type { Engine } from '../engine.ts';
import { evict, plainEvidence } from '../evict.ts';
import type { ChainLink } from '../lane.ts';
import { checkLanding } from '../may-land.ts';
import { landingMessage } from '../trailers.ts';
import { isUnwanted, readWanted } from '../unwanted.ts';
import { decidePullRequest } from './decide.ts';
import { forgeEvidence } from './evidence.ts';
import { settleMerged } from './settle.ts';

/** Pull requests of the lane's target as one look at the forge found them, by branch. */
export interface ForgeView {
  readonly forge: Forge;
  readonly open: ReadonlyMap<string, PullRequest>;
}

/** One proven merge request a step further on its forge. What was done there is read back before it counts. */
export async function advancePullRequest(engine: Engine, view: ForgeView, link: ChainLink): Promise<void> {
  const bead = await engine.ledger.get(link.mr);
  if (bead === undefined || bead.status === 'closed') return;
  const mr = parseMergeRequest(bead);
  const pr = await findPullRequest(engine, view, mr);
  const { requireReview } = engine.settings;
  const step = decidePullRequest({ pr, head: link.head, requireReview });
  switch (step.do) {
    case 'create':
      return create(engine, view, { mr, link });
    case 'wait':
      return wait(engine, { mr, pr: pr?.number, why: step.why });
    case 'merge':
      return merge(engine, view, { mr, link, pr: step.pr });
    case 'settle':
      return settleMerged(engine, { mr, link, pr: step.pr });
    case 'send-back':
      return sendBackFromForge(engine, view, { mr, pr: step.pr, cause: step.cause });
  }
}

async function findPullRequest(
  engine: Engine,
  { forge, open }: ForgeView,
  mr: MergeRequest,
): Promise<PullRequest | undefined> {
  const known = open.get(mr.branch);
  if (known !== undefined) return known;
  if (mr.pullRequest !== undefined) return forge.view(mr.pullRequest);
  return forge.find(mr.branch, engine.lane.record.target);
}

interface Subject {
  readonly mr: MergeRequest;
  readonly link: ChainLink;
}

async function create(engine: Engine, { forge }: ForgeView, { mr, link }: Subject): Promise<void> {
  const text = await textOf(engine, { mr, link });
  const { target } = engine.lane.record;
  const pr = await forge.create({ branch: mr.branch, base: target, title: text.title, body: text.body });
  engine.report.worked();
  return wait(engine, { mr, pr: pr.number, why: `pull request #${pr.number} is open: ${pr.url}` });
}

/** Title and text of the bead, and our trailers: by them a merge made by a person is recognised too. */
async function textOf(
  engine: Engine,
  { mr, link }: Subject,
): Promise<{ readonly title: string; readonly body: string }> {
  const issue = mr.sourceIssue === undefined ? undefined : await engine.ledger.get(mr.sourceIssue);
  const title = oneLine(issue?.title ?? mr.bead.title, 200);
  const mark = { mr: mr.id, issue: mr.sourceIssue, head: link.head };
  const message = landingMessage(issue?.description ?? '', mark);
  return { title, body: message };
}

/** Said once: a queue that stands still writes nothing. */
async function wait(
  engine: Engine,
  { mr, pr, why }: { readonly mr: MergeRequest; readonly pr: number | undefined; readonly why: string },
): Promise<void> {
  engine.report.waiting(`${mr.id}: ${why}`);
  if (mr.evidence?.summary === why && mr.pullRequest === pr) return;
  const evidence = plainEvidence(engine, { cause: 'deferred', summary: why });
  await engine.lane.save({}, async (tx) => {
    await updateMergeRequest(tx, mr, { fields: { evidence, pullRequest: pr } });
  });
}

/** The same checks as before a push of our own; then the forge is asked to merge exactly the proven head. */
async function merge(
  engine: Engine,
  { forge }: ForgeView,
  { mr, link, pr }: Subject & { readonly pr: PullRequest },
): Promise<void> {
  const { lane, report, settings } = engine;
  const { base } = lane.record;
  const check = base === undefined ? undefined : await checkLanding(engine, base, [link]);
  if (check?.ok !== true) {
    if (check?.kind === 'collateral') return evictCollateral(engine, mr, check.paths);
    return lane.save({ chain: [] });
  }
  if (!(await markLanding(engine, { mr, link, pr }))) return;
  engine.lease.assertHeld();
  const { title, body } = await textOf(engine, { mr, link });
  const answer = await forge.merge(pr.number, { head: link.head, method: settings.method, title, body });
  const after = await forge.view(pr.number);
  report.worked();
  if (after.state === 'merged') return settleMerged(engine, { mr, link, pr: after });
  const why = answer.accepted ? 'the forge has accepted the merge and not made it yet' : answer.why;
  return wait(engine, {
    mr,
    pr: pr.number,
    why: `pull request #${pr.number} is not merged: ${oneLine(why)}`,
  });
}

/** Durable before the forge is asked; false when it was rejected or re-pinned in the last moment. */
async function markLanding(
  engine: Engine,
  { mr, link, pr }: Subject & { readonly pr: PullRequest },
): Promise<boolean> {
  try {
    await engine.lane.save({}, async (tx) => {
      await readWanted(tx, link);
      await updateMergeRequest(tx, mr, {
        fields: { phase: 'landing', pullRequest: pr.number },
        status: 'in_progress',
      });
    });
    return true;
  } catch (error) {
    if (isUnwanted(error)) return false;
    throw error;
  }
}

async function evictCollateral(engine: Engine, mr: MergeRequest, paths: readonly string[]): Promise<void> {
  const summary = `merging it would change files that its branch did not touch: ${paths.slice(0, 3).join(', ')}`;
  await evict(engine, { mr, evidence: plainEvidence(engine, { cause: 'collateral', summary, paths }) });
}

/** Failed checks and review comments go back once per head: the next one comes with new work (spec 11 I). */
async function sendBackFromForge(
  engine: Engine,
  { forge }: ForgeView,
  {
    mr,
    pr,
    cause,
  }: { readonly mr: MergeRequest; readonly pr: PullRequest; readonly cause: 'checks' | 'review' },
): Promise<void> {
  const remarks = cause === 'review' ? await forge.remarks(pr.number) : [];
  const at = timestamp(engine.ctx);
  const evidence = forgeEvidence({ pr, cause, remarks, at, target: engine.lane.record.base });
  await evict(engine, { mr, evidence });
}
