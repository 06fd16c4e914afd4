import { UnreadableError } from '../../core/errors.ts';
import type { SessionName } from '../../core/names.ts';
import type { TmuxAction, TmuxMenu, TmuxMenuItem, TmuxUi, TmuxWindow } from '../../ports/tmux-ui.ts';
import { dressArgv, switchWords, windowArgv, type PaneLine } from './argv.ts';
import { ask, change, cleanEnv, type TmuxTools } from './call.ts';
import { keyLine } from './config.ts';
import { formatText, quoted, wholeWord } from './quote.ts';

export function createTmuxUi(tools: TmuxTools, readPanes: () => Promise<readonly PaneLine[]>): TmuxUi {
  return {
    async dress(session, look) {
      const panes = (await readPanes()).filter((pane) => pane.session === session && pane.isHost);
      for (const { pane } of panes) await change(tools, dressArgv(look, pane));
    },
    show: (session, client) => change(tools, switchWords(session, client), clientEnv(tools, client)),
    menu: (menu) => openMenu(tools, menu),
    rows: (client) => readRows(tools, client),
    window: (session, window) => openWindow(tools, session, window),
  };
}

/** Without a named client tmux finds the caller's by TMUX. */
function clientEnv(tools: TmuxTools, client: string | undefined) {
  return client === undefined ? tools.env : undefined;
}

async function readRows(tools: TmuxTools, client: string | undefined): Promise<number> {
  const named = client === undefined ? [] : ['-c', client];
  const words = ['display-message', '-p', ...named, '#{client_height}'];
  const answer = await ask(tools, words, clientEnv(tools, client));
  const rows = answer.ok ? Number(answer.stdout.trim() || 'none') : Number.NaN;
  if (Number.isInteger(rows)) return rows;
  const why = answer.ok ? 'nobody is attached' : answer.why;
  throw new UnreadableError({ code: 'tmux.unreadable', message: `cannot ask tmux for its client: ${why}` });
}

/** The command lasts until the menu is closed: it is left alone. */
async function openMenu(tools: TmuxTools, menu: TmuxMenu): Promise<void> {
  const named = menu.client === undefined ? [] : ['-c', menu.client];
  const title = `#[bold] ${formatText(menu.title)} `;
  const words = ['display-menu', ...named, '-T', title, '-x', 'C', '-y', 'C', '--'];
  await tools.processes.startDetached({
    argv: [...tools.program, ...words, ...menu.items.flatMap((item) => itemWords(tools, item))],
    cwd: '/',
    env: clientEnv(tools, menu.client) ?? cleanEnv(tools.env),
    logFile: `${tools.configFile}.log`,
  });
}

/** A second call goes to the window that is there. */
async function openWindow(
  tools: TmuxTools,
  session: SessionName,
  { name, words }: TmuxWindow,
): Promise<void> {
  await change(tools, windowArgv(session, name, ['sh', '-c', `exec env ${gtShell(tools, words)}`]));
}

function itemWords(tools: TmuxTools, item: TmuxMenuItem): readonly string[] {
  switch (item.kind) {
    case 'line':
      return [''];
    case 'heading':
      // A leading dash greys an item out.
      return [wholeWord(`-#[nodim]${formatText(item.text)}`), '', ''];
    case 'choice':
      // tmux fills in formats in the command too, before it reads it.
      return [
        wholeWord(formatText(item.text)),
        item.key ?? '',
        wholeWord(formatText(actionLine(tools, item.action))),
      ];
  }
}

/** A line of tmux's command language. */
function actionLine(tools: TmuxTools, action: TmuxAction): string {
  switch (action.kind) {
    case 'show':
      return switchWords(action.session).map(quoted).join(' ');
    case 'run':
      return `run-shell -b ${quoted(formatText([keyLine(tools.gtLine), ...action.words.map(quoted)].join(' ')))}`;
    case 'popup':
      return `display-popup -w ${action.columns} -h ${action.rows} ${quoted(gtShell(tools, action.words))}`;
  }
}

function gtShell({ gtLine }: TmuxTools, words: readonly string[]): string {
  return [gtLine, ...words.map(quoted)].join(' ');
}
