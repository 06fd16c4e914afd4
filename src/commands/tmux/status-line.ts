import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { messageOf } from '../../core/errors.ts';
import { FRESH_MS, keptBars } from '../../watchdog/view/kept-bars.ts';
import type { Bars, KeptBars } from '../../watchdog/view/kept-bars.ts';

/** A bar shows something within this. */
const PATIENCE_MS = 1500;
/** What is older is marked: it may not be true any more. */
const OLD_MS = 30_000;

/** tmux runs it every few seconds and shows what it prints: it never fails, and is quick whatever hangs. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  try {
    app.output.write(await barOf(app, input.flag('session') ?? app.env['GT_SESSION'] ?? ''));
  } catch (error) {
    app.machine.log.debug('no status bar', { why: messageOf(error) });
  }
  return {};
}

async function barOf(app: AppContext, session: string): Promise<string> {
  const { clock, files } = app.machine;
  const root = app.env['GT_TOWN_ROOT'] ?? (await app.town()).root;
  const kept = await keptBars(files, root);
  const age = kept === undefined ? Infinity : clock.now() - kept.at;
  if (kept !== undefined && age >= 0 && age < FRESH_MS) return kept.bars[session] ?? '';
  const fresh = await Promise.race([look(app, root), clock.sleep(PATIENCE_MS).then(() => undefined)]);
  if (fresh !== undefined) return fresh[session] ?? '';
  return oldBar(kept, session, age);
}

/** By the daemon, which looks anyway; without one by whoever comes first. */
async function look(app: AppContext, root: string): Promise<Bars | undefined> {
  const [{ askDaemonForBars }, { makeBarsOnce }, { drawBars }] = await Promise.all([
    import('../../watchdog/daemon-control.ts'),
    import('../../watchdog/view/bars.ts'),
    import('../../ui/text/status-bar.ts'),
  ]);
  const town = await app.townAt(root);
  return (await askDaemonForBars(town)) ?? makeBarsOnce(town, drawBars);
}

function oldBar(kept: KeptBars | undefined, session: string, age: number): string {
  const bar = kept?.bars[session] ?? '';
  return bar !== '' && Math.abs(age) > OLD_MS ? `? ${bar}` : bar;
}
