import { raiseAlert } from '../beads/forms/alert.ts';
import { timestamp } from './engine.ts';
import type { Engine } from './engine.ts';
import type { LaneRecord } from './lane.ts';
import { isAhead } from './time-limits.ts';

const STRIKES = 3;
const FIRST_WAIT_MS = 30_000;

/** Does the lane wait before it tries again? */
export function isWaiting({ infra }: LaneRecord, now: number): boolean {
  return infra.retry_at !== '' && isAhead(infra.retry_at, { now, atMost: FIRST_WAIT_MS * 4 ** STRIKES });
}

/**
 * The machine or the remote failed, not anybody's change: nobody is blamed. Wait and try again; after three in a
 * row the lane pauses with one alert.
 */
export async function noteInfra(engine: Engine, why: string): Promise<void> {
  const { ctx, lane, report, rig } = engine;
  const strikes = lane.record.infra.strikes + 1;
  const retryMs = ctx.ports.clock.now() + FIRST_WAIT_MS * 4 ** (strikes - 1);
  const retryAt = new Date(retryMs).toISOString();
  const infra = { strikes, retry_at: retryAt, why };
  if (strikes < STRIKES) {
    await lane.save({ infra, proving: undefined });
    report.waiting(`${why} (try ${strikes} of ${STRIKES})`);
    report.retryAt(retryAt);
    return;
  }
  const { target } = lane.record;
  const paused = { cause: 'infra' as const, why, since: timestamp(ctx) };
  await lane.save({ infra, paused, proving: undefined }, (tx) =>
    raiseAlert(tx, {
      key: `mq-infra ${rig.name} ${target}`,
      title: `Merge queue of ${rig.name} is paused: ${target}`,
      text: `${why}\n\nNothing lands on ${target} until somebody repairs this. Then run: gt mq resume ${rig.name}`,
      priority: 1,
      kind: 'escalation',
    }),
  );
  report.waiting(`paused: ${why}. Run: gt mq resume ${rig.name}`);
}
