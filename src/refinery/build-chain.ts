import type { MergeRequest } from '../beads/forms/merge-request.ts';
import { messageOf } from '../core/errors.ts';
import type { Sha } from '../core/names.ts';
import type { GitCommit } from '../ports/git.ts';
import { orderChain } from './chain-order.ts';
import type { PinnedRequest } from './chain-order.ts';
import type { Engine } from './engine.ts';
import { unitsOf } from './groups.ts';
import type { History } from './history.ts';
import type { ChainLink } from './lane.ts';
import { commitHead, mergeHead } from './merge-head.ts';
import type { HeadMerge, Tip } from './merge-head.ts';
import { rebaseHead } from './rebase-head.ts';
import { dependenciesOf } from './stacking.ts';

/** What the chain building found out about one merge request. */
export type Placement =
  | { readonly kind: 'chained'; readonly mr: MergeRequest; readonly link: ChainLink }
  /** Not now: it needs, or collides with, something that is not on the target yet. */
  | {
      readonly kind: 'deferred';
      readonly mr: MergeRequest;
      readonly why: string;
      /** Where it collides with something ahead of it. */
      readonly paths?: readonly string[];
    }
  /** Merges without the others of its group and not with them: waiting cannot help. */
  | {
      readonly kind: 'clash';
      readonly mr: MergeRequest;
      readonly group: string;
      readonly paths: readonly string[];
    }
  /** Does not merge with the target itself. */
  | { readonly kind: 'conflict'; readonly mr: MergeRequest; readonly paths: readonly string[] }
  /** The target has it already. */
  | { readonly kind: 'landed'; readonly mr: MergeRequest; readonly commit: Sha }
  /** Merging it changes nothing, and nothing proves that its commits are there. */
  | { readonly kind: 'empty'; readonly mr: MergeRequest };

export interface ChainFacts {
  readonly history: History;
  /** Merge requests that may be chained. */
  readonly candidates: readonly PinnedRequest[];
  /** Open ones that may not (sent back, blocked): nothing stacked on them may land either. */
  readonly standing: readonly PinnedRequest[];
  /** The chain as it is recorded, on the same base; its prefix is kept. */
  readonly chain: readonly ChainLink[];
  /** Groups that cannot land as a whole now, and what for. */
  readonly waiting: ReadonlyMap<string, string>;
}

/** Places every candidate on the chain, or says why not. The placements of links come in chain order. */
export async function buildChain(engine: Engine, facts: ChainFacts): Promise<readonly Placement[]> {
  await facts.history.load([...facts.candidates, ...facts.standing].map(({ head }) => head));
  const dependencies = await readDependencies(facts);
  const order = orderChain({
    candidates: facts.candidates,
    chain: facts.chain,
    dependencies,
    proven: await provenLength(engine, facts.chain),
    patient: patientOf(engine),
    now: engine.ctx.ports.clock.now(),
  });
  const built = new ChainUnderWork(facts.history);
  const placements: Placement[] = [];
  const placeNext = async (pinned: PinnedRequest): Promise<Placement> => {
    const { mr } = pinned;
    const waitsFor = (dependencies.get(mr.id) ?? []).find((id) => !built.holds(id));
    if (waitsFor !== undefined)
      return deferred(mr, `it contains commits of ${waitsFor}, which has not landed`);
    const placement = await place(engine, { facts, built, pinned });
    if (placement.kind === 'chained') built.add(placement.link);
    return placement;
  };
  for (const unit of unitsOf(order, ({ mr }) => mr.group)) {
    placements.push(...(await placeUnit(unit, { facts, built, placeNext })));
  }
  return placements;
}

/** All of a group, or none of it. */
async function placeUnit(
  unit: readonly PinnedRequest[],
  {
    facts,
    built,
    placeNext,
  }: {
    readonly facts: ChainFacts;
    readonly built: ChainUnderWork;
    readonly placeNext: (pinned: PinnedRequest) => Promise<Placement>;
  },
): Promise<readonly Placement[]> {
  const group = unit[0]?.mr.group;
  const waits = group === undefined ? undefined : facts.waiting.get(group);
  if (waits !== undefined) return unit.map(({ mr }) => deferred(mr, `its group ${group} waits for ${waits}`));
  const before = built.links.length;
  const placed: Placement[] = [];
  for (const pinned of unit) placed.push(await placeNext(pinned));
  const odd = placed.find(({ kind }) => kind !== 'chained' && kind !== 'landed');
  if (odd === undefined || unit.length === 1) return placed;
  built.cutTo(before);
  const placesAlone = async (id: string): Promise<boolean> => {
    const pinned = unit.find(({ mr }) => mr.id === id);
    const alone = pinned === undefined ? undefined : await placeNext(pinned);
    built.cutTo(before);
    return alone?.kind === 'chained';
  };
  const isClash = odd.kind === 'deferred' && odd.paths !== undefined && (await placesAlone(odd.mr.id));
  const stuck: Placement = isClash
    ? { kind: 'clash', mr: odd.mr, group: group ?? '', paths: odd.paths }
    : odd;
  const why = `its group ${group} waits for ${odd.mr.id}: ${whyOf(stuck)}`;
  return placed.map((placement) => {
    if (placement === odd) return stuck;
    return placement.kind === 'chained' ? deferred(placement.mr, why) : placement;
  });
}

function whyOf(stuck: Placement): string {
  if (stuck.kind === 'deferred') return stuck.why;
  return stuck.kind === 'clash' ? 'sent back' : stuck.kind;
}

/** Links up to the last one whose very tree is green. */
async function provenLength({ results }: Engine, chain: readonly ChainLink[]): Promise<number> {
  const missing = await Promise.all(chain.map((link) => results.missing(link)));
  return missing.findLastIndex((gates) => gates.length === 0) + 1;
}

/** Nobody waits for more than this many landings, whatever comes in meanwhile. */
const PATIENCE = 20;

function patientOf({ lane }: Engine): ReadonlySet<string> {
  const { arrivals, landings } = lane.record;
  const waited = Object.entries(arrivals).filter(([, at]) => landings - at >= PATIENCE);
  return new Set(waited.map(([id]) => id));
}

async function readDependencies({
  history,
  candidates,
  standing,
}: ChainFacts): Promise<ReadonlyMap<string, readonly string[]>> {
  const stacked = await Promise.all(
    [...candidates, ...standing].map(async ({ mr, head }) => ({
      id: mr.id,
      head,
      createdAt: mr.bead.createdAt,
      commits: new Set((await history.ahead(head)).map((commit) => commit.sha)),
    })),
  );
  return dependenciesOf(stacked);
}

/** The chain while it grows. */
class ChainUnderWork {
  readonly links: ChainLink[] = [];
  tip: Tip;

  readonly #base: Tip;

  constructor(history: History) {
    this.#base = tipOf(history);
    this.tip = this.#base;
  }

  cutTo(length: number): void {
    this.links.length = length;
    this.tip = this.links.at(-1) ?? this.#base;
  }

  add(link: ChainLink): void {
    this.links.push(link);
    this.tip = link;
  }

  holds(id: string): boolean {
    return this.links.some((link) => link.mr === id);
  }
}

interface Placing {
  readonly facts: ChainFacts;
  readonly built: ChainUnderWork;
  readonly pinned: PinnedRequest;
}

async function place(engine: Engine, placing: Placing): Promise<Placement> {
  const { facts, built, pinned } = placing;
  const { mr, head } = pinned;
  const kept = facts.chain[built.links.length];
  const isPrefix = kept !== undefined && samePrefix(facts.chain, built.links);
  if (isPrefix && kept.mr === mr.id && kept.head === head) return { kind: 'chained', mr, link: kept };
  const commits = await facts.history.ahead(head);
  const landing = commits.length === 0 ? head : facts.history.landing(mr.id, head);
  if (landing !== undefined) return { kind: 'landed', mr, commit: landing };
  try {
    return await mergeOntoTip(engine, placing, commits);
  } catch (error) {
    // "Could not merge" is not "conflicts": nobody is asked to resolve a broken disk or a foreign history.
    const why = `git could not merge it: ${messageOf(error)}`;
    engine.report.waiting(`${mr.id}: ${why}`);
    return deferred(mr, why);
  }
}

function samePrefix(chain: readonly ChainLink[], built: readonly ChainLink[]): boolean {
  return built.every((link, index) => chain[index]?.commit === link.commit);
}

async function mergeOntoTip(
  engine: Engine,
  placing: Placing,
  commits: readonly GitCommit[],
): Promise<Placement> {
  const { facts, built, pinned } = placing;
  const { mr, head } = pinned;
  const stackedOn = await findStackedOn(engine, placing, commits);
  const merge: HeadMerge = { mr, head, commits, stackedOn, tip: built.tip };
  const outcome = await mergeHead(engine, merge);
  const isFirst = built.links.length === 0;
  if (!outcome.merged) {
    const rebased = engine.settings.autoRebase ? await rebaseHead(engine, merge) : undefined;
    if (rebased !== undefined) return { kind: 'chained', mr, link: linkOf(mr, head, rebased) };
    if (isFirst) return { kind: 'conflict', mr, paths: outcome.conflicts };
    const alone = { ...merge, tip: tipOf(facts.history) };
    return judgeAlone(engine, facts, { merge: alone, collidesIn: outcome.conflicts });
  }
  if (outcome.tree !== built.tip.tree) {
    const rebased =
      engine.settings.method === 'rebase' ? await rebaseHead(engine, merge, outcome.tree) : undefined;
    const made = rebased ?? (await commitHead(engine, merge, outcome.tree));
    return { kind: 'chained', mr, link: linkOf(mr, head, made) };
  }
  if (!isFirst) return deferred(mr, 'what it changes is already ahead of it in the queue');
  const missing = await engine.ctx.ports.git.objects.missingPatches(
    engine.remote.repo,
    facts.history.base,
    head,
  );
  return missing.length === 0 ? { kind: 'landed', mr, commit: facts.history.base } : { kind: 'empty', mr };
}

/** It collides with something ahead in the queue: a real conflict only if it does not merge with the target either. */
async function judgeAlone(
  engine: Engine,
  facts: ChainFacts,
  { merge, collidesIn }: { readonly merge: HeadMerge; readonly collidesIn: readonly string[] },
): Promise<Placement> {
  const isStacked = facts.candidates.some(({ head }) => head === merge.stackedOn);
  const alone = isStacked ? undefined : await mergeHead(engine, merge);
  return alone === undefined || alone.merged
    ? { ...deferred(merge.mr, 'it collides with a change ahead of it in the queue'), paths: collidesIn }
    : { kind: 'conflict', mr: merge.mr, paths: alone.conflicts };
}

/**
 * Landing squashes, so a branch stacked on another one still carries the other's commits. Merging from the other's
 * head leaves only its own change.
 */
async function findStackedOn(
  engine: Engine,
  { facts, built }: Placing,
  commits: readonly GitCommit[],
): Promise<Sha | undefined> {
  const ahead = new Set(built.links.map((link) => link.head));
  const inChain = commits.find((commit) => ahead.has(commit.sha));
  if (inChain !== undefined) return inChain.sha;
  const landed = facts.history.landedAmong(commits);
  const newest = commits[0];
  if (landed === undefined || newest === undefined) return undefined;
  const { objects } = engine.ctx.ports.git;
  // A branch that has merged the target since then has the landing itself: git finds the right base alone.
  const base = await objects.mergeBase(engine.remote.repo, landed.commit, newest.sha);
  return base === landed.commit ? undefined : commits.find((commit) => commit.sha === landed.head)?.sha;
}

function linkOf(mr: MergeRequest, head: Sha, { commit, tree, at }: Tip): ChainLink {
  return { mr: mr.id, head, commit, tree, at, ...(mr.group === undefined ? {} : { group: mr.group }) };
}

function tipOf(history: History): Tip {
  return { commit: history.base, tree: history.tree, at: history.at };
}

function deferred(mr: MergeRequest, why: string) {
  return { kind: 'deferred', mr, why } as const;
}
