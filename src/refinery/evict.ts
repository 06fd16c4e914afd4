import { updateMergeRequest } from '../beads/forms/merge-request.ts';
import type { MergeRequest, MrEvidence } from '../beads/forms/merge-request.ts';
import { oneLine } from '../core/text.ts';
import { readAttempts } from '../town/attempts.ts';
import { addOutcomes } from './batch-size.ts';
import { timestamp } from './engine.ts';
import type { Engine } from './engine.ts';
import type { ChainLink, RedRun } from './lane.ts';
import { noticeOf, sendNotices } from './notices.ts';
import { sendBack } from './send-back.ts';
import { readWanted } from './unwanted.ts';

/** Evidence of a change that was red twice on top of a green tree. */
export function redEvidence(facts: {
  readonly reds: readonly RedRun[];
  readonly greenTree: string;
  readonly redTree: string;
  readonly link: ChainLink;
  readonly base: string;
  readonly at: string;
}): MrEvidence {
  const last = facts.reds.at(-1);
  const failing = last?.failing ?? [];
  const how = { code: 'failed', timeout: 'timed out', dirty: 'changed tracked files' }[
    last?.failure ?? 'code'
  ];
  const names = failing.length === 0 ? '' : `: ${failing.slice(0, 3).join(', ')}`;
  const group = facts.link.group === undefined ? '' : `with its group ${facts.link.group}: `;
  const said = names === '' ? (last?.tail.at(-1) ?? '') : '';
  return {
    cause: 'red',
    summary: oneLine(
      `${group}gate ${last?.gate ?? '?'} ${how}${names}${said === '' ? '' : `: ${said}`}`,
      240,
    ),
    at: facts.at,
    gate: last?.gate,
    failure: last?.failure,
    failing,
    greenTree: facts.greenTree,
    redTree: facts.redTree,
    reds: facts.reds.length,
    logs: facts.reds.map((run) => run.log),
    tail: last?.tail,
    head: facts.link.head,
    target: facts.base,
  };
}

export interface Eviction {
  readonly mr: MergeRequest;
  readonly evidence: MrEvidence;
}

/**
 * Takes a merge request out of the chain and gives its bead back, in one transaction. What stood behind it is
 * built anew without it; trees that come out the same keep their proofs.
 */
export async function evict(engine: Engine, { mr, evidence }: Eviction): Promise<void> {
  const { ctx, lane, report } = engine;
  const { rev, chain, outcomes, reds, notices } = lane.record;
  const { sourceIssue: issue } = mr;
  const attempts = issue === undefined ? 0 : ((await readAttempts(ctx)).get(issue)?.count ?? 0);
  const notice = noticeOf(mr, { type: 'merge_failed', reason: evidence.summary });
  const position = chain.findIndex((link) => link.mr === mr.id);
  await lane.save(
    {
      chain: position === -1 ? chain : chain.slice(0, position),
      // Red runs of trees with it are evidence now: should it come back as it is, it is judged anew.
      reds: reds.filter((red) => chain.every((link) => link.tree !== red.tree)),
      outcomes: addOutcomes(outcomes, 0, 1),
      notices: [...notices, { ...notice, attempt: rev }],
    },
    async (tx) => {
      await readWanted(tx, { mr: mr.id, head: evidence.head ?? mr.commit });
      await updateMergeRequest(tx, mr, {
        fields: { phase: 'evicted', evidence },
        status: 'open',
        assignee: '',
      });
      await sendBack(tx, engine, { mr, evidence, attempts });
    },
  );
  report.evicted({ mr: mr.id, issue, branch: mr.branch, why: evidence.summary });
  await sendNotices(engine);
}

/** Evidence without gate runs, such as files changed that the branch never touched. */
export function plainEvidence(
  engine: Engine,
  facts: Pick<MrEvidence, 'cause' | 'summary'> & Partial<MrEvidence>,
): MrEvidence {
  return { ...facts, at: timestamp(engine.ctx) };
}
