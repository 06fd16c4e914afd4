import { join } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import type { AgentAddress } from '../../core/address.ts';
import { agentHome } from '../../town/agent-home.ts';

/** What tells the next session that it was begun by a handoff. */
export interface HandoffMark {
  /** The runtime's own id of the conversation that handed over; '' when unknown. */
  readonly from: string;
  readonly reason: string | undefined;
}

/** Also notes the time: handoffs in a row are an agent that turns in circles. */
export async function leaveMark(ctx: TownContext, agent: AgentAddress, mark: HandoffMark): Promise<void> {
  const { files, clock } = ctx.ports;
  const lines = [mark.from, ...(mark.reason === undefined ? [] : [mark.reason.replaceAll(/\s+/g, ' ')])];
  await files.writeAtomic(path(ctx, agent, 'handoff_to_successor'), `${lines.join('\n')}\n`, { mode: 0o600 });
  const seconds = Math.floor(clock.now() / 1000);
  await files.writeAtomic(path(ctx, agent, 'last_handoff_ts'), `${seconds}\n`, { mode: 0o600 });
}

/** undefined = the last session ended in another way. */
export async function readMark(ctx: TownContext, agent: AgentAddress): Promise<HandoffMark | undefined> {
  const text = await ctx.ports.files.readText(path(ctx, agent, 'handoff_to_successor'));
  if (text === undefined) return undefined;
  const [from = '', reason = ''] = text.split('\n');
  return { from, reason: reason === '' ? undefined : reason };
}

/** Reads it for the one session that it is for. */
export async function takeMark(ctx: TownContext, agent: AgentAddress): Promise<HandoffMark | undefined> {
  const mark = await readMark(ctx, agent);
  if (mark !== undefined) await ctx.ports.files.remove(path(ctx, agent, 'handoff_to_successor'));
  return mark;
}

/** Unix ms; undefined = it never handed over. */
export async function lastHandoff(ctx: TownContext, agent: AgentAddress): Promise<number | undefined> {
  const text = await ctx.ports.files.readText(path(ctx, agent, 'last_handoff_ts'));
  const seconds = Number(text?.trim() || NaN);
  return Number.isSafeInteger(seconds) ? seconds * 1000 : undefined;
}

function path(ctx: TownContext, agent: AgentAddress, name: string): string {
  return join(agentHome(ctx.root, agent), '.runtime', name);
}
