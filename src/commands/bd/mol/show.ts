import * as z from 'zod/mini';
import { issueJson } from '../../../beads/write/issue-json.ts';
import { parallelGroups, progressOf } from '../../../formulas/molecule/progress.ts';
import { readMolecule } from '../../../formulas/molecule/read.ts';
import { placesIn } from '../../../formulas/variables.ts';
import { renderMolecule } from '../../../ui/text/molecules.ts';
import { onLedger } from '../handlers.ts';
import { edgeSchema, issueSchema, issuesSchema } from '../schema.ts';
import { edgeJson } from '../views.ts';

export const schema = z.looseObject({
  root: issueSchema,
  issues: issuesSchema,
  dependencies: z.array(edgeSchema),
  variables: z.nullable(z.array(z.string())),
  is_compound: z.boolean(),
});

/** A molecule or proto with all its steps and edges. */
export const run = onLedger(async ({ app, input, locate }) => {
  const { ledger, bead } = await locate(input.arg('molecule'));
  const molecule = await readMolecule(ledger, bead);
  const progress = progressOf(molecule);
  const all = [bead, ...molecule.steps];
  const variables = placesIn(
    all.flatMap((one) => [one.title, one.description, one.acceptanceCriteria, one.notes]),
  );
  const bonded = molecule.steps.filter((step) => step.type === 'molecule' || step.isTemplate);
  return {
    data: {
      root: issueJson(bead),
      issues: all.map(issueJson),
      dependencies: molecule.edges.map(edgeJson),
      variables,
      is_compound: bonded.some((step) => molecule.parents.get(step.id) === bead.id && !bead.isTemplate),
      bonded_from: null,
      ...(input.bool('parallel') ? { parallel_groups: Object.fromEntries(parallelGroups(progress)) } : {}),
    },
    text: [
      renderMolecule(progress, app.output.style),
      ...(variables.length === 0 ? [] : [`Variables: ${variables.join(', ')}`]),
    ].join('\n'),
  };
});
