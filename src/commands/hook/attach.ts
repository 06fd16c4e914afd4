import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import { UsageError } from '../../core/errors.ts';
import { attachWork } from '../../polecat/sling/attach.ts';
import { actingTown } from '../acting-town.ts';
import { agentArg } from './status-data.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const bead = input.arg('bead');
  if (bead.includes('/')) {
    throw new UsageError({
      code: 'hook.no-bead',
      message: `'${bead.slice(0, 60)}' is an agent, not a bead`,
      hint: `What it holds: gt hook status ${bead}`,
    });
  }
  const town = await actingTown(app);
  const agent = await agentArg(town, input.arg('target'));
  const dryRun = input.bool('dry-run');
  const note = noteOf(input);
  const attached = await attachWork(town, { bead, agent, dryRun, note, force: input.bool('force') });
  const name = formatAddress(agent);
  const { id } = attached.bead;
  const lines = [
    ...attached.finished.map(
      ({ bead: done, molecule }) =>
        `${dryRun ? 'Would close' : 'Closed'} ${done.id}: molecule ${molecule} is complete`,
    ),
    ...attached.others.map((held) => `${dryRun ? 'Would take' : 'Took'} ${held.id} off that hook`),
    dryRun
      ? `Would put ${id} on the hook of ${name}`
      : `${app.output.style.green('✓')} ${id} is on the hook of ${name}`,
  ];
  return { text: lines.join('\n') };
}

function noteOf(input: CommandInput): string | undefined {
  return (
    [input.flag('subject'), input.flag('message')].filter((text) => text !== undefined).join('\n') ||
    undefined
  );
}
