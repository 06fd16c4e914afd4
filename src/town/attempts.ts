import * as z from 'zod/mini';
import type { TownBase } from './base.ts';
import { corrupt, isJsonObject, readJsonFile, updateJsonFile } from './json-file.ts';
import type { JsonObject } from './json-file.ts';
import { describeIssue } from './town-file.ts';

/** How often a bead was tried and lost its agent, failed to start or was sent back (spec 05 §2). */
export interface Attempts {
  readonly count: number;
  /** Unix ms of the last one; 0 when the file does not say. */
  readonly last: number;
}

const entrySchema = z.object({ count: z.number(), last_respawn: z.optional(z.string()) });
const fileSchema = z.object({ beads: z.optional(z.record(z.string(), entrySchema)) });

export const NO_ATTEMPTS: Attempts = { count: 0, last: 0 };

/** All beads with attempts, by bead id. */
export async function readAttempts(
  town: Pick<TownBase, 'paths' | 'ports'>,
): Promise<ReadonlyMap<string, Attempts>> {
  const { attemptsFile } = town.paths;
  const parsed = fileSchema.safeParse((await readJsonFile(town.ports.files, attemptsFile)) ?? {});
  if (!parsed.success) throw corrupt(attemptsFile, parsed.error.issues.map(describeIssue).join('; '));
  return new Map(
    Object.entries(parsed.data.beads ?? {}).map(([bead, { count, last_respawn: last }]) => [
      bead,
      { count, last: Date.parse(last ?? '') || 0 },
    ]),
  );
}

/**
 * Counts one more attempt and returns how many there are now. With a `cause`, the name of one event, that event
 * counts once however often it is told.
 */
export async function addAttempt(town: TownBase, bead: string, cause?: string): Promise<number> {
  const now = new Date(town.ports.clock.now()).toISOString();
  let count = 0;
  await changeBeads(town, now, (beads) => {
    const before = isJsonObject(beads[bead]) ? beads[bead] : {};
    const known = typeof before['count'] === 'number' ? before['count'] : 0;
    const isTold = cause !== undefined && before['last_cause'] === cause;
    count = isTold ? known : known + 1;
    const marks = {
      bead_id: bead,
      count,
      last_respawn: now,
      ...(cause === undefined ? {} : { last_cause: cause }),
    };
    return isTold ? beads : { ...beads, [bead]: { ...before, ...marks } };
  });
  return count;
}

/** Forgets a bead's attempts: it landed, or a person asked (`gt sling respawn-reset`). */
export async function resetAttempts(town: TownBase, bead: string): Promise<void> {
  const attempts = await readAttempts(town);
  if (!attempts.has(bead)) return;
  const now = new Date(town.ports.clock.now()).toISOString();
  await changeBeads(town, now, (beads) =>
    Object.fromEntries(Object.entries(beads).filter(([id]) => id !== bead)),
  );
}

async function changeBeads(
  town: TownBase,
  now: string,
  change: (beads: JsonObject) => JsonObject,
): Promise<void> {
  await updateJsonFile(town, { path: town.paths.attemptsFile, lock: 'config' }, (doc) => {
    const beads = doc['beads'];
    return { ...doc, beads: change(isJsonObject(beads) ? beads : {}), last_updated: now };
  });
}
