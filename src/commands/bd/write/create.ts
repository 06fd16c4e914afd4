import * as z from 'zod/mini';
import { issueJson } from '../../../beads/write/issue-json.ts';
import { createWithEdges } from '../../../beads/plans/new-edges.ts';
import type { Ledger, NewBead } from '../../../beads/types.ts';
import type { CommandInput, CommandModule, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { UsageError } from '../../../core/errors.ts';
import { oneLine } from '../../../core/text.ts';
import { readNewBead } from './new-bead.ts';
import { readNewEdges } from './new-edges.ts';
import { titled } from '../handlers.ts';
import { openBeads } from '../open.ts';
import { placeOf } from '../place.ts';
import { issueSchema, issuesSchema } from '../schema.ts';
import { withScriptAuthor } from './script-metadata.ts';
import { openWrite } from '../write.ts';

export const schema = z.union([
  issueSchema,
  issuesSchema,
  z.object({ ids: z.record(z.string(), z.string()) }),
  z.object({
    dry_run: z.literal(true),
    node_count: z.number(),
    edge_count: z.number(),
    parent_deps: z.number(),
    nodes: z.array(z.looseObject({ key: z.string() })),
  }),
]);

/** Makes one bead with its edges, in one transaction; with --file or --graph all beads of a plan. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const [file, graph] = [input.flag('file'), input.flag('graph')];
  const plan = file ?? graph;
  if (plan === undefined) return createOne(app, input);
  if (input.args('title').length > 0 || input.flag('title') !== undefined) {
    throw new UsageError({
      code: 'beads.two-titles',
      message: 'a title and a plan file are given',
      hint: 'Leave one of them out',
    });
  }
  const plans = await import('./create-plan.ts');
  return graph === undefined
    ? plans.createFromMarkdown(app, input, plan)
    : plans.createGraph(app, input, plan);
}

/** `bd q`: creates a bead and prints nothing but its id. */
export const quick: CommandModule = {
  schema: issueSchema,
  run: (app, input) => createOne(app, { ...input, bool: (name) => name === 'silent' || input.bool(name) }),
};

/** The bead of the flags, not of a plan. */
async function createOne(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const typed = await readNewBead(app, input);
  const { beads, ledger, parent } = await placeOf(app, input, {
    beads: await openBeads(app, input),
    bead: typed,
  });
  const { metadata } = typed;
  const bead: NewBead = {
    ...typed,
    ...(parent === undefined ? {} : { parent }),
    ...(metadata === undefined ? {} : { metadata: withScriptAuthor(beads, app.machine.clock, metadata) }),
  };
  if (input.bool('dry-run')) return dryRun(bead, ledger);
  const edges = readNewEdges(input);
  const write = await openWrite(app, input, beads);
  const made = await write(ledger, `create ${bead.title.slice(0, 60)}`, (tx) =>
    createWithEdges(tx, bead, edges),
  );
  return {
    data: issueJson(made),
    text: input.bool('silent') ? made.id : `Created ${titled(made)}`,
  };
}

function dryRun(bead: NewBead, ledger: Ledger): CommandReply {
  if (bead.title === '') throw new UsageError({ code: 'bead.bad-title', message: 'a bead needs a title' });
  return {
    data: {
      id: bead.id ?? '',
      title: bead.title,
      status: 'open',
      priority: bead.priority ?? 2,
      issue_type: bead.type ?? 'task',
      created_at: '',
      updated_at: '',
      dry_run: true,
    },
    text: `Would create in ${ledger.database}: ${oneLine(bead.title)} (${bead.type ?? 'task'}, priority ${bead.priority ?? 2})`,
  };
}
