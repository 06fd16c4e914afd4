import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import type { TownContext } from '../../beads/context.ts';
import { UsageError } from '../../core/errors.ts';
import type { SessionName } from '../../core/names.ts';
import { newLines } from '../../sessions/new-lines.ts';
import { printable } from '../../core/text.ts';
import { readReplay } from '../../sessions/replay.ts';
import { findTarget } from '../../sessions/target.ts';

export const schema = z.object({ session: z.string(), lines: z.array(z.string()) });

const FOLLOW_MS = 500;
const CLEAR = '\u001B[2J\u001B[H';
const LEAVE = '\u001B[0m\u001B[?25h\n';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const { session } = await findTarget(town, input.arg('agent'));
  const lines = lineCount(input);
  if (input.bool('replay')) return replay(app, town, session);
  if (input.bool('follow')) return follow(app, town, { session, lines });
  return screenOf(town, session, lines);
}

/** `gt session capture`. */
export async function capture(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const { session } = await findTarget(town, input.arg('agent'));
  return screenOf(town, session, lineCount(input));
}

async function screenOf(town: TownContext, session: SessionName, lines: number): Promise<CommandReply> {
  const text = printable(await town.ports.panes.screen(session, lines));
  return { data: { session, lines: text.split('\n') }, text };
}

function lineCount(input: CommandInput): number {
  const word = input.arg('count');
  const count = word === '' ? (input.number('lines') ?? 100) : Number(word);
  if (Number.isInteger(count) && count > 0) return count;
  throw new UsageError({ code: 'peek.bad-count', message: `'${word}' is no number of lines` });
}

/** On a terminal the screen is drawn anew, in a pipe only the lines that came are printed. Ends with the session. */
async function follow(
  app: AppContext,
  town: TownContext,
  { session, lines }: { readonly session: SessionName; readonly lines: number },
): Promise<CommandReply> {
  const { isTTY } = app.output;
  let shown: string | undefined;
  while (!app.stopSignal.aborted) {
    const screen = printable(await town.ports.panes.screen(session, lines));
    if (screen !== shown) {
      const text = isTTY ? `${CLEAR}${screen}` : newLines(shown, screen).join('\n');
      if (text !== '') app.output.write(`${text}\n`);
    }
    shown = screen;
    if ((await town.ports.panes.observe(session)).kind !== 'live') return { exitCode: 0 };
    await town.ports.clock.sleep(FOLLOW_MS, app.stopSignal);
  }
  return { exitCode: 0 };
}

/** On a terminal as it was; elsewhere without pauses and control characters. */
async function replay(app: AppContext, town: TownContext, session: SessionName): Promise<CommandReply> {
  const frames = await readReplay(town, session);
  if (!app.output.isTTY) return { text: printable(frames.map(({ text }) => text).join('')) };
  for (const { waitMs, text } of frames) {
    await town.ports.clock.sleep(waitMs, app.stopSignal);
    if (app.stopSignal.aborted) break;
    app.output.write(text);
  }
  app.output.write(LEAVE);
  return {};
}
