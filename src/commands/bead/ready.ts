import * as z from 'zod/mini';
import { issueJson } from '../../beads/write/issue-json.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { readReadyWork } from '../../polecat/ready-work.ts';
import type { ReadySource } from '../../polecat/ready-work.ts';
import { rigNamed } from '../../rig/registry.ts';
import { renderReadyWork } from '../../ui/text/ready-work.ts';
import { issuesSchema } from '../bd/schema.ts';

const count = z.int();

export const schema = z.object({
  sources: z.array(z.object({ name: z.string(), issues: issuesSchema, error: z.optional(z.string()) })),
  summary: z.object({
    total: count,
    by_source: z.record(z.string(), count),
    p0_count: count,
    p1_count: count,
    p2_count: count,
    p3_count: count,
    p4_count: count,
  }),
  town_root: z.string(),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const rig = input.flag('rig');
  if (rig !== undefined) await rigNamed(town, rig);
  const sources = await readReadyWork(town, rig);
  return {
    data: { sources: sources.map(sourceJson), summary: summaryOf(sources), town_root: town.root },
    text: () => renderReadyWork(sources, app.output),
    warnings: sources.flatMap(({ name, error }) =>
      error === undefined ? [] : [`${name} cannot be read: ${error.message}`],
    ),
  };
}

function sourceJson({ name, beads, error }: ReadySource) {
  return { name, issues: beads.map(issueJson), ...(error === undefined ? {} : { error: error.message }) };
}

function summaryOf(sources: readonly ReadySource[]) {
  const all = sources.flatMap(({ beads }) => beads);
  const ofPriority = (priority: number): number => all.filter((bead) => bead.priority === priority).length;
  return {
    total: all.length,
    by_source: Object.fromEntries(sources.map(({ name, beads }) => [name, beads.length])),
    p0_count: ofPriority(0),
    p1_count: ofPriority(1),
    p2_count: ofPriority(2),
    p3_count: ofPriority(3),
    p4_count: ofPriority(4),
  };
}
