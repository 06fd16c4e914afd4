import { formatAge } from '../../core/duration.ts';
import { counted, oneLine } from '../../core/text.ts';
import type { Dropped } from '../../polecat/orphans/drop.ts';
import type { Orphan } from '../../polecat/orphans/read.ts';
import type { PrunedBranches } from '../../hooks/prune-branches.ts';
import type { Canvas } from './beads.ts';
import type { Paint } from './paint.ts';
import { renderTable } from './table.ts';

export function renderOrphans(orphans: readonly Orphan[], canvas: Canvas, now: number): string {
  if (orphans.length === 0) return 'Nothing is lost. Older things: --all';
  const table = renderTable(
    [
      { title: 'Rig', value: ({ rig }) => rig },
      { title: 'Commit', value: ({ commit }) => commit.slice(0, 10) },
      { title: 'Age', value: ({ at }) => formatAge(now - Date.parse(at)) },
      { title: 'Ahead', value: ({ ahead }) => String(ahead) },
      { title: 'Branch', value: ({ branch }) => branch ?? '(no name)', max: 45, flexible: true },
      { title: 'Kept', value: ({ kept }) => kept || 'nowhere else' },
      { title: 'Subject', value: ({ subject }) => oneLine(subject), max: 60, flexible: true },
    ],
    orphans,
    canvas,
  );
  const next = 'To look at one: git -C <rig>/.repo.git show <commit>. To clear the branches: gt orphans kill';
  return `${table}\n\n${counted(orphans.length, 'orphan')}. ${next}`;
}

export function renderDropped(dropped: readonly Dropped[], dryRun: boolean, canvas: Canvas): string {
  if (dropped.length === 0) return 'No branch to delete';
  const verb = dryRun ? 'Would delete' : 'Deleted';
  const lines = dropped.map(({ orphan, ref, stays }) => {
    const name = `${orphan.rig} ${oneLine(orphan.branch ?? '')}`;
    if (stays) return `Kept ${name}: it moved meanwhile`;
    return ref === undefined ? `${verb} ${name}` : `${verb} ${name}, kept as ${ref}`;
  });
  const isKept = dropped.some(({ ref }) => ref !== undefined);
  return [...lines, ...(isKept ? [canvas.style.dim('To bring one back: gt rescue restore <ref>')] : [])].join(
    '\n',
  );
}

export function renderPruned({ deleted, kept }: PrunedBranches, dryRun: boolean, paint: Paint): string {
  if (deleted.length + kept.length === 0) return 'No branch of that pattern';
  return [
    ...deleted.map(
      ({ branch, because }) => `${dryRun ? 'Would delete' : 'Deleted'} ${oneLine(branch)} (${because})`,
    ),
    ...kept.map(({ branch, because }) => paint.dim(`Kept ${oneLine(branch)}: ${because}`)),
  ].join('\n');
}
