import { formatAge } from '../../core/duration.ts';
import { oneLine } from '../../core/text.ts';
import type { ListedRequest } from '../../refinery/list-queue.ts';
import type { Rig } from '../../rig/registry.ts';
import { renderTable, type Column } from './table.ts';
import type { Screen } from './width.ts';

interface QueueView {
  readonly rig: Pick<Rig, 'name' | 'defaultBranch'>;
  /** Unix ms. */
  readonly now: number;
  readonly screen: Screen;
}

const GLYPHS: Readonly<Record<ListedRequest['shown'], string>> = {
  ready: '○',
  active: '◐',
  blocked: '●',
  closed: '✓',
};

/** The queue of a rig, first to land first. */
export function renderQueue(listed: readonly ListedRequest[], view: QueueView): string {
  if (listed.length === 0) return `The merge queue of ${view.rig.name} is empty`;
  const verified = listed.some(({ onRemote }) => onRemote !== undefined);
  const columns: readonly Column<ListedRequest>[] = [
    { title: 'ID', value: ({ item }) => item.mr.id },
    { title: 'SCORE', value: ({ item }) => item.score.toFixed(0), align: 'right' },
    { title: 'PRI', value: ({ item }) => `P${item.mr.bead.priority}` },
    { title: 'CONVOY', value: ({ item }) => oneLine(item.mr.convoyId ?? '-', 20) },
    { title: 'BRANCH', value: ({ item }) => oneLine(item.mr.branch), max: 60, flexible: true },
    { title: 'TARGET', value: ({ item }) => oneLine(item.mr.target ?? view.rig.defaultBranch, 30) },
    { title: 'STATUS', value: statusText },
    ...(verified ? [{ title: 'GIT', value: gitText }] : []),
    {
      title: 'AGE',
      value: ({ item }) => formatAge(view.now - Date.parse(item.mr.bead.createdAt)),
      align: 'right',
    },
  ];
  return renderTable(columns, listed, view.screen);
}

/** `● blocked (evicted)`: the phase says which kind of it. */
function statusText({ item, shown }: ListedRequest): string {
  const plain = item.phase === 'queued' || item.phase === 'done' || item.phase === shown;
  return `${GLYPHS[shown]} ${shown}${plain ? '' : ` (${item.phase})`}`;
}

function gitText({ onRemote }: ListedRequest): string {
  if (onRemote === undefined) return '';
  if (!onRemote.ok) return 'ERR';
  return onRemote.value ? 'OK' : 'MISSING';
}
