import type { TownContext } from '../../beads/context.ts';
import type { Bead } from '../../beads/types.ts';
import { formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { ExternalError, GtError, messageOf } from '../../core/errors.ts';
import { attachWork } from '../sling/attach.ts';
import { gatherHandoff } from '../../hooks/handoff/facts.ts';
import type { HandoffFacts } from '../../hooks/handoff/facts.ts';
import { lastHandoff, leaveMark, takeMark } from '../../hooks/handoff/marker.ts';
import { handoffSubject, renderHandoff } from '../../hooks/handoff/text.ts';
import type { HandoffWords } from '../../hooks/handoff/text.ts';
import { startPrompt } from '../../hooks/start-prompt.ts';
import { storeHandoff } from '../../mail/handoff-mail.ts';
import { rigNamed } from '../../rig/registry.ts';
import { lastTerms } from '../../sessions/last-conversation.ts';
import { startAgent } from '../../sessions/start-agent.ts';
import { targetOf } from '../../sessions/target.ts';
import { emitEvent } from '../../town/events.ts';
import { readTownSettings } from '../../town/settings.ts';
import { renewWorker } from '../dispatch/roll-forward.ts';
import { planHandoff } from './plan.ts';
import type { HandoffEnd } from './plan.ts';

export interface HandoffRequest {
  /** Whose session is handed over. */
  readonly agent: AgentAddress;
  readonly words: HandoffWords;
  readonly mode: 'restart' | 'save';
  readonly collect: boolean;
  readonly git: boolean;
  /** Put on the agent's hook first. */
  readonly bead: string | undefined;
  /** The runtime's own id of the conversation that ends; '' = unknown. */
  readonly conversation: string;
}

export interface HandoffReport {
  readonly subject: string;
  readonly text: string;
  /** Id of the stored mail; undefined = only planned. */
  readonly mail: string | undefined;
  readonly end: HandoffEnd['kind'];
}

/** What would be left and done; changes nothing. Throws what `planHandoff` throws. */
export async function previewHandoff(ctx: TownContext, request: HandoffRequest): Promise<HandoffReport> {
  const { facts, end } = await prepare(ctx, request);
  return { ...noteOf(facts, request), mail: undefined, end: end.kind };
}

/**
 * Leaves a note for the agent's next session and begins that session. The note is stored first: without it nothing
 * ends. Called by the agent itself this does not return, since the session it replaces is its own; every step before
 * the last is then done, and the daemon carries on a start that was cut off. ExternalError `handoff.not-stored`,
 * `handoff.not-started`.
 */
export async function runHandoff(ctx: TownContext, request: HandoffRequest): Promise<HandoffReport> {
  const { agent, words, conversation } = request;
  const { facts, end } = await takeAlong(ctx, request, await prepare(ctx, request));
  const note = noteOf(facts, request);
  const mail = await store(ctx, request, { ...note, bead: heldBead(facts)?.id });
  if (end.kind !== 'save') await leaveMark(ctx, agent, { from: conversation, reason: words.reason });
  await record(ctx, request, { subject: note.subject, mail: mail.id });
  try {
    await finish(ctx, request, end);
  } catch (error) {
    // This session goes on: it must not be told that it follows itself.
    await takeMark(ctx, agent);
    throw error;
  }
  return { ...note, mail: mail.id, end: end.kind };
}

interface Prepared {
  readonly facts: HandoffFacts;
  readonly end: HandoffEnd;
}

/** A bead that was named goes on the hook, once it is known that there will be a handoff at all. */
async function takeAlong(ctx: TownContext, request: HandoffRequest, planned: Prepared): Promise<Prepared> {
  const { bead, agent } = request;
  if (bead === undefined) return planned;
  await attachWork(ctx, { bead, agent, dryRun: false, force: false });
  return prepare(ctx, request);
}

async function prepare(ctx: TownContext, request: HandoffRequest): Promise<Prepared> {
  const { agent, mode, collect, git } = request;
  const facts = await gatherHandoff(ctx, agent, { collect, git });
  const settings = await readTownSettings(ctx);
  const end = planHandoff(facts, {
    mode,
    cooldownMs: settings.get('operational.session.min_handoff_cooldown'),
    last: await lastHandoff(ctx, agent),
    seen: await ctx.ports.panes.observe((await targetOf(ctx, agent)).session),
  });
  return { facts, end };
}

function noteOf(facts: HandoffFacts, { words }: HandoffRequest) {
  return { subject: handoffSubject(facts, words), text: renderHandoff(facts, words) };
}

function heldBead({ held }: HandoffFacts): Bead | undefined {
  return held.ok ? held.value.bead : undefined;
}

async function store(
  ctx: TownContext,
  { agent }: HandoffRequest,
  {
    subject,
    text,
    bead,
  }: { readonly subject: string; readonly text: string; readonly bead: string | undefined },
): Promise<Bead> {
  try {
    return await storeHandoff(ctx, { from: ctx.actor, agent, subject, body: text, bead });
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    const why = messageOf(error);
    await emitEvent(ctx, { type: 'handoff_failed', payload: { agent: formatAddress(agent), reason: why } });
    throw new ExternalError({
      code: 'handoff.not-stored',
      message: `the note could not be stored, so the session goes on: ${why}`,
      hint: 'Go on with the work, and try again later',
      cause: error,
    });
  }
}

async function record(
  ctx: TownContext,
  { agent, words }: HandoffRequest,
  { subject, mail }: { readonly subject: string; readonly mail: string },
): Promise<void> {
  const { session } = await targetOf(ctx, agent);
  const why = words.reason === undefined ? {} : { reason: words.reason };
  const payload = { agent: formatAddress(agent), to_session: session, subject, mail, ...why };
  await emitEvent(ctx, { type: 'handoff', payload, visibility: 'both' });
}

async function finish(ctx: TownContext, { agent }: HandoffRequest, end: HandoffEnd): Promise<void> {
  switch (end.kind) {
    case 'save':
      return;
    case 'renew':
      return renew(ctx, agent, end.bead);
    case 'start': {
      const { bead } = end;
      const now = ctx.ports.clock.now();
      const prompt = startPrompt({ agent, sender: ctx.actor, now, topic: 'handoff', bead });
      const last = await ctx.ports.panes.observe((await targetOf(ctx, agent)).session);
      await startAgent(ctx, { ...lastTerms(last), address: agent, fresh: true, prompt, bead: bead?.id });
    }
  }
}

async function renew(ctx: TownContext, agent: AgentAddress, bead: Bead): Promise<void> {
  if (!('rig' in agent)) return;
  const result = await renewWorker(ctx, await rigNamed(ctx, agent.rig), bead);
  if (result.kind === 'carried') return;
  throw new ExternalError({
    code: 'handoff.not-started',
    message: `the note is stored, but the next session was not started: ${result.why}`,
    hint: 'Go on with the work; the note waits for whatever session comes next',
  });
}
