import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import type { TmuxAction, TmuxMenuItem } from '../../ports/tmux-ui.ts';
import { listRigRows } from '../../watchdog/rig-rows.ts';
import type { RigRow } from '../../watchdog/rig-rows.ts';
import { fitMenu } from './fit-menu.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const client = input.flag('client') || undefined;
  const [rows, height] = await Promise.all([listRigRows(town), town.ports.tmux.ui.rows(client)]);
  if (rows.length === 0) return { text: 'No rigs yet. Add a project: gt rig add <name> <git-url>' };
  const items = fitMenu(rows.flatMap(itemsOf), {
    rows: height,
    from: input.number('from') ?? 0,
    more: [],
    nextPage: (next) => [
      'rig',
      'menu',
      `--from=${next}`,
      ...(client === undefined ? [] : [`--client=${client}`]),
    ],
  });
  await town.ports.tmux.ui.menu({ title: 'Rigs (projects)', client, items });
  return {};
}

function itemsOf(row: RigRow): readonly TmuxMenuItem[] {
  const { name, status } = row;
  const choice = (text: string, action: TmuxAction): TmuxMenuItem => ({ kind: 'choice', text, action });
  const popup = (...words: readonly string[]): TmuxAction => ({
    kind: 'popup',
    words,
    columns: 80,
    rows: 25,
  });
  const heading: TmuxMenuItem = { kind: 'heading', text: `── ${lamp(row)} ${name}, ${status} ──` };
  if (status === 'error') return [heading];
  return [
    heading,
    choice('Status', popup('rig', 'status', name)),
    choice('Merge queue', popup('mq', 'list', name)),
    ...movesOf(row).map(([text, move]) => choice(text, { kind: 'run', words: ['rig', move, name] })),
  ];
}

/** What makes sense to do with the rig as it is now: what is on the screen, and the command's word. */
function movesOf({ status, refinery }: RigRow): readonly (readonly [string, string])[] {
  if (status === 'parked') return [['Unpark', 'unpark']];
  if (status === 'docked') return [['Undock', 'undock']];
  const power =
    refinery === 'running'
      ? ([
          ['Stop', 'stop'],
          ['Restart', 'restart'],
        ] as const)
      : ([['Start', 'start']] as const);
  return [...power, ['Park', 'park']];
}

function lamp({ status, witness, refinery }: RigRow): string {
  if (status === 'error') return '✖';
  if (status === 'parked') return '🅿️ ';
  if (status === 'docked') return '🛑';
  const up = [witness, refinery].filter((state) => state === 'running').length;
  return up === 2 ? '🟢' : up === 1 ? '🟡' : '⚫';
}
