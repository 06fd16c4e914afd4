import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { dagOf } from '../../formulas/molecule/dag.ts';
import { dagText } from '../../ui/text/mol.ts';
import { moleculeArg } from './molecule-arg.ts';

export const schema = z.object({
  root_id: z.string(),
  root_title: z.string(),
  total_nodes: z.number(),
  tiers: z.number(),
  critical_path: z.array(z.string()),
  nodes: z.record(
    z.string(),
    z.object({
      id: z.string(),
      title: z.string(),
      status: z.string(),
      parallel: z.boolean(),
      dependencies: z.array(z.string()),
      dependents: z.array(z.string()),
      tier: z.number(),
    }),
  ),
  tier_groups: z.array(z.array(z.string())),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { root, progress } = await moleculeArg(await app.town(), input.arg('molecule'));
  const dag = dagOf(progress);
  const nodes = [...dag.nodes].map(([id, { step, needs, dependents, tier }]) => [
    id,
    {
      id,
      title: step.bead.title,
      status: step.state,
      parallel: (dag.tiers[tier]?.length ?? 0) > 1,
      dependencies: needs,
      dependents,
      tier,
    },
  ]);
  return {
    data: {
      root_id: root.id,
      root_title: root.title,
      total_nodes: dag.nodes.size,
      tiers: dag.tiers.length,
      critical_path: dag.criticalPath,
      nodes: Object.fromEntries(nodes),
      tier_groups: dag.tiers,
    },
    text: `${root.id} ${root.title}\n${dagText(dag, input.bool('tiers') ? 'tiers' : 'tree')}`,
  };
}
