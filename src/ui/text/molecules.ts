import type { Pace, Progress, StepProgress } from '../../formulas/molecule/progress.ts';
import { oneLine } from '../../core/text.ts';
import { beadMark } from './beads.ts';
import type { Paint } from './paint.ts';
import { treeOrder } from './tree-lines.ts';

/** The molecule as a tree, each step with where it stands. */
export function renderMolecule(progress: Progress, paint: Paint, shown = progress.steps): string {
  const { root, parents } = progress.molecule;
  const lines = treeOrder(
    shown.map((step) => ({ ...step, id: step.bead.id })),
    (step) => parents.get(step.id),
  ).map(({ item, prefix }) => `  ${prefix}${stepLine(item, paint)}`);
  return [
    `${beadMark(root)}  ${paint.bold(oneLine(root.title))}${root.assignee === '' ? '' : `  ${oneLine(root.assignee)}`}`,
    ...lines,
    '',
    summaryLine(progress),
  ].join('\n');
}

function stepLine({ bead, state, blockedBy }: StepProgress, paint: Paint): string {
  const word = `[${state}]`;
  const painted = state === 'current' ? paint.yellow(word) : state === 'done' ? paint.green(word) : word;
  const waits =
    blockedBy.length === 0 || state === 'done' ? '' : paint.dim(`  waits for ${blockedBy.join(', ')}`);
  return `${painted} ${bead.id}  ${oneLine(bead.title)}${waits}`;
}

function summaryLine({ total, completed, current, next, molecule }: Progress): string {
  if (total === 0)
    return `It has no beads as steps. ${molecule.root.status === 'closed' ? 'Closed.' : ''}`.trim();
  const done = `${completed} of ${total} done`;
  if (completed === total) return `${done}. Complete.`;
  if (current !== undefined) return `${done}. Now: ${current.id}`;
  return next === undefined
    ? `${done}. Nothing is ready: see what blocks`
    : `${done}. Next: bd update ${next.id} --claim`;
}

export function renderProgress(progress: Progress, pace: Pace | undefined): string {
  const { molecule, completed, total, percent, current, inProgress } = progress;
  return [
    `${beadMark(molecule.root)}  ${oneLine(molecule.root.title)}`,
    `${completed} of ${total} steps done (${percent.toFixed(0)} %)`,
    ...(current === undefined ? [] : [`Now: ${current.id}  ${oneLine(current.title)}`]),
    ...(inProgress > 1 ? [`In progress: ${inProgress}`] : []),
    ...(pace === undefined
      ? []
      : [`About ${pace.perHour.toFixed(1)} steps an hour, ${hours(pace.hoursLeft)} to go`]),
  ].join('\n');
}

function hours(value: number): string {
  if (value < 1) return `${Math.ceil(value * 60)} minutes`;
  return value < 48 ? `${value.toFixed(1)} hours` : `${(value / 24).toFixed(1)} days`;
}
