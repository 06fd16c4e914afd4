import * as z from 'zod/mini';
import { moleculesOf } from '../../../formulas/molecule/find.ts';
import { paceOf, progressOf } from '../../../formulas/molecule/progress.ts';
import { readMolecule } from '../../../formulas/molecule/read.ts';
import { renderProgress } from '../../../ui/text/molecules.ts';
import { onLedger } from '../handlers.ts';

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
export const run = onLedger(async ({ input, home, locate, actor }) => {
  const typed = input.arg('molecule');
  const [mine] = typed === '' ? await moleculesOf(home, await actor()) : [];
  if (typed === '' && mine === undefined) {
    return { data: [], text: 'No molecules in progress.\nName one: bd mol progress <molecule>' };
  }
  const { ledger, bead } = mine === undefined ? await locate(typed) : { ledger: home, bead: mine };
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
});
