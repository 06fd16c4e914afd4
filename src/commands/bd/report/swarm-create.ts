import * as z from 'zod/mini';
import { analyseSwarm, readSwarmWork, swarmsOf } from '../../../beads/graphs/swarm.ts';
import type { Bead, LedgerTx } from '../../../beads/types.ts';
import { RefusedError } from '../../../core/errors.ts';
import { counted } from '../../../core/text.ts';
import { beadLine } from '../../../ui/text/beads.ts';
import { onLedger } from '../handlers.ts';
import { analysisJson, analysisSchema } from './swarm-json.ts';

export const schema = z.object({
  swarm_id: z.string(),
  epic_id: z.string(),
  coordinator: z.string(),
  analysis: analysisSchema,
});

/** Makes the molecule of type swarm for an epic, in one step with an epic around a bead that is none. */
export const run = onLedger(async ({ app, input, locate, writer }) => {
  const write = await writer();
  const { ledger, bead } = await locate(input.arg('bead'));
  const coordinator = input.flag('coordinator') ?? '';
  const made = await write(ledger, `swarm ${bead.id}`, async (tx) => {
    const epic = await epicFor(tx, bead);
    if (!input.bool('force')) await refuseSecond(tx, epic);
    const work = await readSwarmWork(tx, epic);
    const analysis = analyseSwarm(work);
    if (analysis.errors.length > 0) throw notSwarmable(epic, analysis.errors);
    const swarm = await tx.create({
      title: `Swarm: ${epic.title}`.slice(0, 500),
      description: `Swarm molecule orchestrating epic ${epic.id}.\n\nEpic: ${epic.id}\nCoordinator: ${coordinator}`,
      type: 'molecule',
      molType: 'swarm',
      priority: epic.priority,
      assignee: coordinator,
    });
    await tx.addEdge({ from: swarm.id, to: epic.id, type: 'relates-to' });
    return { epic, swarm, work, analysis };
  });
  const { analysis } = made;
  return {
    data: {
      swarm_id: made.swarm.id,
      epic_id: made.epic.id,
      coordinator,
      analysis: analysisJson(made.work, analysis),
    },
    text: [
      beadLine(made.swarm, app.output, { before: 'Created ' }),
      `  ${counted(made.work.children.length, 'bead')} in ${counted(analysis.waves.length, 'wave')}, at most ${analysis.maxParallelism} at the same time`,
      `  bd swarm status ${made.epic.id} shows how far it is`,
    ].join('\n'),
  };
});

async function epicFor(tx: LedgerTx, bead: Bead): Promise<Bead> {
  if (bead.type === 'epic' || bead.type === 'molecule') return bead;
  const epic = await tx.create({
    title: `Swarm Epic: ${bead.title}`.slice(0, 500),
    description: `Wraps ${bead.id}, so that it can be worked on as a swarm.`,
    type: 'epic',
    priority: bead.priority,
  });
  await tx.addEdge({ from: bead.id, to: epic.id, type: 'parent-child' });
  return epic;
}

async function refuseSecond(tx: LedgerTx, epic: Bead): Promise<void> {
  const [existing] = await swarmsOf(tx, epic.id);
  if (existing === undefined) return;
  throw new RefusedError({
    code: 'beads.swarm-exists',
    message: `${epic.id} has a swarm already: ${existing.id}`,
    hint: `Run: bd swarm status ${epic.id}, or add --force for another one`,
  });
}

function notSwarmable(epic: Bead, errors: readonly string[]): RefusedError {
  return new RefusedError({
    code: 'beads.not-swarmable',
    message: `${epic.id} cannot be worked on as a swarm: ${errors.join('; ')}`,
    hint: `Run: bd swarm validate ${epic.id}`,
  });
}
