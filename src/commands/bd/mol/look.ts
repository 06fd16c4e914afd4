import * as z from 'zod/mini';
import { parentChildren } from '../../../beads/read/by-id.ts';
import { isDone } from '../../../beads/words/kinds.ts';
import { issueJson } from '../../../beads/write/issue-json.ts';
import type { CommandModule } from '../../../cli/command.ts';
import { parallelGroups, progressOf } from '../../../formulas/molecule/progress.ts';
import { readMolecule } from '../../../formulas/molecule/read.ts';
import { placesIn } from '../../../formulas/variables.ts';
import { renderMolecule } from '../../../ui/text/molecules.ts';
import { onBead, onLedger, titled } from '../handlers.ts';
import { edgeSchema, issueSchema, issuesSchema } from '../schema.ts';
import { edgeJson } from '../views.ts';

/** A molecule or proto with all its steps and edges. */
export const show: CommandModule = {
  schema: z.looseObject({
    root: issueSchema,
    issues: issuesSchema,
    dependencies: z.array(edgeSchema),
    variables: z.nullable(z.array(z.string())),
    is_compound: z.boolean(),
  }),
  run: onBead('molecule', async ({ app, input, ledger, bead }) => {
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
  }),
};

/** Molecules and epics whose steps are all done and that are open still. */
export const stale: CommandModule = {
  schema: z.object({
    stale_molecules: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        total_children: z.number(),
        closed_children: z.number(),
        assignee: z.optional(z.string()),
        blocking_issues: z.optional(z.array(z.string())),
        blocking_count: z.number(),
      }),
    ),
    total_count: z.number(),
    blocking_count: z.number(),
  }),
  run: onLedger(async ({ input, home }) => {
    const roots = await home.list({ type: ['molecule', 'epic'], notStatus: ['closed'], order: 'id' });
    const ids = roots.map((bead) => bead.id);
    const children = await parentChildren(home, ids);
    const waiting = (await home.edgesTo(ids)).filter((edge) => edge.type === 'blocks');
    const stale = roots
      .map((bead) => ({
        bead,
        children: children.get(bead.id) ?? [],
        blocking: waiting.filter((edge) => edge.to === bead.id).map((edge) => edge.from),
      }))
      .filter(
        (one) =>
          (one.children.length > 0 || input.bool('all')) &&
          one.children.every((child) => isDone(child.status)) &&
          (one.blocking.length > 0 || !input.bool('blocking')) &&
          (one.bead.assignee === '' || !input.bool('unassigned')),
      );
    return {
      data: {
        stale_molecules: stale.map(({ bead, children, blocking }) => ({
          id: bead.id,
          title: bead.title,
          total_children: children.length,
          closed_children: children.length,
          ...(bead.assignee === '' ? {} : { assignee: bead.assignee }),
          ...(blocking.length === 0 ? {} : { blocking_issues: blocking }),
          blocking_count: blocking.length,
        })),
        total_count: stale.length,
        blocking_count: stale.filter((one) => one.blocking.length > 0).length,
      },
      text:
        stale.length === 0
          ? 'Nothing is complete and still open.'
          : [
              ...stale.map(
                ({ bead, blocking }) =>
                  `${titled(bead)}${blocking.length === 0 ? '' : `  (holds back ${blocking.join(', ')})`}`,
              ),
              '',
              'Close one: bd close <id>',
            ].join('\n'),
    };
  }),
};
