import type { TownContext } from '../beads/context.ts';
import { RefusedError } from '../core/errors.ts';
import type { Sha } from '../core/names.ts';
import { lastLines } from '../core/text.ts';
import type { Rig } from '../rig/registry.ts';
import { openGateResults, type Candidate } from './gate-results.ts';
import { runGates, type GateRunner, type Proof } from './prove.ts';
import { fetchBranches, openPushRemote, readHeads, type PushRemote } from './push-remote.ts';
import { readQueueSettings } from './settings.ts';

/** Waiting for another worker's gates, at most. */
const WAIT_MS = 30 * 60_000;

export interface Work {
  readonly head: Sha;
  /** Branch to land on. */
  readonly target: string;
  readonly signal: AbortSignal;
}

/** `verified`: the queue has its passes already · `unknown`: the queue must find out, for the reason in `why`. */
export type PreVerified = { readonly kind: 'verified' } | { readonly kind: 'unknown'; readonly why: string };

/**
 * The merge queue's own gates on the files that the target would hold with this work, before it is handed in. What
 * passes is kept like any other pass, so landing it runs nothing while the target stays. RefusedError `done.gates-failed`
 * when they fail twice.
 */
export async function preVerify(ctx: TownContext, rig: Rig, work: Work): Promise<PreVerified> {
  const settings = await readQueueSettings(ctx, rig);
  if (settings.gates.length === 0) return unknown('the rig has no gates');
  const remote = await openPushRemote(ctx, rig, settings.strategy);
  const candidate = await mergedWithTarget(ctx, remote, work);
  if (candidate === undefined) return unknown(`it does not merge with ${work.target} as it is now`);
  const runner = { ctx, rig, settings, results: openGateResults(ctx, rig, settings) };
  const proof = await proveTwice(runner, candidate, work.signal);
  switch (proof.kind) {
    case 'green':
      return { kind: 'verified' };
    case 'red':
      throw failed(proof.run, work.target);
    case 'infra':
      return unknown(proof.why);
    case 'cut':
      return unknown('the gates were stopped');
  }
}

/** The tree alone counts: the queue makes its own commit of it. */
async function mergedWithTarget(
  ctx: TownContext,
  remote: PushRemote,
  { head, target }: Work,
): Promise<Candidate | undefined> {
  const { objects } = ctx.ports.git;
  const heads = await readHeads(ctx, remote);
  await fetchBranches(ctx, remote, { heads, branches: [target] });
  const tip = heads.heads.get(target);
  const outcome = tip === undefined ? undefined : await objects.mergeTree(remote.repo, tip, head);
  if (tip === undefined || outcome?.merged !== true) return undefined;
  const { author, committer, tree, message } = await objects.commit(remote.repo, head);
  if (outcome.tree === tree) return { commit: head, tree };
  const merged = { tree: outcome.tree, parents: [tip, head], message, author, committer };
  return { commit: await objects.commitTree(remote.repo, merged), tree: outcome.tree };
}

/** One worktree for all workers of the rig, one after the other. A single red may be a flake. */
async function proveTwice(runner: GateRunner, candidate: Candidate, signal: AbortSignal): Promise<Proof> {
  const name = `refinery-${runner.rig.name}-done` as const;
  await using _lock = await runner.ctx.ports.locks.acquire(name, {
    waitMs: WAIT_MS,
    purpose: 'gates of a done',
  });
  const request = { candidate, mrs: [], slot: 'done', alone: false, signal };
  const missing = await runner.results.missing(candidate);
  if (missing.length === 0) return { kind: 'green' };
  const first = await runGates(runner, request, missing);
  return first.kind === 'red' ? await runGates(runner, { ...request, alone: true }, missing) : first;
}

function failed(
  { gate, failing, tail, log }: Extract<Proof, { kind: 'red' }>['run'],
  target: string,
): RefusedError {
  const what = failing.length > 0 ? failing.slice(0, 5).join(', ') : lastLines(tail.join('\n'), 1).join('');
  return new RefusedError({
    code: 'done.gates-failed',
    message: `gate ${gate} fails on your work merged with ${target}: ${what}`,
    hint: `Read ${log}, repair it, then run gt done again`,
  });
}

function unknown(why: string): PreVerified {
  return { kind: 'unknown', why };
}
