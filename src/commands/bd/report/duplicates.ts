import * as z from 'zod/mini';
import { findDuplicates, weightOf, type DuplicateGroup } from '../../../beads/graphs/duplicates.ts';
import type { LedgerTx } from '../../../beads/types.ts';
import type { AppContext } from '../../../context.ts';
import { counted } from '../../../core/text.ts';
import { beadLine } from '../../../ui/text/beads.ts';
import { onLedger } from '../handlers.ts';

const texts = z.array(z.string());
export const schema = z.object({
  duplicate_groups: z.number(),
  groups: z.array(
    z.object({
      title: z.string(),
      issues: z.array(z.looseObject({ id: z.string(), weight: z.number(), is_merge_target: z.boolean() })),
      suggested_target: z.string(),
      suggested_sources: texts,
      suggested_action: z.string(),
      note: z.string(),
    }),
  ),
  merge_commands: z.optional(texts),
  merge_results: z.optional(
    z.array(
      z.object({
        target: z.string(),
        sources: texts,
        closed: texts,
        linked: texts,
        reparented: texts,
        errors: texts,
      }),
    ),
  ),
});

/** Open beads with the same text; --auto-merge closes all but one of each group. */
export const run = onLedger(async ({ app, input, home, writer }) => {
  const groups = await findDuplicates(home);
  const isMerge = input.bool('auto-merge') && !input.bool('dry-run');
  const write = isMerge ? await writer() : undefined;
  const results = [];
  for (const group of write === undefined ? [] : groups) {
    results.push(await write?.(home, `merge into ${group.target.bead.id}`, (tx) => merge(tx, group)));
  }
  return {
    data: {
      duplicate_groups: groups.length,
      groups: groups.map(groupJson),
      ...(groups.length > 0 && (input.bool('auto-merge') || input.bool('dry-run'))
        ? { merge_commands: groups.map(actionOf) }
        : {}),
      ...(isMerge && groups.length > 0 ? { merge_results: results } : {}),
    },
    text: () => groupsText(app, groups, isMerge),
  };
});

function sourcesOf({ target, members }: DuplicateGroup): readonly string[] {
  return members.filter((member) => member !== target).map(({ bead }) => bead.id);
}

function actionOf(group: DuplicateGroup): string {
  const sources = sourcesOf(group);
  const { id } = group.target.bead;
  return [
    `bd close ${sources.join(' ')}`,
    ...sources.map((source) => `bd dep add ${source} ${id} --type related`),
  ].join(' && ');
}

function groupJson(group: DuplicateGroup) {
  const { target, members } = group;
  const sources = [...sourcesOf(group)];
  return {
    title: target.bead.title,
    issues: members.map((member) => ({
      id: member.bead.id,
      title: member.bead.title,
      status: member.bead.status,
      priority: member.bead.priority,
      references: member.references,
      dependents: member.dependents,
      dependencies: member.dependencies,
      weight: weightOf(member),
      is_merge_target: member === target,
    })),
    suggested_target: target.bead.id,
    suggested_sources: sources,
    suggested_action: actionOf(group),
    note: `Duplicate: ${sources.join(' ')} (same content as ${target.bead.id})`,
  };
}

/** Children move to the target, the others are closed and related to it: one transaction per group. */
async function merge(tx: LedgerTx, group: DuplicateGroup) {
  const target = group.target.bead.id;
  const sources = [...sourcesOf(group)];
  const children = (await tx.edgesTo(sources)).filter(
    (edge) => edge.type === 'parent-child' && edge.from !== target && !sources.includes(edge.from),
  );
  for (const child of children) {
    await tx.removeEdge(child.from, child.to);
    await tx.addEdge({ from: child.from, to: target, type: 'parent-child' });
  }
  const taken = new Set(
    (await tx.edgesFrom(sources)).filter(({ to }) => to === target).map(({ from }) => from),
  );
  const linked = sources.filter((source) => !taken.has(source));
  for (const source of sources) await tx.close(source, { reason: `Duplicate of ${target}`, force: true });
  for (const source of linked) await tx.addEdge({ from: source, to: target, type: 'related' });
  return {
    target,
    sources,
    closed: sources,
    linked,
    reparented: children.map((edge) => edge.from),
    errors: [],
  };
}

function groupsText({ output }: AppContext, groups: readonly DuplicateGroup[], isMerged: boolean): string {
  if (groups.length === 0) return 'No two open beads have the same text.';
  const lines = groups.flatMap(({ target, members }) => [
    ...members.map((member) =>
      beadLine(member.bead, output, { before: member === target ? 'keep  ' : '      ' }),
    ),
    '',
  ]);
  const end = isMerged
    ? `Merged ${counted(groups.length, 'group')}`
    : `${counted(groups.length, 'group')} of duplicates. bd duplicates --auto-merge closes all but the kept ones.`;
  return [...lines, end].join('\n');
}
