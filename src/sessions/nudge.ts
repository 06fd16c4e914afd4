import type { AgentAddress } from '../core/address.ts';
import { formatAddress } from '../core/address.ts';
import { NotFoundError, RefusedError } from '../core/errors.ts';
import type { SessionName } from '../core/names.ts';
import type { TownContext } from '../beads/context.ts';
import type { PaneState } from '../ports/panes.ts';
import { emitEvent } from '../town/events.ts';
import { readTownSettings } from '../town/settings.ts';
import { enqueueNudge, typedLine } from './nudge-queue.ts';
import type { Target } from './target.ts';

export interface NudgeRequest {
  readonly message: string;
  readonly mode: 'wait-idle' | 'queue' | 'immediate';
  readonly priority: 'normal' | 'urgent';
  readonly sender: AgentAddress;
  /** Only a session younger than a minute. */
  readonly ifFresh?: boolean | undefined;
}

export type NudgeOutcome =
  /** Typed into the prompt. */
  | { readonly kind: 'delivered' }
  /** A durable file: typed as soon as the agent is idle, or handed over at the end of its turn. */
  | { readonly kind: 'queued'; readonly why: string }
  | { readonly kind: 'skipped'; readonly why: string };

const FRESH_MS = 60_000;

/**
 * Puts a message into an agent's session (spec 03 §5). `wait-idle` types it when the agent becomes idle soon and
 * queues it otherwise; nothing is ever typed into a dialog, a limit or a person's line. NotFoundError
 * `session.not-running`, RefusedError `nudge.not-delivered` (immediate only), `nudge.queue-full`.
 */
export async function nudge(
  ctx: TownContext,
  { address, session }: Pick<Target, 'address' | 'session'>,
  request: NudgeRequest,
): Promise<NudgeOutcome> {
  const state = await liveState(ctx, session);
  if (state === undefined && request.mode !== 'queue') throw notRunning(session);
  if (request.ifFresh === true && state !== undefined && ageOf(ctx, state) > FRESH_MS)
    return { kind: 'skipped', why: 'its session is older than a minute' };
  const outcome = await deliver(ctx, session, request);
  const rig = 'rig' in address ? { rig: address.rig } : {};
  const { mode } = request;
  const payload = { ...rig, target: formatAddress(address), session, mode, outcome: outcome.kind };
  await emitEvent(ctx, { type: 'nudge', payload, actor: request.sender });
  return outcome;
}

async function deliver(ctx: TownContext, session: SessionName, request: NudgeRequest): Promise<NudgeOutcome> {
  if (request.mode === 'queue') return queue(ctx, session, request, 'asked for');
  const settings = await readTownSettings(ctx);
  const text = typedLine({ sender: formatAddress(request.sender), message: request.message });
  const outcome = await ctx.ports.panes.inject(session, {
    text,
    mode: request.mode === 'immediate' ? 'immediate' : 'when-idle',
    waitMs: request.mode === 'immediate' ? 0 : settings.get('operational.nudge.ready_timeout'),
  });
  if (outcome.sent) return { kind: 'delivered' };
  if (request.mode === 'wait-idle') return queue(ctx, session, request, outcome.why);
  throw new RefusedError({
    code: 'nudge.not-delivered',
    message: `nothing was typed into ${session}: ${outcome.why}`,
    hint: 'Without --mode=immediate it is queued until the agent can take it',
  });
}

async function queue(
  ctx: TownContext,
  session: SessionName,
  request: NudgeRequest,
  why: string,
): Promise<NudgeOutcome> {
  const settings = await readTownSettings(ctx);
  const now = ctx.ports.clock.now();
  const ttl = settings.get(
    request.priority === 'urgent' ? 'operational.nudge.urgent_ttl' : 'operational.nudge.normal_ttl',
  );
  const entry = {
    sender: formatAddress(request.sender),
    message: request.message,
    priority: request.priority,
    kind: undefined,
    timestamp: new Date(now).toISOString(),
    expiresAt: now + ttl,
    deliverAfter: undefined,
  };
  await enqueueNudge(ctx, session, entry, settings.get('operational.nudge.max_queue_depth'));
  return { kind: 'queued', why };
}

async function liveState(ctx: TownContext, session: SessionName): Promise<PaneState | undefined> {
  const seen = await ctx.ports.panes.observe(session);
  return seen.kind === 'live' ? seen.state : undefined;
}

function ageOf(ctx: TownContext, state: PaneState): number {
  return ctx.ports.clock.now() - Date.parse(state.started);
}

function notRunning(session: SessionName): NotFoundError {
  return new NotFoundError({
    code: 'session.not-running',
    message: `session ${session} is not running`,
    hint: 'To leave the message for its next start: --mode=queue',
  });
}
