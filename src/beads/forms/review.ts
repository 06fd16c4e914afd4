import type { BeadId, RigName, Sha } from '../../core/names.ts';
import { oneLine } from '../../core/text.ts';
import type { Bead, LedgerReads, LedgerTx } from '../types.ts';

/** By which the Go gt and tools around it find the records of reviews. */
const REVIEW_LABEL = 'plugin:quality-review-result';

export const VERDICTS = ['approve', 'request_changes', 'reject'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What somebody found about a change. It is kept and shown, and decides nothing. */
export interface Review {
  /** Of the merge request. */
  readonly mr: BeadId;
  /** The commit that was looked at. */
  readonly head: Sha | undefined;
  /** 0 (bad) … 1; undefined = only explained, not judged. */
  readonly score: number | undefined;
  readonly verdict: Verdict | undefined;
  readonly text: string;
}

/** A review as it was kept. */
export interface KeptReview extends Review {
  readonly id: BeadId;
  /** Assignee id. */
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
}

/** A closed bead in the table of wisps: it is a record, nobody's work. */
export async function keepReview(
  tx: LedgerTx,
  review: Review,
  { rig, worker, by }: { readonly rig: RigName; readonly worker: string | undefined; readonly by: string },
): Promise<Bead> {
  const { mr, head, score, verdict, text } = review;
  const label = (name: string, value: string | number | undefined): readonly string[] =>
    value === undefined ? [] : [`${name}:${value}`];
  const bead = await tx.create({
    title: oneLine(`Review of ${mr}${score === undefined ? '' : `: ${score}`}`, 300),
    description: text,
    type: 'task',
    keep: 'no-history',
    noInheritLabels: true,
    labels: [
      'type:plugin-run',
      REVIEW_LABEL,
      `rig:${rig}`,
      ...label('worker', worker),
      ...label('score', score),
      ...label('recommendation', verdict),
      'result:success',
    ],
    metadata: { mr, head: head ?? '', score: score ?? '', verdict: verdict ?? '', by },
  });
  return tx.close(bead.id, { reason: 'recorded', force: true });
}

/** All reviews since a time (RFC 3339; undefined = all), or those of one merge request, oldest first. */
export async function listReviews(
  reads: LedgerReads,
  { since, mr }: { readonly since?: string | undefined; readonly mr?: string | undefined },
): Promise<readonly KeptReview[]> {
  const beads = await reads.list({
    labels: [REVIEW_LABEL],
    order: 'id',
    ...(since === undefined ? {} : { createdAfter: since }),
    ...(mr === undefined ? {} : { metadata: { mr } }),
  });
  return beads.flatMap(parseReview).sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** One of another program may say less than ours: without a merge request it is about nothing that we know. */
function parseReview({ id, metadata, description, createdAt, labels }: Bead): readonly KeptReview[] {
  const text = (key: string): string => (typeof metadata[key] === 'string' ? metadata[key] : '');
  if (text('mr') === '') return [];
  const labelled = labels.find((label) => label.startsWith('score:'))?.slice('score:'.length);
  const verdict = VERDICTS.find((each) => each === text('verdict'));
  return [
    {
      id,
      mr: text('mr') as BeadId,
      head: text('head') === '' ? undefined : (text('head') as Sha),
      score: labelled === undefined ? undefined : Number(labelled),
      verdict,
      text: description,
      by: text('by'),
      at: createdAt,
    },
  ];
}
