import { issueJson } from '../../../beads/write/issue-json.ts';
import { locateBead } from '../../../beads/locate.ts';
import type { LedgerReads } from '../../../beads/types.ts';
import type { CommandReply } from '../../../cli/command.ts';
import { oneLine } from '../../../core/text.ts';
import { gatedMolecules } from '../../../formulas/molecule/find.ts';
import {
  parallelGroups,
  progressOf,
  type Progress,
  type StepProgress,
} from '../../../formulas/molecule/progress.ts';
import { readMolecule } from '../../../formulas/molecule/read.ts';
import { titled, onLedger } from '../handlers.ts';
import type { BdHome } from '../open.ts';

export { moleculeReadySchema as schema } from '../schema.ts';

/** `bd mol ready`: steps of one molecule that can start; without an id, molecules whose gate has opened. */
export const run = onLedger(async ({ input, beads }) => {
  return readyMolecules(beads, input.bool('gated') ? '' : input.arg('molecule'));
});

/** The steps of this molecule; of '' the molecules whose gate has opened. */
export async function readyMolecules(beads: BdHome, typed: string): Promise<CommandReply> {
  if (typed === '') return readyByGate(beads.home);
  const { ledger, bead } = await locateBead(beads.ledgers, beads.home, typed);
  return readySteps(progressOf(await readMolecule(ledger, bead)));
}

/** Molecules whose gate has opened and whose next step waits for somebody. */
async function readyByGate(home: LedgerReads): Promise<CommandReply> {
  const found = await gatedMolecules(home);
  return {
    data: {
      molecules: found.map(({ root, gate, step }) => ({
        molecule_id: root.id,
        molecule_title: root.title,
        closed_gate: issueJson(gate),
        ready_step: issueJson(step),
      })),
      count: found.length,
    },
    text:
      found.length === 0
        ? 'No molecule waits behind an open gate.'
        : found
            .map(
              ({ root, gate, step }) =>
                `${titled(root)}\n  gate ${gate.id} has opened; ready: ${step.id}  ${oneLine(step.title)}`,
            )
            .join('\n'),
  };
}

/** The steps of a molecule that can start, and which of them side by side. */
function readySteps(progress: Progress): CommandReply {
  const groups = parallelGroups(progress);
  const groupOf = new Map([...groups].flatMap(([group, ids]) => ids.map((id) => [id, group] as const)));
  const ready = progress.steps.filter((step) => step.state === 'ready');
  const { root, edges } = progress.molecule;
  const info = (step: StepProgress) => {
    const { id } = step.bead;
    const group = groupOf.get(id) ?? '';
    return {
      step_id: id,
      status: step.bead.status,
      is_ready: true,
      parallel_group: group,
      blocked_by: step.blockedBy,
      blocks: edges.filter((edge) => edge.to === id && edge.type === 'blocks').map((edge) => edge.from),
      can_parallel: (groups.get(group) ?? []).filter((other) => other !== id),
    };
  };
  return {
    data: {
      molecule_id: root.id,
      molecule_title: root.title,
      ready_steps: ready.length,
      total_steps: progress.total,
      steps: ready.map((step) => ({
        issue: issueJson(step.bead),
        parallel_info: info(step),
        ...(groupOf.has(step.bead.id) ? { parallel_group: groupOf.get(step.bead.id) } : {}),
      })),
      parallel_groups: Object.fromEntries(groups),
    },
    text: [
      `${titled(root)}: ${ready.length} of ${progress.total} steps ready`,
      ...ready.map((step) => {
        const beside = info(step).can_parallel;
        return `  ${step.bead.id}  ${oneLine(step.bead.title)}${beside.length === 0 ? '' : `  (side by side with ${beside.join(', ')})`}`;
      }),
    ].join('\n'),
  };
}
