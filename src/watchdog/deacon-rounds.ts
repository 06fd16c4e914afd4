import { join } from 'node:path';
import * as z from 'zod/mini';
import type { TownContext } from '../beads/context.ts';
import { formatAddress } from '../core/address.ts';
import { RefusedError } from '../core/errors.ts';
import { formatJson, readJsonFile } from '../town/json-file.ts';

/**
 * Rounds that an agent makes as deacon, on top of the daemon's: its sign of life, and a pause that people call. The
 * daemon's own watch is no part of it and costs no model.
 */
export interface DeaconPause {
  readonly reason: string;
  /** RFC 3339. */
  readonly pausedAt: string;
  readonly pausedBy: string;
}

export interface DeaconBeat {
  /** RFC 3339. */
  readonly timestamp: string;
  /** Rounds so far. */
  readonly cycle: number;
  readonly lastAction: string;
}

const pauseSchema = z.object({
  paused: z._default(z.boolean(), false),
  reason: z._default(z.string(), ''),
  paused_at: z._default(z.string(), ''),
  paused_by: z._default(z.string(), ''),
});
const beatSchema = z.object({
  timestamp: z._default(z.string(), ''),
  cycle: z._default(z.number(), 0),
  last_action: z._default(z.string(), ''),
});

const pauseFile = ({ paths }: TownContext): string => join(paths.runtimeDir, 'deacon/paused.json');
const beatFile = ({ root }: TownContext): string => join(root, 'deacon/heartbeat.json');

/** undefined = not paused. */
export async function readPause(ctx: TownContext): Promise<DeaconPause | undefined> {
  const doc = pauseSchema.parse((await readJsonFile(ctx.ports.files, pauseFile(ctx))) ?? {});
  return doc.paused ? { reason: doc.reason, pausedAt: doc.paused_at, pausedBy: doc.paused_by } : undefined;
}

/** @returns the pause that was there before */
export async function pauseDeacon(ctx: TownContext, reason: string): Promise<DeaconPause | undefined> {
  const before = await readPause(ctx);
  const paused_at = new Date(ctx.ports.clock.now()).toISOString();
  const doc = { paused: true, reason, paused_at, paused_by: formatAddress(ctx.actor) };
  await ctx.ports.files.writeAtomic(pauseFile(ctx), formatJson(doc), { mode: 0o600 });
  return before;
}

/** @returns the pause that is over */
export async function resumeDeacon(ctx: TownContext): Promise<DeaconPause | undefined> {
  const before = await readPause(ctx);
  await ctx.ports.files.remove(pauseFile(ctx));
  return before;
}

export async function readBeat(ctx: TownContext): Promise<DeaconBeat | undefined> {
  const doc = await readJsonFile(ctx.ports.files, beatFile(ctx));
  if (doc === undefined) return undefined;
  const { timestamp, cycle, last_action: lastAction } = beatSchema.parse(doc);
  return { timestamp, cycle, lastAction };
}

/** One more round, in the files that the Go gt reads. RefusedError `deacon.paused`. */
export async function beatDeacon(ctx: TownContext, lastAction: string): Promise<DeaconBeat> {
  const pause = await readPause(ctx);
  if (pause !== undefined) {
    throw new RefusedError({
      code: 'deacon.paused',
      message: `the deacon is paused by ${pause.pausedBy}${pause.reason === '' ? '' : `: ${pause.reason}`}`,
      hint: 'Make no rounds now. A person lifts it: gt deacon resume',
    });
  }
  const { files, clock, panes } = ctx.ports;
  const seen = await Promise.all((await panes.list()).map((session) => panes.observe(session)));
  const healthy = seen.filter(({ kind }) => kind === 'live').length;
  const beat = {
    timestamp: new Date(clock.now()).toISOString(),
    cycle: ((await readBeat(ctx))?.cycle ?? 0) + 1,
    lastAction,
  };
  const { timestamp, cycle } = beat;
  const doc = {
    timestamp,
    cycle,
    last_action: lastAction,
    healthy_agents: healthy,
    unhealthy_agents: seen.filter(({ kind }) => kind === 'gone').length,
  };
  await files.writeAtomic(beatFile(ctx), formatJson(doc), { mode: 0o644 });
  await files.writeAtomic(join(ctx.root, 'deacon/.deacon-heartbeat'), '', { mode: 0o644 });
  return beat;
}
