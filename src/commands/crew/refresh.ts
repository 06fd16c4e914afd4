import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { findCrew } from '../../rig/find-crew.ts';
import { runHandoff } from '../../polecat/handoff/run.ts';
import { refuseUnwanted } from '../../town/wanted.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const place = await findCrew(town, { word: input.arg('name'), rig: input.flag('rig'), cwd: app.cwd });
  await refuseUnwanted(town, place.address);
  const note = input.flag('message') ?? '';
  const { mail } = await runHandoff(town, {
    agent: place.address,
    words: { subject: undefined, note, reason: 'refresh' },
    mode: 'restart',
    collect: false,
    git: true,
    bead: undefined,
    conversation: '',
  });
  const name = `${place.rig.name}/crew/${place.name}`;
  return { text: `${app.output.style.green('✓')} ${name} began afresh; its note is ${mail ?? 'not stored'}` };
}
