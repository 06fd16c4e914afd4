import { counted, oneLine } from '../../core/text.ts';
import type { Dag } from '../../formulas/molecule/dag.ts';
import type { Progress } from '../../formulas/molecule/progress.ts';

/** How far a molecule is, and what can start. */
export function progressText({ molecule, steps, total, completed, percent }: Progress): string {
  const { root } = molecule;
  const head = `${root.id} ${oneLine(root.title, 100)}`;
  if (total === 0) return `${head}: its steps are in the formula (gt prime prints them)`;
  const ready = steps.filter((step) => step.state === 'ready' || step.state === 'current');
  return [
    `${head}: ${completed} of ${counted(total, 'step')} (${Math.floor(percent)} %)`,
    ...ready.map(({ bead, state }) => `  ${state}: ${bead.id} ${oneLine(bead.title, 100)}`),
  ].join('\n');
}

export function dagText({ nodes, tiers, criticalPath }: Dag, by: 'tree' | 'tiers'): string {
  const line = (id: string) => {
    const { step, needs } = nodes.get(id) ?? {};
    const after = needs === undefined || needs.length === 0 ? '' : `  after ${needs.join(', ')}`;
    return `${id} [${step?.state ?? ''}] ${oneLine(step?.bead.title ?? '', 80)}${after}`;
  };
  const lines =
    by === 'tiers'
      ? tiers.flatMap((ids, at) => [`Tier ${at + 1}:`, ...ids.map((id) => `  ${line(id)}`)])
      : tiers.flatMap((ids, at) => ids.map((id) => `${'  '.repeat(at)}${line(id)}`));
  return [...lines, `Longest chain: ${counted(criticalPath.length, 'step')}`].join('\n');
}
