import { z } from 'zod';
import type { Programs } from './cli.ts';
import type { TourBead } from './work.ts';

const BeadRow = z.object({
  id: z.string(),
  status: z.string(),
  assignee: z.string().optional(),
  close_reason: z.string().optional(),
});
const MergeRow = z.object({ source_issue: z.string().optional(), phase: z.string().optional() });

export type Shown = 'waiting' | 'queued' | 'working' | 'in the merge queue' | 'landed' | 'sent back';

export interface Row {
  readonly bead: TourBead;
  readonly shown: Shown;
  readonly worker: string;
}

/** Where each bead stands, from the ledger and the merge queue. */
export async function readRows(
  programs: Programs,
  rig: string,
  beads: readonly TourBead[],
): Promise<readonly Row[]> {
  // The queue first: landing closes both at once, and a bead read before it would seem to be at work again.
  const merges = z.array(MergeRow).parse(await programs.gtJson(['mq', 'list', rig]));
  const rows = z.array(BeadRow).parse(await programs.bdJson(['show', ...beads.map((bead) => bead.id)]));
  return beads.map((bead) => {
    const row = rows.find((candidate) => candidate.id === bead.id);
    const merge = merges.find((candidate) => candidate.source_issue === bead.id);
    const worker = row?.assignee?.split('/').at(-1) ?? '';
    return { bead, shown: shownOf(bead, row, merge), worker };
  });
}

function shownOf(
  bead: TourBead,
  row: z.infer<typeof BeadRow> | undefined,
  merge: z.infer<typeof MergeRow> | undefined,
): Shown {
  if (merge?.phase === 'evicted' || row?.status === 'blocked') return 'sent back';
  if (row?.status === 'closed') return 'landed';
  if (merge !== undefined) return 'in the merge queue';
  if (row?.status === 'hooked' || row?.status === 'in_progress') return 'working';
  return bead.after.length > 0 ? 'waiting' : 'queued';
}

export function isFinal(row: Row): boolean {
  return row.shown === 'landed' || row.shown === 'sent back';
}

const MARK: Readonly<Record<Shown, string>> = {
  waiting: '·',
  queued: '○',
  working: '◐',
  'in the merge queue': '▤',
  landed: '✓',
  'sent back': '✖',
};

export function renderRow(row: Row): string {
  const worker = row.worker === '' ? '' : `  ${row.worker}`;
  return `  ${MARK[row.shown]} ${row.bead.id.padEnd(12)} ${row.bead.title.padEnd(42)} ${row.shown}${worker}`;
}

/** Redraws one block on a terminal; elsewhere prints only the lines that changed. */
export function createBoard(out: NodeJS.WriteStream): (rows: readonly Row[], elapsedMs: number) => void {
  const before = new Map<string, string>();
  let drawn = 0;
  return (rows, elapsedMs) => {
    const lines = rows.map(renderRow);
    if (!out.isTTY) {
      for (const [index, row] of rows.entries()) {
        const state = row.shown;
        if (before.get(row.bead.id) !== state)
          out.write(`${String(Math.round(elapsedMs / 1000)).padStart(4)}s ${lines[index] ?? ''}\n`);
        before.set(row.bead.id, state);
      }
      return;
    }
    const up = drawn === 0 ? '' : `\u001B[${drawn}A`;
    out.write(`${up}${lines.map((line) => `\u001B[2K${line}\n`).join('')}`);
    drawn = lines.length;
  };
}
