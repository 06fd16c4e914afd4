import { join } from 'node:path';
import * as z from 'zod/mini';
import type { TownContext } from '../beads/context.ts';
import { formatAddress } from '../core/address.ts';
import { GtError, UnreadableError } from '../core/errors.ts';
import type { SessionName } from '../core/names.ts';
import { formatAge } from '../core/duration.ts';
import type { PaneObservation } from '../ports/panes.ts';
import type { Target } from '../sessions/target.ts';
import { readJsonFile, updateJsonFile } from '../town/json-file.ts';
import type { JsonObject } from '../town/json-file.ts';

export interface HealthRules {
  /** So many checks in a row without an answer, and somebody should end it. */
  readonly failures: number;
  readonly timeoutMs: number;
  /** After an end by force nothing is said for so long. */
  readonly cooldownMs: number;
}

/** `force-kill`: it has not answered often enough. */
export interface Health {
  readonly verdict: 'healthy' | 'no-answer' | 'force-kill';
  readonly why: string;
  /** In a row, this one too. */
  readonly failures: number;
}

/** A working agent that prints nothing for longer than this hangs. */
const HUNG_MS = 30 * 60_000;

const entrySchema = z.object({
  last_ping_time: z.optional(z.string()),
  last_response_time: z.optional(z.string()),
  consecutive_failures: z._default(z.number(), 0),
  last_force_kill_time: z.optional(z.string()),
  force_kill_count: z._default(z.number(), 0),
});
const stateSchema = z.object({ agents: z._default(z.record(z.string(), entrySchema), {}) });
export type HealthState = z.infer<typeof stateSchema>['agents'];

function stateFile({ root }: TownContext): string {
  return join(root, 'deacon/health-check-state.json');
}

export async function readHealthState(ctx: TownContext): Promise<HealthState> {
  return stateSchema.parse((await readJsonFile(ctx.ports.files, stateFile(ctx))) ?? {}).agents;
}

/**
 * Asks an agent's host whether it is well and notes the answer. No message goes to the agent: a model that has nothing
 * to do is not asked to say so. Throws what reading the session throws: nobody is found ill because we cannot look.
 */
export async function checkHealth(ctx: TownContext, target: Target, rules: HealthRules): Promise<Health> {
  const trouble = await troubleOf(ctx, target, rules.timeoutMs);
  const now = new Date(ctx.ports.clock.now()).toISOString();
  const id = formatAddress(target.address);
  let before: z.infer<typeof entrySchema> = { consecutive_failures: 0, force_kill_count: 0 };
  await updateJsonFile(ctx, { path: stateFile(ctx), lock: 'config' }, (doc) => {
    const { agents } = stateSchema.parse(doc);
    before = agents[id] ?? before;
    const entry: JsonObject = {
      ...before,
      agent_id: id,
      last_ping_time: now,
      ...(trouble === undefined ? { last_response_time: now } : {}),
      consecutive_failures: trouble === undefined ? 0 : before.consecutive_failures + 1,
    };
    return { ...doc, agents: { ...agents, [id]: entry }, last_updated: now };
  });
  if (trouble === undefined) return { verdict: 'healthy', why: 'it answers', failures: 0 };
  const failures = before.consecutive_failures + 1;
  const killed = Date.parse(before.last_force_kill_time ?? '');
  const isCooling = ctx.ports.clock.now() - killed < rules.cooldownMs;
  return {
    verdict: failures >= rules.failures && !isCooling ? 'force-kill' : 'no-answer',
    why: trouble,
    failures,
  };
}

/** undefined = it is well. */
async function troubleOf(
  ctx: TownContext,
  { session }: Target,
  timeoutMs: number,
): Promise<string | undefined> {
  const { panes, clock } = ctx.ports;
  const seen = await panes.observe(session);
  const absent = absence(seen);
  if (absent !== undefined || seen.kind !== 'live') return absent;
  if (!(await answers(ctx, session, timeoutMs)))
    return `its host does not answer within ${formatAge(timeoutMs)}`;
  const silent = clock.now() - Date.parse(seen.state.lastOutput ?? seen.state.since);
  return seen.state.state === 'busy' && silent > HUNG_MS
    ? `it works and has printed nothing for ${formatAge(silent)}`
    : undefined;
}

function absence(seen: PaneObservation): string | undefined {
  switch (seen.kind) {
    case 'live':
      return undefined;
    case 'none':
      return 'it has no session';
    case 'exited':
      return 'its session has ended';
    case 'gone':
      return 'its processes are gone';
    case 'unreadable':
      throw new UnreadableError({
        code: 'session.unreadable',
        message: `cannot look at its session: ${seen.why}`,
      });
  }
}

async function answers(ctx: TownContext, session: SessionName, timeoutMs: number): Promise<boolean> {
  const asked = ctx.ports.panes.screen(session, 1).then(
    () => true,
    (error: unknown) => {
      if (error instanceof GtError && !(error instanceof UnreadableError)) return false;
      throw error;
    },
  );
  return Promise.race([asked, ctx.ports.clock.sleep(timeoutMs).then(() => false)]);
}
