import type { Bead } from '../../../beads/types.ts';
import { inert, quoted } from '../../../hooks/inert.ts';

/** How things stand, as `bd prime` tells it. */
export interface PrimeFacts {
  readonly prefix: string;
  readonly actor: string;
  /** The reader's own work in progress. */
  readonly mine: readonly Bead[];
  /** What can start, best first. */
  readonly ready: readonly Bead[];
  readonly counts: { readonly open: number; readonly ready: number; readonly blocked: number };
  readonly memories: Readonly<Record<string, string>>;
  /** The reader is an agent of a town, whose own instructions come from gt. */
  readonly inTown: boolean;
  /** Git is left to the user. */
  readonly noGit: boolean;
}

const SHOWN = 5;
/** More ready beads than these are not counted: an agent takes one of the first. */
export const PRIME_READY = 100;
const MEMORY_LINES = 12;

/** Instructions for an agent: the state of the day, then the few commands it needs. Text of beads is inert. */
export function primeText(facts: PrimeFacts, detail: 'short' | 'full'): string {
  return [
    '# Work is tracked with bd (beads)',
    '',
    stateLine(facts),
    ...section('Yours, in progress', facts.mine.slice(0, SHOWN)),
    ...section('Can start now', facts.ready.slice(0, SHOWN)),
    '',
    '## How',
    ...(facts.counts.open === 0 ? ['- Nothing is open: write down what you are asked to do first'] : []),
    '- `bd ready` lists work that can start, `bd show <id>` shows one bead whole',
    '- `bd update <id> --claim` before you begin; it fails when somebody else has it',
    '- `bd create "<title>" -d "<why and what>" -t bug|feature|task -p 0-4` for every piece of work you find; add',
    '  `--deps discovered-from:<id>`. Use this instead of TODO lists in files',
    '- `bd dep add <id> <needs>`: the first waits for the second',
    '- `bd close <id> --reason "<what was done>"` when it is done',
    '- `bd remember "<fact>"` for what later sessions should know',
    ...(detail === 'full'
      ? MORE
      : ['- `bd prime --full` has all commands, `bd <command> --help` explains one']),
    '',
    '## Before you stop',
    ...ending(facts),
    ...memoryLines(facts.memories),
  ].join('\n');
}

export function memoryLines(memories: Readonly<Record<string, string>>): readonly string[] {
  const entries = Object.entries(memories);
  if (entries.length === 0) return [];
  return [
    '',
    '## Remembered',
    ...entries.flatMap(([key, value]) => [
      `- ${inert(key)}`,
      ...quoted(value, MEMORY_LINES).map((line) => `  ${line}`),
    ]),
  ];
}

function stateLine({ prefix, counts, actor }: PrimeFacts): string {
  const { open, ready, blocked } = counts;
  const startable = ready < PRIME_READY ? String(ready) : `${PRIME_READY} or more`;
  return `Ids begin with ${prefix}-. Open: ${open}, of these ready ${startable}, blocked ${blocked}. You are ${inert(actor)}.`;
}

function section(title: string, beads: readonly Bead[]): readonly string[] {
  if (beads.length === 0) return [];
  return [
    '',
    `${title}:`,
    ...beads.map((bead) => `- ${bead.id} (P${bead.priority} ${bead.type}) ${inert(bead.title)}`),
  ];
}

function ending({ inTown, noGit }: PrimeFacts): readonly string[] {
  if (inTown) {
    return [
      'You are in a town: `gt prime` has your role. Work on your hook ends with `gt done`, never with `bd close`.',
    ];
  }
  return [
    '1. Close what is done, and write down what is left: `bd create`',
    ...(noGit ? [] : ['2. Run the tests, commit and push your code; the beads themselves are saved already']),
  ];
}

const MORE: readonly string[] = [
  '',
  '## More',
  '- Look: `bd list [-s all] [-t bug] [-l label]`, `bd search <text>`, `bd blocked`, `bd stale`, `bd stats`, `bd children <id>`',
  '- Change: `bd update <id> -s <state> -p <0-4> -a <who> --title --notes --append-notes`, `bd reopen <id>`, `bd defer <id> --until <day>`',
  '- Talk: `bd comment <id> "<text>"`, `bd comments <id>`',
  '- Order: `bd dep tree <id>`, `bd dep list <id>`, `bd dep remove <id> <needs>`, `bd create --parent <epic>`, `bd epic status`',
  '- Wait: `bd gate create --blocks <id> --type human|timer|gh:run|gh:pr`, `bd gate check`, `bd gate resolve <id>`',
  '- States: open, in_progress, blocked, deferred, closed. Priorities: 0 first, 2 usual, 4 some day',
  '- Types: task, bug, feature, epic, chore, decision, spike, story, milestone',
  '- Edges: blocks, parent-child, related, discovered-from, waits-for, duplicates, supersedes',
  '- Know: `bd memories [text]`, `bd recall <key>`, `bd forget <key>`, `bd kv set|get|list`',
  '- Every command takes `--json`; an error is one line on stderr and exit 1',
];
