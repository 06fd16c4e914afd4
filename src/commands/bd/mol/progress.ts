import * as z from 'zod/mini';
import { locateBead } from '../../../beads/locate.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { moleculesOf } from '../../../formulas/molecule/find.ts';
import { paceOf, progressOf } from '../../../formulas/molecule/progress.ts';
import { readMolecule } from '../../../formulas/molecule/read.ts';
import { renderProgress } from '../../../ui/text/molecules.ts';
import { readActor } from '../author.ts';
import { openBeads } from '../open.ts';

export const schema = z.union([
  z.object({
    molecule_id: z.string(),
    molecule_title: z.string(),
    total: z.number(),
    completed: z.number(),
    in_progress: z.number(),
    current_step_id: z.string(),
    percent: z.optional(z.number()),
    rate_per_hour: z.optional(z.number()),
    eta_hours: z.optional(z.number()),
  }),
  z.array(z.never()),
]);

/** How far a molecule is, and how fast it goes. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const typed = input.arg('molecule');
  const [mine] = typed === '' ? await moleculesOf(beads.home, await readActor(app, input, beads)) : [];
  if (typed === '' && mine === undefined) {
    return { data: [], text: 'No molecules in progress.\nName one: bd mol progress <molecule>' };
  }
  const { ledger, bead } =
    mine === undefined
      ? await locateBead(beads.ledgers, beads.home, typed)
      : { ledger: beads.home, bead: mine };
  const progress = progressOf(await readMolecule(ledger, bead));
  const pace = paceOf(progress);
  return {
    data: {
      molecule_id: bead.id,
      molecule_title: bead.title,
      total: progress.total,
      completed: progress.completed,
      in_progress: progress.inProgress,
      current_step_id: progress.current?.id ?? '',
      ...(progress.total === 0 ? {} : { percent: progress.percent }),
      ...(pace === undefined ? {} : { rate_per_hour: pace.perHour, eta_hours: pace.hoursLeft }),
    },
    text: renderProgress(progress, pace),
  };
}
