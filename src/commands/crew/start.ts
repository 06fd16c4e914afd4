import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import { UsageError } from '../../core/errors.ts';
import type { CrewPlace } from '../../rig/crew-place.ts';
import { startEach } from '../../crew/start.ts';
import type { CrewStart } from '../../crew/start.ts';
import { listRigs } from '../../rig/registry.ts';
import { actingTown } from '../acting-town.ts';
import { crewOf, findOrNew } from './choose.ts';
import { outcomeReply } from './outcome.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const places = await readWords(app, town, input);
  const start = { agent: input.flag('agent'), account: input.flag('account'), resume: readResume(input) };
  return outcomeReply(app, await startEach(town, places, start));
}

/** `[rig] [name…]`; a rig alone, and --all, stand for all workspaces that are there. */
async function readWords(
  app: AppContext,
  town: TownContext,
  input: CommandInput,
): Promise<readonly CrewPlace[]> {
  const [first = '', ...rest] = input.args('names');
  const isRig = (await listRigs(town)).some(({ name }) => name === first);
  const rig = isRig ? first : input.flag('rig');
  const words = isRig || first === '' ? rest : [first, ...rest];
  if (input.bool('all') && words.length > 0) {
    throw new UsageError({ code: 'crew.which', message: '--all and names exclude each other' });
  }
  if (words.length === 0 && (isRig || input.bool('all'))) return crewOf(app, town, rig ?? '');
  if (words.length === 0) {
    throw new UsageError({
      code: 'crew.which',
      message: 'which crew?',
      hint: 'gt crew start <name>, gt crew start <rig>, or gt crew start --all',
    });
  }
  return Promise.all(words.map((word) => findOrNew(town, { word, rig, cwd: app.cwd })));
}

function readResume(input: CommandInput): CrewStart['resume'] {
  const wanted = input.flag('resume');
  if (wanted === undefined || wanted === 'last') return wanted;
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(wanted)) return { conversation: wanted };
  throw new UsageError({
    code: 'crew.bad-resume',
    message: `'${wanted.slice(0, 60)}' is no id of a conversation`,
    hint: 'See them: gt seance',
  });
}
