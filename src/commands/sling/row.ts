import { sessionOf } from '../../core/address.ts';
import type { SlingResult } from '../../polecat/sling/result.ts';
import type { SlingRow } from '../../ui/text/sling.ts';

/** A result as data: what --json prints and the view shows. */
export function slingRow(result: SlingResult): SlingRow {
  const bead = { bead: result.bead.id, title: result.bead.title };
  switch (result.kind) {
    case 'dispatched': {
      const { dispatch, done } = result;
      return {
        ...bead,
        outcome: 'dispatched',
        polecat: `${dispatch.rig.name}/${dispatch.worker}`,
        session: sessionOf(dispatch.address, dispatch.rig.prefix),
        branch: dispatch.branch,
        runtime: done.runtime,
        ...(dispatch.terms.convoy === undefined ? {} : { convoy: dispatch.terms.convoy }),
        notes: [
          ...done.worktree.warnings,
          ...done.worktree.rescued.map((ref) => `kept from the worker's last job: ${ref}`),
        ],
      };
    }
    case 'queued':
      return { ...bead, outcome: 'queued', reason: result.why, notes: result.watched ? [] : [NO_DAEMON] };
    case 'unchanged':
      return { ...bead, outcome: 'unchanged', polecat: result.on, notes: [] };
    case 'planned':
      return { ...bead, outcome: 'planned', plan: planLines(result), notes: [] };
    case 'failed': {
      const { code, message, hint } = result.error;
      return { ...bead, outcome: 'failed', code, reason: message, notes: hint === undefined ? [] : [hint] };
    }
  }
}

const NO_DAEMON = 'no daemon is running to dispatch it: gt up';

function planLines({ plan, facts }: Extract<SlingResult, { kind: 'planned' }>): readonly string[] {
  switch (plan.do) {
    case 'nothing':
      return [`nothing: it is on ${plan.on}`];
    case 'queue':
      return [`queue it: ${plan.why}`];
    case 'dispatch': {
      const { terms } = plan;
      const convoy = facts.convoy ?? terms.convoy;
      return [
        ...(plan.takeFrom === undefined
          ? []
          : [`take it from ${facts.holder.kind === 'held' ? facts.holder.by : 'its holder'}`]),
        `give it to ${facts.worker === undefined ? `an idle or new polecat of ${facts.rig.name}` : `${facts.rig.name}/${facts.worker}`}`,
        `start ${terms.agent ?? facts.runtime.name} on a branch from ${terms.baseBranch ?? facts.rig.defaultBranch}`,
        facts.options.noConvoy === true
          ? 'make no convoy'
          : convoy === undefined
            ? 'make a convoy for it'
            : `keep it in convoy ${convoy}`,
      ];
    }
  }
}
