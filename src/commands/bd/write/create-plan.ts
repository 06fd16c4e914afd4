import { applyGraphPlan, parseGraphPlan, type GraphPlan } from '../../../beads/plans/graph.ts';
import { parseMarkdownPlan } from '../../../beads/plans/markdown.ts';
import { createWithEdges } from '../../../beads/plans/new-edges.ts';
import type { Bead, NewBead } from '../../../beads/types.ts';
import { issueJson } from '../../../beads/write/issue-json.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { counted, oneLine } from '../../../core/text.ts';
import { readOwner } from '../author.ts';
import { titled } from '../handlers.ts';
import { openBeads } from '../open.ts';
import { placeOf } from '../place.ts';
import { readTextFile } from '../texts.ts';
import { openWrite } from '../write.ts';
import { readKeep } from './new-bead.ts';
import { withScriptAuthor } from './script-metadata.ts';

/** `create --file`: all beads of a markdown file, or none. */
export async function createFromMarkdown(
  app: AppContext,
  input: CommandInput,
  file: string,
): Promise<CommandReply> {
  const plan = parseMarkdownPlan(await readTextFile(app, file));
  if (input.bool('dry-run')) {
    const lines = plan.map(
      ({ bead }) => `  ${oneLine(bead.title)} [P${bead.priority ?? 2}, ${bead.type ?? 'task'}]`,
    );
    const data = plan.map(({ bead }) => ({
      ...NOT_MADE,
      title: bead.title,
      priority: bead.priority ?? 2,
      issue_type: bead.type ?? 'task',
    }));
    return { data, text: [`Would create ${counted(plan.length, 'bead')}:`, ...lines].join('\n') };
  }
  const opened = await openBeads(app, input);
  const { beads, ledger, parent } = await placeOf(app, input, { beads: opened, bead: parentOf(input) });
  const base = { ...(await baseOf(app, input)), ...(parent === undefined ? {} : { parent }) };
  const write = await openWrite(app, input, beads);
  const made = await write(ledger, `create ${counted(plan.length, 'bead')} from ${file}`, async (tx) => {
    const all: Bead[] = [];
    for (const { bead, edges } of plan) all.push(await createWithEdges(tx, { ...base, ...bead }, edges));
    return all;
  });
  const shown = (bead: Bead): string => (input.bool('silent') ? bead.id : `  ${titled(bead)}`);
  const head = input.bool('silent') ? [] : [`Created ${counted(made.length, 'bead')} from ${file}:`];
  return { data: made.map(issueJson), text: [...head, ...made.map(shown)].join('\n') };
}

const NOT_MADE = { id: '', status: 'open', created_at: '', updated_at: '' };

/** `create --graph`: beads that name each other by keys; all or none. */
export async function createGraph(app: AppContext, input: CommandInput, file: string): Promise<CommandReply> {
  const plan = parseGraphPlan(await readTextFile(app, file));
  if (input.bool('dry-run')) return previewGraph(plan);
  const opened = await openBeads(app, input);
  const { beads, ledger } = await placeOf(app, input, { beads: opened, bead: {} });
  const base = await baseOf(app, input);
  const write = await openWrite(app, input, beads);
  const message = plan.commit_message ?? `graph of ${counted(plan.nodes.length, 'bead')}`;
  // A plan is no way around the rule of who may say what a script runs.
  const nodes = plan.nodes.map((node) =>
    node.metadata === undefined
      ? node
      : { ...node, metadata: { ...withScriptAuthor(beads, app.machine.clock, node.metadata) } },
  );
  const ids = await write(ledger, message, (tx) => applyGraphPlan(tx, { ...plan, nodes }, base));
  return {
    data: { ids: Object.fromEntries(ids) },
    text: [`Created ${counted(ids.size, 'bead')}:`, ...[...ids].map(([key, id]) => `  ${key} -> ${id}`)].join(
      '\n',
    ),
  };
}

function previewGraph({ nodes, edges = [] }: GraphPlan): CommandReply {
  const rows = nodes.map(({ key, title, type = 'task', priority = 2, parent_key, parent_id }) => ({
    key,
    title,
    type,
    priority,
    ...(parent_key === undefined ? {} : { parent_key }),
    ...(parent_id === undefined ? {} : { parent_id }),
  }));
  const parents = rows.filter((row) => 'parent_key' in row || 'parent_id' in row).length;
  return {
    data: {
      dry_run: true,
      node_count: rows.length,
      edge_count: edges.length,
      parent_deps: parents,
      nodes: rows,
    },
    text: [
      `Would create ${counted(rows.length, 'bead')}, ${counted(edges.length, 'dependency', 'dependencies')} and ${counted(parents, 'parent link')}:`,
      ...rows.map((row) => `  ${row.key}  ${oneLine(row.title)} [P${row.priority}, ${row.type}]`),
    ].join('\n'),
  };
}

function parentOf(input: CommandInput): Pick<NewBead, 'parent'> {
  const parent = input.flag('parent');
  return parent === undefined ? {} : { parent };
}

async function baseOf(app: AppContext, input: CommandInput): Promise<Partial<NewBead>> {
  return { owner: await readOwner(app), keep: readKeep(input, 'task') };
}
