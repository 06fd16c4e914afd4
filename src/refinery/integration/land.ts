import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import { ExternalError, RefusedError } from '../../core/errors.ts';
import { oneLine } from '../../core/text.ts';
import type { Sha } from '../../core/names.ts';
import { emitEvent } from '../../town/events.ts';
import type { Engine } from '../engine.ts';
import type { Candidate } from '../gate-results.ts';
import { withEngine } from '../open-engine.ts';
import { proveCandidate } from '../prove.ts';
import { pushTarget } from '../push-target.ts';
import { readHeads } from '../push-remote.ts';
import { notReady, readIntegration, unfinished } from './facts.ts';
import type { Integration } from './facts.ts';

export interface LandWish {
  readonly epic: string;
  /** Although not all of its work is done. */
  readonly force: boolean;
  readonly skipTests: boolean;
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

export interface LandedIntegration {
  readonly epic: string;
  readonly branch: string;
  readonly base: string;
  /** What was made of it on the base; undefined = it was there already, or a dry run. */
  readonly commit: Sha | undefined;
  readonly steps: readonly string[];
}

/**
 * `mq integration land`: a merge commit of the branch onto its base, proven by all gates and pushed by
 * compare-and-swap; then the epic is closed, and last the branch removed. A run that was killed is finished by the
 * next. RefusedError `mq.not-ready` `mq.conflict` `mq.gate-failed` `mq.base-moved` `mq.busy`; ExternalError
 * `mq.gate-trouble` `mq.not-pushed`.
 */
export async function landIntegration(ctx: TownContext, wish: LandWish): Promise<LandedIntegration> {
  const facts = await readIntegration(ctx, wish.epic);
  const { rig, epic, base } = facts;
  const steps = planLanding(facts, wish);
  const { branch = '' } = facts;
  if (wish.dryRun) return { epic: epic.id, branch, base, commit: undefined, steps };
  const purpose = `integration branch ${branch} of ${rig.name}`;
  return withEngine(ctx, rig, { target: base, purpose, signal: wish.signal }, async (engine) => {
    const commit = facts.ahead === 0 ? undefined : await landOnBase(engine, facts, wish);
    await closeEpic(ctx, facts, commit);
    await removeBranch(ctx, facts);
    return { epic: epic.id, branch, base, commit, steps };
  });
}

/** Pure: what will be done, or a refusal. What is on the base already is only cleaned up. */
function planLanding(facts: Integration, wish: LandWish): readonly string[] {
  const { branch, base, tip, ahead, epic } = facts;
  if (branch === undefined || tip === undefined) {
    throw new RefusedError({
      code: 'mq.not-ready',
      message: `${epic.id} has no integration branch on the remote`,
      hint: `Run: gt mq integration create ${epic.id}`,
    });
  }
  const isThere = ahead === 0 && facts.baseTip !== undefined;
  const why = isThere ? unfinished(facts) : notReady(facts);
  if (why.length > 0 && !wish.force) {
    throw new RefusedError({
      code: 'mq.not-ready',
      message: `${epic.id} cannot land yet: ${why.join('; ')}`,
      hint: `See gt mq integration status ${epic.id}`,
    });
  }
  return [
    ...(isThere ? [`${branch} is on ${base} already`] : [`merge ${branch} (${ahead} commits) onto ${base}`]),
    ...(isThere || wish.skipTests ? [] : ['run all gates on the result']),
    ...(isThere ? [] : [`push it to ${base}`]),
    ...(epic.status === 'closed' ? [] : [`close ${epic.id}`]),
    `remove ${branch}`,
  ];
}

async function landOnBase(engine: Engine, facts: Integration, wish: LandWish): Promise<Sha> {
  const { baseTip, base } = facts;
  if (baseTip === undefined) {
    throw new RefusedError({ code: 'mq.not-ready', message: `the remote has no branch ${base}` });
  }
  const candidate = await mergeOntoBase(engine, facts, baseTip);
  if (!wish.skipTests) await prove(engine, candidate);
  const outcome = await pushTarget(engine.lease, engine, {
    old: baseTip,
    next: candidate.commit,
    what: 'integration',
  });
  const now = (await readHeads(engine.ctx, engine.remote)).heads.get(base);
  if (now === candidate.commit) {
    await engine.lane.save({ base: now, landed: now, chain: [] });
    return candidate.commit;
  }
  if (outcome.pushed || outcome.cause === 'stale') {
    throw new RefusedError({
      code: 'mq.base-moved',
      message: `${base} has moved while ${facts.branch} was proven`,
      hint: 'Run the same command again: it is merged and proven anew',
    });
  }
  throw new ExternalError({ code: 'mq.not-pushed', message: `the push to ${base} failed: ${outcome.why}` });
}

/** The same commit id at every try on the same tips: dates are those of the branch. */
async function mergeOntoBase(engine: Engine, facts: Integration, baseTip: Sha): Promise<Candidate> {
  const { objects } = engine.ctx.ports.git;
  const { repo } = engine.remote;
  const { epic, branch, tip = baseTip } = facts;
  const outcome = await objects.mergeTree(repo, baseTip, tip);
  if (!outcome.merged) {
    throw new RefusedError({
      code: 'mq.conflict',
      message: `${branch} does not merge with ${facts.base}: ${outcome.conflicts.slice(0, 3).join(', ')}`,
      hint: `Merge ${facts.base} into ${branch} first`,
    });
  }
  const [onto, head] = await Promise.all([objects.commit(repo, baseTip), objects.commit(repo, tip)]);
  if (outcome.tree === onto.tree) {
    throw new RefusedError({
      code: 'mq.not-ready',
      message: `merging ${branch} would change nothing on ${facts.base}`,
      hint: `Close the epic by hand: gt close ${epic.id}`,
    });
  }
  const who = { ...engine.settings.committer, at: Math.max(head.committer.at, onto.committer.at) };
  const message = `Merge ${branch}: ${oneLine(epic.title)}\n\nEpic: ${epic.id}`;
  const parents = [baseTip, tip];
  const commit = await objects.commitTree(repo, {
    tree: outcome.tree,
    parents,
    message,
    author: who,
    committer: who,
  });
  return { commit, tree: outcome.tree };
}

async function prove(engine: Engine, candidate: Candidate): Promise<void> {
  const request = { candidate, mrs: [], slot: 0, alone: true, signal: engine.signal };
  // A single red may be a flake: it is believed when it comes twice.
  const first = await proveCandidate(engine, request);
  const proof = first.kind === 'red' ? await proveCandidate(engine, request) : first;
  switch (proof.kind) {
    case 'green':
      return;
    case 'red':
      throw new RefusedError({
        code: 'mq.gate-failed',
        message: `gate ${proof.run.gate} fails on the merged result: ${proof.run.tail.at(-1) ?? ''}`,
        hint: `See ${proof.run.log}`,
      });
    case 'infra':
      throw new ExternalError({ code: 'mq.gate-trouble', message: `the gates could not run: ${proof.why}` });
    case 'cut':
      throw new ExternalError({ code: 'mq.gate-trouble', message: 'the gates were stopped' });
  }
}

async function closeEpic(
  ctx: TownContext,
  { epic, ledger, branch, base, rig }: Integration,
  commit: Sha | undefined,
) {
  if (epic.status === 'closed') return;
  await ledger.transaction(formatAddress(ctx.actor), (tx) =>
    tx.close(epic.id, { reason: `Landed ${branch} on ${base}`, force: true }),
  );
  const payload = {
    rig: rig.name,
    branch: branch ?? '',
    issue: epic.id,
    commit: commit ?? '',
    mr: '',
    worker: '',
  };
  await emitEvent(ctx, { type: 'merged', payload, visibility: 'both' });
}

/** Only while it still is where it was merged: work that was pushed meanwhile keeps it. */
async function removeBranch(ctx: TownContext, { remote, branch, tip, base }: Integration): Promise<void> {
  if (branch === undefined || tip === undefined || branch === base) return;
  const update = { ref: `refs/heads/${branch}`, sha: undefined, lease: tip };
  await ctx.ports.git.remotes.push(remote.repo, { to: remote.name, updates: [update] });
}
