import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import type { FormulaRun } from '../../convoy/formula-plan.ts';
import { planFormulaRun, runFormula } from '../../convoy/formula-run.ts';
import type { Values } from '../../formulas/variables.ts';
import { renderFormulaRun } from '../../ui/text/formula-run.ts';
import { renderSlingResults } from '../../ui/text/sling.ts';
import { actingTown } from '../acting-town.ts';
import { parsePairs } from '../bd/texts.ts';
import { slingRow } from '../sling/row.ts';
import { rigFor } from './place.ts';

export const schema = z.object({
  formula: z.string(),
  type: z.enum(['convoy', 'workflow']),
  root_id: z.string(),
  rig: z.string(),
  output_directory: z.optional(z.string()),
  dry_run: z.boolean(),
  beads: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['leg', 'synthesis', 'step']),
      name: z.string(),
      title: z.string(),
      agent: z.optional(z.string()),
      after: z.array(z.string()),
      outcome: z.optional(z.string()),
      polecat: z.optional(z.string()),
      reason: z.optional(z.string()),
    }),
  ),
});

/** Plans a formula's beads, writes them and slings them; --dry-run only plans. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const rig = await rigFor(town, input);
  const planned = await planFormulaRun(town, {
    rig,
    name: input.arg('name'),
    values: valuesOf(input),
    preset: input.flag('preset'),
    agent: input.flag('agent'),
  });
  const { warnings } = planned;
  if (input.bool('dry-run'))
    return { data: runJson(planned, { dryRun: true }), text: renderFormulaRun(planned, 'plan'), warnings };
  const rows = (await runFormula(town, rig, planned)).map(slingRow);
  const failed = rows.some((row) => row.outcome === 'failed');
  return {
    data: runJson(planned, { rows }),
    text: `${renderFormulaRun(planned, 'made')}\n${renderSlingResults(rows, app.output.style)}`,
    exitCode: failed ? 1 : 0,
    warnings,
  };
}

function valuesOf(input: CommandInput): Values {
  const pr = input.number('pr');
  const files = input.list('files');
  return {
    ...parsePairs(input.list('set')),
    ...(pr === undefined ? {} : { pr: String(pr) }),
    ...(files.length === 0 ? {} : { files: files.join(',') }),
  };
}

interface Outcome {
  readonly dryRun?: true;
  readonly rows?: readonly ReturnType<typeof slingRow>[];
}

function runJson(planned: FormulaRun, { dryRun, rows = [] }: Outcome): z.infer<typeof schema> {
  return {
    formula: planned.formula,
    type: planned.type,
    root_id: planned.root.id,
    rig: planned.rig,
    ...(planned.outputDirectory === '' ? {} : { output_directory: planned.outputDirectory }),
    dry_run: dryRun ?? false,
    beads: planned.beads.map(({ bead, kind, name, agent, after }) => {
      const { outcome, polecat, reason } = rows.find((row) => row.bead === bead.id) ?? {};
      return {
        id: bead.id,
        kind,
        name,
        title: bead.title,
        ...(agent === undefined ? {} : { agent }),
        after: [...after],
        ...(outcome === undefined ? {} : { outcome }),
        ...(polecat === undefined ? {} : { polecat }),
        ...(reason === undefined ? {} : { reason }),
      };
    }),
  };
}
