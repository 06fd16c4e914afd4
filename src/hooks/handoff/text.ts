import type { Bead } from '../../beads/types.ts';
import { formatAddress } from '../../core/address.ts';
import { counted, oneLine, printable } from '../../core/text.ts';
import type { GitCommit } from '../../ports/git.ts';
import { stepOf } from '../situation.ts';
import type { Tree } from '../situation.ts';
import type { Collected, HandoffFacts } from './facts.ts';

/** What the caller adds. */
export interface HandoffWords {
  readonly subject: string | undefined;
  /** The agent's own note; '' = none. */
  readonly note: string;
  readonly reason: string | undefined;
}

const SHOWN_FILES = 20;
const SHOWN_COMMITS = 10;
const SHOWN_MAIL = 10;

/** The subject without the mark that handoffs begin with: the caller's, else the work in hand, else how the note begins. */
export function handoffSubject({ held }: HandoffFacts, { subject = '', note, reason }: HandoffWords): string {
  const bead = held.ok ? held.value.bead : undefined;
  const work = bead === undefined ? '' : `${bead.id} ${bead.title}`;
  const [first = ''] = note.trim().split('\n', 1);
  const words = [subject, work, first, reason ?? ''].map((text) => oneLine(text, 150));
  return words.find((text) => text !== '') ?? 'session ended';
}

/** The note: first what only the agent knows, then what code found. Pure. */
export function renderHandoff(facts: HandoffFacts, words: HandoffWords): string {
  const { agent, now, tree, lastGate, unread, collected } = facts;
  const note = printable(words.note).trim();
  const time = new Date(now).toISOString().slice(0, 19);
  return [
    note === '' ? 'No note was left.' : note,
    '',
    `State of ${formatAddress(agent)} at ${time}Z${words.reason === undefined ? '' : `, ${oneLine(words.reason, 80)}`}:`,
    ...workLines(facts),
    ...treeLines(tree),
    `- Last gate of the merge queue: ${lastGate === undefined ? 'none has run on this work' : oneLine(lastGate, 300)}`,
    `- Unread mail: ${unread.length}`,
    ...(collected === undefined ? [] : collectedLines(facts, collected)),
  ].join('\n');
}

function workLines({ held }: HandoffFacts): readonly string[] {
  if (!held.ok) return [`- Work: cannot be read (${oneLine(held.why)})`];
  const { bead, progress } = held.value;
  if (bead === undefined) return ['- Work: none on the hook'];
  const step = stepOf(held.value);
  return [
    `- Work: ${beadLine(bead)}`,
    ...(progress === undefined || step === undefined
      ? []
      : [
          `- Step: ${step.id} ${oneLine(step.title, 120)} (${progress.completed} of ${progress.total} are done)`,
        ]),
  ];
}

function treeLines(tree: HandoffFacts['tree']): readonly string[] {
  if (tree === undefined) return [];
  if (!tree.ok) return [`- Checkout: cannot be read (${oneLine(tree.why)})`];
  const { branch, head, operation, dirty } = tree.value;
  const place = branch === undefined ? 'no branch (detached)' : `branch ${oneLine(branch, 120)}`;
  return [
    `- Checkout: ${place}${head === undefined ? ', no commit yet' : ` at ${commitLine(head)}`}`,
    ...(operation === undefined ? [] : [`- Under way: a ${operation}`]),
    ...commitLines(tree.value),
    dirty.length === 0
      ? '- Not committed: nothing'
      : `- Not committed: ${counted(dirty.length, 'file')}: ${listed(dirty, SHOWN_FILES)}`,
  ];
}

function commitLines({ base, commits }: Tree): readonly string[] {
  if (base === undefined) return [];
  const shown = commits.slice(0, SHOWN_COMMITS).map((commit) => `    ${commitLine(commit)}`);
  const more = commits.length - shown.length;
  return [
    `- Commits that ${base} does not have: ${commits.length === 0 ? 'none' : commits.length}`,
    ...shown,
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

function collectedLines({ unread }: HandoffFacts, { ready, inProgress }: Collected): readonly string[] {
  const list = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `- ${line}`)];
  const mail = unread.slice(0, SHOWN_MAIL);
  return [
    ...list(
      'Unread',
      mail.map(({ bead, subject, from }) => `${bead.id} ${oneLine(subject, 120)} (from ${from})`),
    ),
    ...list('In progress', inProgress.map(beadLine)),
    ...list('Ready', ready.map(beadLine)),
  ];
}

function beadLine({ id, priority, type, status, title }: Bead): string {
  return `${id} (P${priority} ${type}, ${status}) ${oneLine(title, 150)}`;
}

function commitLine({ sha, message }: GitCommit): string {
  return `${sha.slice(0, 8)} ${oneLine(message.split('\n', 1)[0] ?? '', 100)}`;
}

function listed(paths: readonly string[], most: number): string {
  const shown = paths.slice(0, most).map((path) => oneLine(path, 200));
  return paths.length > most ? `${shown.join(', ')} and ${paths.length - most} more` : shown.join(', ');
}
