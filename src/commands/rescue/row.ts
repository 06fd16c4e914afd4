import * as z from 'zod/mini';
import type { KeptWork } from '../../hooks/rescue-list.ts';
import { readBackCommand } from '../../hooks/rescue-ref.ts';

export const rescueSchema = z.object({
  ref: z.string(),
  rig: z.string(),
  polecat: z.string(),
  time: z.string(),
  age_seconds: z.number(),
  bead: z.optional(z.string()),
  branch: z.optional(z.string()),
  commit: z.string(),
  commits: z.number(),
  files: z.array(z.object({ path: z.string(), change: z.string() })),
  staged: z.boolean(),
  operation: z.optional(z.string()),
  stash_count: z.number(),
  clones: z.array(z.string()),
  submodules: z.array(z.object({ path: z.string(), ref: z.string() })),
  restore: z.string(),
});

/** @param now Unix milliseconds */
export function rescueRow(work: KeptWork, now: number) {
  const { name, about, contents } = work;
  return {
    ref: name.ref,
    rig: name.rig,
    polecat: name.label,
    time: new Date(work.at).toISOString(),
    age_seconds: Math.max(0, Math.floor((now - work.at) / 1000)),
    ...(about.bead === undefined ? {} : { bead: about.bead }),
    ...(about.branch === undefined ? {} : { branch: about.branch }),
    commit: work.commit,
    commits: work.commits,
    files: [...work.files],
    staged: contents.index !== undefined,
    ...(contents.operation === undefined ? {} : { operation: contents.operation.name }),
    stash_count: contents.stashes.length,
    clones: contents.clones.map(({ path }) => path),
    submodules: work.submodules.map(({ path, ref }) => ({ path, ref })),
    restore: readBackCommand(name.ref),
  };
}
