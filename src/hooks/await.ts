import { agentBeadIdOf, formatAddress } from '../core/address.ts';
import type { TownContext } from '../beads/context.ts';
import type { Bead } from '../beads/types.ts';
import { parsePrefix } from '../core/names.ts';
import { rigNamed } from '../rig/registry.ts';

/** How long to wait, and how that grows with idle rounds. All in ms. */
export interface WaitRule {
  readonly timeoutMs: number;
  /** First wait of a growing one; absent = always `timeoutMs`. */
  readonly baseMs?: number | undefined;
  readonly factor: number;
  readonly maxMs?: number | undefined;
}

export interface Waited<Found> {
  /** undefined = the time was over. */
  readonly found: Found | undefined;
  readonly elapsedMs: number;
  /** Idle rounds in a row, this one included; 0 after a find. */
  readonly idle: number;
}

const POLL_MS = 200;
/** Beyond this the wait no longer grows: the power would leave the range of numbers. */
const MOST_ROUNDS = 20;
const IDLE = /^idle:(\d+)$/;
const UNTIL = /^backoff-until:(\d+)$/;

/** The wait after `idle` rounds without anything. Pure. */
export function waitOf({ timeoutMs, baseMs, factor, maxMs }: WaitRule, idle: number): number {
  if (baseMs === undefined) return timeoutMs;
  return Math.min(baseMs * factor ** Math.min(idle, MOST_ROUNDS), maxMs ?? Infinity);
}

/**
 * Polls until there is something or the time is over. Idle rounds and the end of the wait are kept as labels of the
 * agent's row (`idle:N`, `backoff-until:<unix>`): a session that is started again goes on with the same wait.
 */
export async function awaitFor<Found>(
  ctx: TownContext,
  wait: {
    readonly rule: WaitRule;
    /** '' = the caller's own row. */
    readonly agentBead: string;
    readonly signal: AbortSignal;
    readonly poll: () => Promise<Found | undefined>;
  },
): Promise<Waited<Found>> {
  const { clock } = ctx.ports;
  const row = await findRow(ctx, wait.agentBead);
  const idle = numberOf(row, IDLE);
  const start = clock.monotonic();
  const left = numberOf(row, UNTIL) * 1000 - clock.now();
  const limit = waitOf(wait.rule, idle);
  const waitMs = left > 0 ? Math.min(left, limit) : limit;
  await writeLabels(ctx, row, { idle, until: clock.now() + waitMs });
  let found = await wait.poll();
  const leftOf = () => waitMs - (clock.monotonic() - start);
  while (found === undefined && leftOf() > 0 && !wait.signal.aborted) {
    await clock.sleep(Math.min(POLL_MS, leftOf()), wait.signal);
    found = await wait.poll();
  }
  const next = found === undefined ? idle + 1 : 0;
  await writeLabels(ctx, row, { idle: next, until: undefined });
  return { found, elapsedMs: clock.monotonic() - start, idle: next };
}

async function findRow(ctx: TownContext, id: string): Promise<Bead | undefined> {
  if (id !== '') return (await ctx.ledgers.of(id)).find(id);
  const { actor } = ctx;
  const prefix = 'rig' in actor ? (await rigNamed(ctx, actor.rig)).prefix : parsePrefix('hq');
  const own = agentBeadIdOf(actor, prefix);
  return (await ctx.ledgers.of(own)).get(own);
}

function numberOf(row: Bead | undefined, label: RegExp): number {
  const found = row?.labels.map((text) => label.exec(text)?.[1]).find((text) => text !== undefined);
  return Number(found ?? 0);
}

async function writeLabels(
  ctx: TownContext,
  row: Bead | undefined,
  { idle, until }: { readonly idle: number; readonly until: number | undefined },
): Promise<void> {
  if (row === undefined) return;
  const wanted = [
    ...(idle === 0 ? [] : [`idle:${idle}`]),
    ...(until === undefined ? [] : [`backoff-until:${Math.ceil(until / 1000)}`]),
  ];
  const ledger = await ctx.ledgers.of(row.id);
  await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    const { labels } = await tx.find(row.id);
    for (const label of labels) {
      if ((IDLE.test(label) || UNTIL.test(label)) && !wanted.includes(label))
        await tx.removeLabel(row.id, label);
    }
    for (const label of wanted) if (!labels.includes(label)) await tx.addLabel(row.id, label);
  });
}
