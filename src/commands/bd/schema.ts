import * as z from 'zod/mini';

/** A bead as bd prints it: these keys always, the others when they are not empty. */
const always = {
  id: z.string(),
  title: z.string(),
  status: z.string(),
  priority: z.number(),
  issue_type: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
};

export const issueSchema = z.looseObject(always);
export const issuesSchema = z.array(issueSchema);

export const edgeSchema = z.object({
  issue_id: z.string(),
  depends_on_id: z.string(),
  type: z.string(),
  created_at: z.string(),
  created_by: z.string(),
  metadata: z.string(),
});

/** A bead of a list: with its raw edges and counts. */
export const listedSchema = z.array(
  z.looseObject({
    ...always,
    dependencies: z.optional(z.array(edgeSchema)),
    dependency_count: z.number(),
    dependent_count: z.number(),
    comment_count: z.number(),
    parent: z.optional(z.string()),
  }),
);

/** Steps of one molecule that can start, or molecules whose gate has opened. */
export const moleculeReadySchema = z.union([
  z.object({
    molecule_id: z.string(),
    molecule_title: z.string(),
    ready_steps: z.number(),
    total_steps: z.number(),
    steps: z.array(z.looseObject({ issue: issueSchema })),
    parallel_groups: z.record(z.string(), z.array(z.string())),
  }),
  z.object({
    molecules: z.array(
      z.object({
        molecule_id: z.string(),
        molecule_title: z.string(),
        closed_gate: issueSchema,
        ready_step: issueSchema,
      }),
    ),
    count: z.number(),
  }),
]);

export const readySchema = z.union([
  issuesSchema,
  moleculeReadySchema,
  z.object({
    ready: issuesSchema,
    blocked: issuesSchema,
    cycles: z.optional(z.array(z.array(z.string()))),
    summary: z.object({ total_ready: z.number(), total_blocked: z.number(), cycle_count: z.number() }),
  }),
]);

/** Listed beads, or with --parse-only how the expression was understood. */
export const querySchema = z.union([listedSchema, z.object({ query: z.string() })]);

/** A failure that goes to stdout because bd's does. */
export const failureSchema = z.object({ error: z.string() });

export const commentSchema = z.object({
  id: z.string(),
  issue_id: z.string(),
  author: z.string(),
  text: z.string(),
  created_at: z.string(),
});
