import * as z from 'zod/mini';
import type { SwarmAnalysis, SwarmWork } from '../../../beads/graphs/swarm.ts';

const node = z.object({
  id: z.string(),
  title: z.string(),
  status: z.string(),
  priority: z.number(),
  depends_on: z.array(z.string()),
  depended_on_by: z.array(z.string()),
  wave: z.number(),
});

export const analysisSchema = z.object({
  epic_id: z.string(),
  epic_title: z.string(),
  total_issues: z.number(),
  closed_issues: z.number(),
  ready_fronts: z.array(
    z.object({ wave: z.number(), issues: z.array(z.string()), titles: z.array(z.string()) }),
  ),
  max_parallelism: z.number(),
  estimated_sessions: z.number(),
  warnings: z.array(z.string()),
  errors: z.array(z.string()),
  swarmable: z.boolean(),
  issues: z.optional(z.record(z.string(), node)),
});
type AnalysisJson = z.output<typeof analysisSchema>;

export function analysisJson(work: SwarmWork, analysis: SwarmAnalysis): AnalysisJson {
  const { epic, children } = work;
  const titles = new Map<string, string>(children.map((child) => [child.id, child.title]));
  return {
    epic_id: epic.id,
    epic_title: epic.title,
    total_issues: children.length,
    closed_issues: children.filter((child) => child.status === 'closed').length,
    ready_fronts: analysis.waves.map((issues, wave) => ({
      wave,
      issues: [...issues],
      titles: issues.map((id) => titles.get(id) ?? ''),
    })),
    max_parallelism: analysis.maxParallelism,
    estimated_sessions: analysis.errors.length > 0 ? 0 : children.length,
    warnings: [...analysis.warnings],
    errors: [...analysis.errors],
    swarmable: analysis.errors.length === 0,
  };
}

/** Each child with its wave; -1 = in none. */
export function nodesJson(work: SwarmWork, analysis: SwarmAnalysis): NonNullable<AnalysisJson['issues']> {
  const waveOf = new Map(analysis.waves.flatMap((ids, wave) => ids.map((id) => [id, wave] as const)));
  return Object.fromEntries(
    work.children.map((child) => [
      child.id,
      {
        id: child.id,
        title: child.title,
        status: child.status,
        priority: child.priority,
        depends_on: [...(work.dependsOn.get(child.id) ?? [])],
        depended_on_by: work.children
          .map((other) => other.id)
          .filter((id) => work.dependsOn.get(id)?.includes(child.id)),
        wave: waveOf.get(child.id) ?? -1,
      },
    ]),
  );
}
