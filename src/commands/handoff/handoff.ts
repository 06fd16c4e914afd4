import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress, sameAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { UsageError } from '../../core/errors.ts';
import { isBeadId } from '../../core/names.ts';
import { previewHandoff, runHandoff } from '../../polecat/handoff/run.ts';
import type { HandoffReport, HandoffRequest } from '../../polecat/handoff/run.ts';
import { attachSession } from '../../sessions/attach.ts';
import { findTarget, targetOf } from '../../sessions/target.ts';
import { actingTown, conversationOf } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const request = await readRequest(app, input, town);
  if (input.bool('dry-run')) return { text: describe(request.agent, await previewHandoff(town, request)) };
  const asks = request.mode === 'restart' && !input.bool('yes') && !input.bool('cycle');
  if (
    asks &&
    !(await app.confirm(`End the session of ${formatAddress(request.agent)} and begin a fresh one?`))
  )
    return { text: 'Nothing was done', exitCode: 1 };
  const report = await runHandoff(town, request);
  const isOther = !sameAddress(request.agent, town.actor);
  const watches = isOther && report.end !== 'save' && input.flag('watch') !== 'false' && app.output.isTTY;
  if (watches) await attachSession(town, (await targetOf(town, request.agent)).session);
  return { text: describe(request.agent, report) };
}

async function readRequest(app: AppContext, input: CommandInput, town: TownContext): Promise<HandoffRequest> {
  const what = input.arg('what');
  const reason = input.flag('reason') ?? (input.bool('cycle') ? 'cycle' : undefined);
  // Hook files of older versions hand over before a compaction, which must only record (P21).
  const saves = input.bool('auto') || reason === 'compaction';
  const bead = isBeadId(what) ? what : undefined;
  return {
    agent: what === '' || bead !== undefined ? town.actor : await namedAgent(town, what),
    words: {
      subject: input.flag('subject'),
      note: input.bool('stdin') ? await app.stdin() : (input.flag('message') ?? ''),
      reason,
    },
    mode: saves ? 'save' : 'restart',
    collect: input.bool('collect'),
    git: !input.bool('no-git-check'),
    bead,
    conversation: conversationOf(app),
  };
}

const SHORT: Readonly<Record<string, string>> = {
  may: 'mayor',
  dea: 'deacon',
  wit: 'witness',
  ref: 'refinery',
};

/** A bare role of a rig, or `crew/<name>`, means the one of the caller's own rig. */
async function namedAgent(town: TownContext, word: string): Promise<AgentAddress> {
  const name = SHORT[word] ?? word;
  const isOfRig = name === 'witness' || name === 'refinery' || name.startsWith('crew/');
  if (!isOfRig) return (await findTarget(town, name)).address;
  if ('rig' in town.actor) return (await findTarget(town, `${town.actor.rig}/${name}`)).address;
  throw new UsageError({
    code: 'address.bad',
    message: `${name.slice(0, 60)} of which rig?`,
    hint: `Write <rig>/${name.slice(0, 60)}`,
  });
}

function describe(agent: AgentAddress, { subject, text, mail, end }: HandoffReport): string {
  const name = formatAddress(agent);
  if (mail === undefined) {
    const then = end === 'save' ? 'the session goes on' : 'a fresh session begins in the same place';
    return `Would leave this note for ${name}; then ${then}:\n\n🤝 HANDOFF: ${subject}\n\n${text}`;
  }
  return `Note ${mail} is on the hook of ${name}${end === 'save' ? '' : '; its next session has begun'}`;
}
