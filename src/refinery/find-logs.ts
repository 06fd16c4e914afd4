import { basename, join } from 'node:path';
import { z } from 'zod/mini';
import type { MergeRequest } from '../beads/forms/merge-request.ts';
import type { TownContext } from '../beads/context.ts';
import type { Rig } from '../rig/registry.ts';
import { liveFolder, logFolder } from './gate-log.ts';

/** Output of gates of one merge request, in files. */
export interface GateLogs {
  /** Of gates that run now. */
  readonly live: readonly string[];
  /** Of its red runs, oldest first. */
  readonly kept: readonly string[];
}

const headSchema = z.object({ gate: z.string(), mrs: z.array(z.string()) });

/** @param gate only of this one; undefined = of all */
export async function findLogs(
  ctx: TownContext,
  rig: Rig,
  { mr, gate }: { readonly mr: MergeRequest; readonly gate: string | undefined },
): Promise<GateLogs> {
  const { files } = ctx.ports;
  const names = ((await files.list(liveFolder(rig))) ?? []).map(({ name }) => join(liveFolder(rig), name));
  const heads = await Promise.all(names.map(async (path) => ({ path, head: await readHead(ctx, path) })));
  const live = heads.filter(({ head }) => head !== undefined && head.mrs.includes(mr.id));
  const wanted = live.filter(({ head }) => gate === undefined || head?.gate === gate);
  const kept = (mr.evidence?.logs ?? []).filter((path) => path.startsWith(logFolder(rig)));
  return {
    live: wanted.map(({ path }) => path),
    kept: kept.filter((path) => gate === undefined || basename(path).includes(`-${gate}-`)),
  };
}

async function readHead(ctx: TownContext, path: string): Promise<z.infer<typeof headSchema> | undefined> {
  const [line = ''] = ((await ctx.ports.files.readText(path)) ?? '').split('\n', 1);
  try {
    return headSchema.parse(JSON.parse(line));
  } catch {
    // It ended in between, or its first line is on its way.
    return undefined;
  }
}
