import { parsePriority } from '../../beads/words/kinds.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import { assignWork } from '../../polecat/sling/assign.ts';
import { findCrew } from '../../rig/find-crew.ts';
import { actingTown } from '../acting-town.ts';

const TOLD = {
  nudged: ', and told of it',
  'not-up': '; its session is not up, it will find it there',
  'not-asked': '',
};

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const crew = { word: input.arg('crew'), rig: input.flag('rig') ?? '', cwd: app.cwd };
  const to = await findCrew(town, crew);
  const dryRun = input.bool('dry-run');
  const priority = input.flag('priority');
  const { bead, others, finished, told } = await assignWork(town, {
    to,
    bead: {
      title: input.args('title').join(' '),
      description: input.flag('description') ?? '',
      type: input.flag('type') ?? 'task',
      labels: input.list('label'),
      ...(priority === undefined ? {} : { priority: parsePriority(priority) }),
    },
    dryRun,
    force: input.bool('force'),
    nudge: input.bool('nudge'),
  });
  const name = formatAddress(to.address);
  const lines = [
    ...finished.map(
      (done) => `${dryRun ? 'Would close' : 'Closed'} ${done.bead.id}: its molecule is complete`,
    ),
    ...others.map((held) => `${dryRun ? 'Would take' : 'Took'} ${held.id} off that hook`),
    dryRun
      ? `Would make a ${bead.type} '${bead.title}' in ${to.rig.name} and put it on the hook of ${name}`
      : `${app.output.style.green('✓')} ${bead.id} is on the hook of ${name}${TOLD[told]}`,
  ];
  return { text: lines.join('\n') };
}
