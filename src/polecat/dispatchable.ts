import type { Bead } from '../beads/types.ts';

/** Types that are work by themselves; an epic is dispatched through its children. */
const WORK_TYPES: ReadonlySet<string> = new Set(['task', 'bug', 'feature', 'chore', '']);

/** `gt:` labels that do not turn a bead into machinery. */
const HARMLESS_LABELS: ReadonlySet<string> = new Set(['gt:task', 'gt:bug', 'gt:keep', 'gt:owned']);

/** Why a bead is no work for an agent; undefined = it is (an allow list: messages were once dispatched, DESIGN D9). */
export function whyNotWork(bead: Pick<Bead, 'type' | 'labels' | 'isTemplate'>): string | undefined {
  if (bead.isTemplate) return 'it is a template';
  if (!WORK_TYPES.has(bead.type)) return `its type is ${bead.type}`;
  const label = machineLabel(bead);
  return label === undefined ? undefined : `it is labelled ${label}`;
}

/** Rows that gt keeps for itself, and templates: they stand in no list of work. */
export function isMachinery(bead: Pick<Bead, 'labels' | 'isTemplate'>): boolean {
  return bead.isTemplate || machineLabel(bead) !== undefined;
}

function machineLabel({ labels }: Pick<Bead, 'labels'>): string | undefined {
  return labels.find((name) => name.startsWith('gt:') && !HARMLESS_LABELS.has(name));
}
