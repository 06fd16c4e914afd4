import { formatAddress, formatMailAddress } from '../../core/address.ts';
import type { CarriedOut } from '../../polecat/dispatch/carry-out.ts';
import { recipientName } from '../../polecat/sling/targets.ts';
import type { SlingResult } from '../../polecat/sling/result.ts';
import type { SlingRow } from '../../ui/text/sling.ts';

/** A result as data: what --json prints and the view shows. */
export function slingRow(result: SlingResult): SlingRow {
  const bead = { bead: result.bead.id, title: result.bead.title };
  switch (result.kind) {
    case 'dispatched':
      return { ...bead, outcome: 'dispatched', ...dispatchedRow(result) };
    case 'queued':
      return {
        ...bead,
        outcome: 'queued',
        reason: result.why,
        notes: [...result.notes, ...(result.watched ? [] : [NO_DAEMON])],
      };
    case 'unchanged':
      return { ...bead, outcome: 'unchanged', agent: result.on, notes: [] };
    case 'planned':
      return { ...bead, outcome: 'planned', plan: planLines(result), notes: result.notes };
    case 'failed': {
      const { code, message, hint } = result.error;
      return { ...bead, outcome: 'failed', code, reason: message, notes: hint === undefined ? [] : [hint] };
    }
  }
}

const NO_DAEMON = 'no daemon is running to dispatch it: gt up';
const UNWATCHED = 'no daemon is running to watch over it: gt up';

function dispatchedRow({ dispatch, done, notes }: Extract<SlingResult, { kind: 'dispatched' }>) {
  const { convoy } = dispatch.terms;
  const agent = (dispatch.kind === 'worker' ? formatMailAddress : formatAddress)(dispatch.address);
  return {
    agent,
    ...(dispatch.kind === 'worker' ? { polecat: agent, branch: dispatch.branch } : {}),
    ...(dispatch.address.role === 'overseer' ? {} : { session: done.session }),
    ...(done.runtime === undefined ? {} : { runtime: done.runtime }),
    ...(done.told === undefined ? {} : { told: done.told.how }),
    ...(convoy === undefined ? {} : { convoy }),
    notes: [...notes, ...notesOf(done)],
  };
}

function notesOf({ worktree, told, watched }: CarriedOut): readonly string[] {
  return [
    ...(worktree?.warnings ?? []),
    ...(worktree?.rescued ?? []).map((ref) => `kept from the worker's last job: ${ref}`),
    ...(told?.how === 'later' ? [`it is told later: ${told.why}`] : []),
    ...(watched || told?.how === 'not-needed' ? [] : [UNWATCHED]),
  ];
}

function planLines(result: Extract<SlingResult, { kind: 'planned' }>): readonly string[] {
  const { plan, facts, prepared } = result;
  if (plan.do === 'queue') return [`queue it: ${plan.why}`];
  const { terms } = prepared;
  return [
    ...(plan.takeFrom === undefined
      ? []
      : [`take it from ${facts.holder.kind === 'held' ? facts.holder.by : 'its holder'}`]),
    ...facts.finished.map(({ bead }) => `close ${bead.id}: its molecule is complete`),
    ...facts.others.map(({ id }) => `take ${id} off that hook`),
    `give it to ${recipientName(facts.to)}`,
    ...(terms.formula === undefined ? [] : [`let it follow formula ${terms.formula}`]),
    ...sessionLine(result),
    terms.convoy === undefined ? 'make no convoy' : convoyLine(facts.convoy ?? facts.queued?.convoy),
  ];
}

function convoyLine(known: string | undefined): string {
  return known === undefined ? 'make a convoy for it' : `keep it in convoy ${known}`;
}

function sessionLine({ facts, prepared }: Extract<SlingResult, { kind: 'planned' }>): readonly string[] {
  const { to, runtime } = facts;
  const agent = prepared.terms.agent ?? runtime?.name ?? '';
  if (to.kind === 'worker')
    return [`start ${agent} on a branch from ${prepared.terms.baseBranch ?? to.rig.defaultBranch}`];
  if (runtime !== undefined) return [`start ${agent} there, or tell its session when it is up`];
  return to.kind === 'standing' && to.address.role === 'overseer' ? [] : ['tell its session'];
}
