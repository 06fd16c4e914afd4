import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod/mini';
import type { TownContext } from '../beads/context.ts';
import { raiseAlert } from '../beads/forms/alert.ts';
import type { Engine } from './engine.ts';
import type { RedRun } from './lane.ts';
import { isAhead, isRecent } from './time-limits.ts';
import type { Rig } from '../rig/registry.ts';

const DAY_MS = 24 * 3_600_000;
/** A test that was flaky on so many different trees within so long … */
const TREES = 2;
export const FLAKE_MEMORY_MS = 7 * DAY_MS;
/** … is in quarantine for so long. */
const QUARANTINE_MS = 14 * DAY_MS;
const KEEP = 20;
/** Longer than any quarantine. */
const KEEP_MS = 30 * DAY_MS;
/** Folders of the ledger, by the first two digits of a record's name. */
const PARTS = 256;
const PRUNED_AT_ONCE = 100;

/** What is remembered of one test of one gate; times are Unix milliseconds. */
const recordSchema = z.object({
  gate: z.string(),
  test: z.string(),
  /** Trees on which it failed and passed, oldest first. */
  seen: z.array(z.object({ tree: z.string(), at: z.number(), log: z.string() })),
  until: z._default(z.number(), 0),
});

type FlakeRecord = z.infer<typeof recordSchema>;

/**
 * Passed and failed on the very same files: the pass counts, and each test that failed is written down. One that does
 * so again on other files goes into quarantine, with one bug bead. One small file per test: looking one up costs the
 * same however many there are.
 */
export async function noteFlake(engine: Engine, red: RedRun): Promise<void> {
  const { ctx, rig, lane, report } = engine;
  report.warn(`gate ${red.gate} is flaky: it failed and passed on the same files`);
  for (const test of testsOf(red)) {
    const before = await readRecord(ctx, rig, { gate: red.gate, test });
    const after = withSighting(before, { tree: red.tree, log: red.log }, ctx.ports.clock.now());
    await ctx.ports.files.writeAtomic(fileOf(rig, after), JSON.stringify(after), { mode: 0o600 });
    if (after.until === before.until) continue;
    report.warn(`${test} is in quarantine until ${new Date(after.until).toISOString().slice(0, 10)}`);
    await lane.save({}, (tx) => raiseAlert(tx, bugOf(rig, after)));
  }
}

/** Does everything that failed in this run belong to tests in quarantine? Then it blames nobody by itself. */
export async function isQuarantined(
  ctx: TownContext,
  rig: Rig,
  run: Pick<RedRun, 'gate' | 'failing' | 'failure'>,
): Promise<boolean> {
  if (run.failing.length === 0 || run.failure !== 'code') return false;
  const now = ctx.ports.clock.now();
  const records = await Promise.all(
    run.failing.map((test) => readRecord(ctx, rig, { gate: run.gate, test })),
  );
  return records.every((record) => isHeld(record, now));
}

function isHeld({ until }: FlakeRecord, now: number): boolean {
  return isAhead(until, { now, atMost: QUARANTINE_MS });
}

/**
 * Removes records of tests that nobody has seen flaky for long. A few in each pass, another part of the ledger every
 * minute: it stays bounded and no pass reads it through.
 */
export async function pruneFlakes({ ports }: TownContext, rig: Rig): Promise<void> {
  const { files, clock } = ports;
  const turn = Math.floor(clock.now() / 60_000);
  const folder = join(flakeFolder(rig), (turn % PARTS).toString(16).padStart(2, '0'));
  const entries = (await files.list(folder)) ?? [];
  const first = (Math.floor(turn / PARTS) * PRUNED_AT_ONCE) % Math.max(1, entries.length);
  for (const { name } of entries.slice(first, first + PRUNED_AT_ONCE)) {
    const path = join(folder, name);
    const stat = await files.stat(path);
    const isKept = stat !== undefined && isRecent(stat.modified, { now: clock.now(), within: KEEP_MS });
    if (!isKept) await files.remove(path);
  }
}

/** Pure. */
function withSighting(
  record: FlakeRecord,
  { tree, log }: { readonly tree: string; readonly log: string },
  now: number,
): FlakeRecord {
  const seen = [...record.seen.filter((each) => each.tree !== tree), { tree, at: now, log }].slice(-KEEP);
  const recent = seen.filter(({ at }) => isRecent(at, { now, within: FLAKE_MEMORY_MS }));
  const isNew = recent.length >= TREES && !isHeld(record, now);
  return { ...record, seen, until: isNew ? now + QUARANTINE_MS : record.until };
}

/** A gate that names no tests is remembered as a whole, by the way it failed. */
function testsOf({ failing, fingerprint }: RedRun): readonly string[] {
  return failing.length > 0 ? failing : [`(${fingerprint})`];
}

interface TestName {
  readonly gate: string;
  readonly test: string;
}

function fileOf(rig: Rig, { gate, test }: TestName): string {
  const name = createHash('sha256')
    .update(JSON.stringify([gate, test]))
    .digest('hex')
    .slice(0, 40);
  return join(flakeFolder(rig), name.slice(0, 2), `${name}.json`);
}

function flakeFolder(rig: Rig): string {
  return join(rig.paths.gateDir, 'flakes');
}

async function readRecord(ctx: TownContext, rig: Rig, name: TestName): Promise<FlakeRecord> {
  const empty = { ...name, seen: [], until: 0 };
  const text = await ctx.ports.files.readText(fileOf(rig, name));
  try {
    return text === undefined ? empty : recordSchema.parse(JSON.parse(text));
  } catch {
    // A torn file: what it knew comes back with the next flake.
    return empty;
  }
}

function bugOf(rig: Rig, { gate, test, seen }: FlakeRecord) {
  return {
    key: `mq-flaky ${rig.name} ${gate} ${test}`,
    title: `Flaky test in gate ${gate} of ${rig.name}: ${test}`,
    text: [
      `It failed and passed on the same files, on ${seen.length} different trees:`,
      ...seen.map((each) => `- ${each.tree} at ${new Date(each.at).toISOString()}  ${each.log}`),
      '',
      'Until it is repaired a red run that only this test caused sends nobody back; it never counts as passed.',
    ].join('\n'),
    priority: 2,
    kind: 'bug' as const,
  };
}
