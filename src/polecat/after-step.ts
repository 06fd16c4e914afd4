import { readAttachment } from '../beads/forms/attachment.ts';
import type { TownContext } from '../beads/context.ts';
import { GtError, messageOf } from '../core/errors.ts';
import { readAgentWork } from '../hooks/held-work.ts';
import type { StepDone } from '../hooks/step-done.ts';
import { runDone, type DoneReport } from './done/run.ts';
import { runHandoff } from './handoff/run.ts';

/** What the caller's session did after a step of its molecule. */
export type AfterStep =
  | { readonly kind: 'goes-on'; readonly why?: string }
  | { readonly kind: 'handed-in'; readonly report: DoneReport }
  | { readonly kind: 'renewed' };

/** The session in which the step was closed. */
export interface StepSession {
  /** GT_SPAWN; undefined outside a session, where nothing follows. */
  readonly spawn: number | undefined;
  /** The runtime's own id of the conversation; '' = unknown. */
  readonly conversation: string;
}

/**
 * What follows in a polecat's session: a complete molecule is handed in; the next step begins with a fresh session, which
 * carries no context of the steps before. One that cannot be renewed (too soon after the last) goes on by itself: the
 * step is closed either way. Sessions that people share (crew, mayor) are theirs to end. Throws what `runDone` throws.
 */
export async function afterStep(
  ctx: TownContext,
  { action, molecule, next }: StepDone,
  { spawn, conversation }: StepSession,
): Promise<AfterStep> {
  if (spawn === undefined || ctx.actor.role !== 'polecat') return { kind: 'goes-on' };
  if (action === 'done' && (await holdsWorkOf(ctx, molecule.id)))
    return {
      kind: 'handed-in',
      report: await runDone(ctx, { agent: ctx.actor, spawn, status: 'COMPLETED' }),
    };
  if (action !== 'continue' || next === undefined) return { kind: 'goes-on' };
  try {
    await runHandoff(ctx, {
      agent: ctx.actor,
      words: { subject: undefined, note: `Next step: ${next.id} ${next.title}`, reason: 'step' },
      mode: 'restart',
      collect: false,
      git: true,
      bead: undefined,
      conversation,
    });
    return { kind: 'renewed' };
  } catch (error) {
    if (error instanceof GtError) return { kind: 'goes-on', why: messageOf(error) };
    throw error;
  }
}

async function holdsWorkOf({ actor, ledgers }: TownContext, molecule: string): Promise<boolean> {
  const { held } = await readAgentWork(await ledgers.of(molecule), actor);
  return held.some((bead) => readAttachment(bead)?.attachedMolecule === molecule);
}
