import { claimOf, updateMergeRequest } from '../beads/forms/merge-request.ts';
import type { MergeRequest, MrChange, MrEvidence } from '../beads/forms/merge-request.ts';
import type { LedgerTx } from '../beads/types.ts';
import type { BeadId, Sha } from '../core/names.ts';
import { oneLine } from '../core/text.ts';
import { readAttempts } from '../town/attempts.ts';
import type { Placement } from './build-chain.ts';
import { closeForeignSource, closeLanded, landingEntry } from './close-landed.ts';
import { recordConflict } from './conflict.ts';
import type { Engine } from './engine.ts';
import { plainEvidence } from './evict.ts';
import type { ChainLink, Notice } from './lane.ts';
import { noticeOf, sendNotices } from './notices.ts';
import { sendBack } from './send-back.ts';
import { readWanted } from './unwanted.ts';

/** A chain built on `base`, to be recorded together with what it means for each merge request. */
export interface NewChain {
  readonly base: Sha;
  readonly placements: readonly Placement[];
  readonly heads: ReadonlyMap<string, Sha>;
  readonly missing: readonly MergeRequest[];
  readonly arrivals: Readonly<Record<string, number>>;
}

/** H2: records the chain and the phases of its merge requests in one transaction; nothing changed = nothing written. */
export async function recordChain(engine: Engine, chain: NewChain): Promise<void> {
  const { lane } = engine;
  const links = linksOf(chain.placements);
  const landed = chain.placements.filter((placement) => placement.kind === 'landed');
  const changes = [...chain.placements.filter((p) => needsWrite(engine, p)), ...newlyMissing(chain.missing)];
  const same = lane.record.base === chain.base && sameLinks(lane.record.chain, links);
  if (same && changes.length === 0) return;
  for (const { mr } of landed) await closeForeignSource(engine, mr);
  const tasks = new Map<string, BeadId | undefined>();
  const hasClash = changes.some(({ kind }) => kind === 'clash');
  const attempts = hasClash ? await readAttempts(engine.ctx) : undefined;
  await lane.save(
    {
      base: chain.base,
      chain: [...links],
      arrivals: chain.arrivals,
      notices: [...lane.record.notices, ...changes.flatMap(noticesOf)],
      landing: [
        ...lane.record.landing,
        ...landed.map(({ mr, commit }) => landingEntry(mr, { mr: mr.id, head: headOf(chain, mr), commit })),
      ],
    },
    async (tx) => {
      for (const change of changes) {
        const count = attempts?.get(change.mr.sourceIssue ?? '')?.count ?? 0;
        tasks.set(change.mr.id, await apply(tx, engine, { change, chain, attempts: count }));
      }
    },
  );
  engine.report.worked();
  for (const change of changes) say(engine, change, tasks.get(change.mr.id));
  await sendNotices(engine);
}

export function linksOf(placements: readonly Placement[]): readonly ChainLink[] {
  return placements.flatMap((placement) => (placement.kind === 'chained' ? [placement.link] : []));
}

type Change = Placement | { readonly kind: 'missing'; readonly mr: MergeRequest };

function newlyMissing(missing: readonly MergeRequest[]): readonly Change[] {
  return missing.filter((mr) => mr.phase !== 'missing').map((mr) => ({ kind: 'missing', mr }));
}

/** Rows that already say it stay untouched: a queue that stands still writes nothing. */
function needsWrite(engine: Engine, placement: Placement): boolean {
  const { mr } = placement;
  switch (placement.kind) {
    case 'chained':
      return (
        mr.phase !== 'chained' ||
        mr.commit !== placement.link.head ||
        mr.bead.assignee !== claimOf(engine.rig.name)
      );
    case 'deferred':
      return mr.phase !== 'deferred' || mr.evidence?.summary !== placement.why;
    case 'empty':
    case 'conflict':
    case 'clash':
    case 'landed':
      return true;
  }
}

function sameLinks(left: readonly ChainLink[], right: readonly ChainLink[]): boolean {
  return left.length === right.length && left.every((link, index) => link.commit === right[index]?.commit);
}

async function apply(
  tx: LedgerTx,
  engine: Engine,
  {
    change,
    chain,
    attempts,
  }: { readonly change: Change; readonly chain: NewChain; readonly attempts: number },
): Promise<BeadId | undefined> {
  const { mr } = change;
  const head = headOf(chain, mr);
  if (change.kind === 'landed') {
    await closeLanded(tx, engine.rig, { mr: mr.id, head, commit: change.commit });
    return undefined;
  }
  await readWanted(tx, { mr: mr.id, head: mr.commit });
  if (change.kind === 'conflict') {
    return recordConflict(tx, engine, { mr, head, target: chain.base, paths: change.paths });
  }
  if (change.kind === 'clash') {
    const evidence = clashEvidence(engine, change, { head, target: chain.base });
    await updateMergeRequest(tx, mr, {
      fields: { phase: 'evicted', commit: head, evidence },
      status: 'open',
      assignee: '',
    });
    await sendBack(tx, engine, { mr, evidence, attempts });
    return undefined;
  }
  await updateMergeRequest(tx, mr, newState(engine, change, head));
  return undefined;
}

type Clash = Extract<Placement, { readonly kind: 'clash' }>;

function clashEvidence(
  engine: Engine,
  clash: Clash,
  at: { readonly head: Sha; readonly target: Sha },
): MrEvidence {
  return plainEvidence(engine, {
    cause: 'clash',
    summary: clashText(clash),
    paths: clash.paths.slice(0, 100),
    ...at,
  });
}

function clashText({ group, paths }: Clash): string {
  const more = paths.length > 3 ? ` and ${paths.length - 3} more` : '';
  const where = `${paths.slice(0, 3).join(', ')}${more}`;
  return oneLine(
    `it collides with its own group ${group} in ${where}: build it on the branch of the other`,
    240,
  );
}

function newState(
  engine: Engine,
  change: Exclude<Change, { readonly kind: 'landed' | 'conflict' | 'clash' }>,
  head: Sha,
): MrChange {
  const { mr } = change;
  // A head that moved is a new submission of the same branch.
  const pin =
    mr.commit === head || change.kind === 'missing'
      ? {}
      : { commit: head, retryCount: mr.commit === undefined ? mr.retryCount : mr.retryCount + 1 };
  switch (change.kind) {
    case 'chained':
      return {
        fields: { ...pin, phase: 'chained', lane: engine.lane.id },
        status: 'open',
        assignee: claimOf(engine.rig.name),
      };
    case 'deferred':
      return waiting('deferred', pin, plainEvidence(engine, { cause: 'deferred', summary: change.why }));
    case 'empty':
      return waiting('blocked', pin, plainEvidence(engine, { cause: 'empty', summary: EMPTY, head }));
    case 'missing':
      return waiting('missing', pin, plainEvidence(engine, { cause: 'missing', summary: missingText(mr) }));
  }
}

function waiting(
  phase: 'deferred' | 'blocked' | 'missing',
  pin: MrChange['fields'],
  evidence: MrEvidence,
): MrChange {
  return { fields: { ...pin, phase, evidence }, status: 'open', assignee: '' };
}

const EMPTY =
  'merging it changes nothing, but its commits are not on the target: reject it, or push a new head';

function missingText(mr: MergeRequest): string {
  return `branch ${mr.branch} and its commit ${mr.commit?.slice(0, 10) ?? '(none pinned)'} are gone`;
}

function noticesOf(change: Change): readonly Notice[] {
  const { mr, kind } = change;
  if (kind === 'conflict') return [noticeOf(mr, { type: 'merge_failed', reason: 'conflict' })];
  if (kind === 'clash') return [noticeOf(mr, { type: 'merge_failed', reason: clashText(change) })];
  if (kind === 'empty') return [noticeOf(mr, { type: 'merge_skipped', reason: EMPTY })];
  return kind === 'missing' ? [noticeOf(mr, { type: 'merge_skipped', reason: missingText(mr) })] : [];
}

/** Report lines of a change, after it is durable. */
function say({ report }: Engine, change: Change, task: BeadId | undefined): void {
  const { mr, kind } = change;
  if (kind === 'conflict') report.conflict({ mr: mr.id, task, paths: change.paths });
  if (kind === 'clash') {
    report.evicted({ mr: mr.id, issue: mr.sourceIssue, branch: mr.branch, why: clashText(change) });
  }
  if (kind === 'missing') report.warn(`BRANCH_MISSING: ${mr.id}: ${missingText(mr)}`);
  if (kind !== 'landed') return;
  report.landed({ mr: mr.id, issue: mr.sourceIssue, branch: mr.branch, commit: change.commit });
}

function headOf(chain: NewChain, mr: MergeRequest): Sha {
  const head = chain.heads.get(mr.id) ?? mr.commit;
  return head ?? chain.base;
}
