import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { Bead } from '../../beads/types.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import { UsageError } from '../../core/errors.ts';
import { attachWork } from '../../hooks/attach.ts';
import { takeOffHook } from '../../polecat/release/take-off.ts';
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
  const makeRoom = (held: Bead): Promise<unknown> =>
    takeOffHook(town, { bead: held, force: true, why: `${bead} takes its place` });
  const { id } = await attachWork(town, {
    bead,
    agent,
    dryRun,
    note: noteOf(input),
    makeRoom: input.bool('force') ? makeRoom : undefined,
  });
  const name = formatAddress(agent);
  return {
    text: dryRun
      ? `Would put ${id} on the hook of ${name}`
      : `${app.output.style.green('✓')} ${id} is on the hook of ${name}`,
  };
}

function noteOf(input: CommandInput): string | undefined {
  return (
    [input.flag('subject'), input.flag('message')].filter((text) => text !== undefined).join('\n') ||
    undefined
  );
}
