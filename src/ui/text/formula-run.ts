import type { FormulaRun } from '../../convoy/formula-plan.ts';
import { counted, oneLine } from '../../core/text.ts';

/** What running a formula makes, before (`plan`) or after it was made. */
export function renderFormulaRun(run: FormulaRun, when: 'plan' | 'made'): string {
  const verb = when === 'plan' ? 'Would make' : 'Made';
  return [
    `${verb} ${run.root.id} in ${run.rig} from ${run.type} formula ${run.formula}: ${counted(run.beads.length, 'bead')}`,
    ...(run.outputDirectory === '' ? [] : [`Their files: ${run.outputDirectory}/`]),
    ...run.beads.map(
      ({ bead, agent, after }) =>
        `  ${bead.id}  ${oneLine(bead.title, 100)}${agent === undefined ? '' : `  (${agent})`}${after.length === 0 ? '' : `  after ${after.join(', ')}`}`,
    ),
  ].join('\n');
}
