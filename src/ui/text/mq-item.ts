import type { MrEvidence } from '../../beads/forms/merge-request.ts';
import { oneLine, printable } from '../../core/text.ts';
import { renderReviews } from './reviews.ts';
import type { ReviewView } from './reviews.ts';
import type { Paint } from './paint.ts';

/** What the views need of `mq status --json`. */
export interface MrView {
  readonly id: string;
  readonly rig: string;
  readonly title: string;
  readonly status: string;
  readonly phase: string;
  readonly priority: number;
  readonly branch: string;
  readonly target: string;
  readonly commit_sha?: string | undefined;
  readonly source_issue?: string | undefined;
  readonly worker?: string | undefined;
  readonly retry_count: number;
  readonly merge_commit?: string | undefined;
  readonly group?: string | undefined;
  readonly chain_position?: number | undefined;
  readonly reviews: readonly ReviewView[];
  readonly depends_on: readonly { readonly id: string; readonly title: string; readonly status: string }[];
}

export function renderMr(mr: MrView, evidence: MrEvidence | undefined, paint: Paint): string {
  const place = mr.chain_position === undefined ? '' : `, number ${mr.chain_position} in the chain`;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['state', `${mr.phase} (bead ${mr.status})${place}`],
    ['branch', `${mr.branch} -> ${mr.target}`],
    ['commit', mr.commit_sha],
    ['issue', mr.source_issue],
    ['worker', mr.worker],
    ['priority', `P${mr.priority}`],
    ['group', mr.group === undefined ? undefined : `${mr.group}: lands together with it or not at all`],
    ['retries', mr.retry_count === 0 ? undefined : String(mr.retry_count)],
    ['landed as', mr.merge_commit],
    ...mr.depends_on.map((bead) => ['waits for', `${bead.id} (${bead.status}) ${bead.title}`] as const),
    ['why', evidence?.summary],
  ];
  const shown = rows.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`  ${name.padEnd(10)}${oneLine(value)}`],
  );
  return [`${paint.bold(mr.id)}  ${oneLine(mr.title)}`, ...shown].join('\n');
}

/** Everything that was found out about why it did not land, and what to do now. */
export function renderEvidence(mr: MrView, evidence: MrEvidence | undefined, paint: Paint): string {
  const head = renderMr(mr, undefined, paint);
  const reviews = mr.reviews.length === 0 ? '' : ['Reviews:', renderReviews(mr.reviews, paint)].join('\n');
  if (evidence === undefined)
    return [head, 'Nothing has kept it from landing.', reviews].filter((part) => part !== '').join('\n\n');
  const sections = [
    `${paint.red('✖')} ${oneLine(evidence.summary)}`,
    list('Failed tests', evidence.failing),
    list('Files', evidence.paths),
    trees(evidence),
    evidence.tail === undefined || evidence.tail.length === 0
      ? ''
      : ['End of the output:', ...evidence.tail.map((line) => `  ${printable(line)}`)].join('\n'),
    list(
      'Logs',
      evidence.logs?.filter((log) => log !== ''),
    ),
    reviews,
    nextStep(mr, evidence),
  ];
  return [head, ...sections.filter((section) => section !== '')].join('\n\n');
}

function list(title: string, items: readonly string[] | undefined): string {
  if (items === undefined || items.length === 0) return '';
  return [`${title}:`, ...items.map((item) => `  ${oneLine(item)}`)].join('\n');
}

function trees({ greenTree, redTree, reds, target }: MrEvidence): string {
  if (greenTree === undefined || redTree === undefined) return '';
  return [
    `Passed without it: tree ${greenTree.slice(0, 12)}${target === undefined ? '' : ` on ${target.slice(0, 12)}`}`,
    `Failed with it:    tree ${redTree.slice(0, 12)}, ${reds ?? 1} times`,
  ].join('\n');
}

function nextStep(mr: MrView, { cause }: MrEvidence): string {
  switch (cause) {
    case 'red':
    case 'clash':
    case 'collateral':
      return `Next: repair ${mr.branch} and run gt done (or gt mq submit) there; to try it as it is: gt mq retry ${mr.rig} ${mr.id}`;
    case 'conflict':
      return `Next: the conflict task above; it rebases ${mr.branch} onto ${mr.target}`;
    case 'missing':
      return `Next: push ${mr.branch} again, or gt mq reject ${mr.rig} ${mr.id}`;
    case 'empty':
      return `Next: gt mq reject ${mr.rig} ${mr.id}, or push a new commit`;
    case 'checks':
    case 'review':
      return `Next: repair ${mr.branch} and run gt done (or gt mq submit) there; the pull request takes the new head`;
    case 'deferred':
      return 'Next: nothing, it is tried again as soon as what it waits for has come';
  }
}
