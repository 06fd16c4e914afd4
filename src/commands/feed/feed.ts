import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import type { TownContext } from '../../beads/context.ts';
import { UsageError } from '../../core/errors.ts';
import { shownSessions } from '../../sessions/cycle.ts';
import { readEventsFrom, readNewest } from '../../town/event-log.ts';
import type { EventFilter } from '../../town/event-log.ts';
import { eventLine } from '../../ui/text/event-line.ts';
import { eventJson, eventSchema } from './event-schema.ts';

export const schema = z.array(eventSchema);

const POLL_MS = 500;

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  if (input.bool('window')) return openWindow(ctx, input.flag('session') ?? app.env['GT_SESSION'] ?? '');
  const filter = filterOf(app, input);
  const page = await readNewest(ctx, { ...filter, limit: input.number('limit') ?? 100 });
  if (input.json) return { data: page.events.map(eventJson) };
  const text = page.events.map(eventLine).join('\n');
  const follows = input.bool('follow') || (app.output.isTTY && !input.bool('no-follow'));
  if (!follows) return { text: text || 'Nothing has happened yet' };
  const { stopSignal } = app;
  if (text !== '') app.output.write(`${text}\n`);
  let { next } = page;
  while (!stopSignal.aborted) {
    const more = await readEventsFrom(ctx, next, filter);
    next = more.next;
    for (const event of more.events) app.output.write(`${eventLine(event)}\n`);
    await app.machine.clock.sleep(POLL_MS, stopSignal);
  }
  return { exitCode: 0 };
}

/** Opened once in a session, then gone to. */
async function openWindow(ctx: TownContext, session: string): Promise<CommandReply> {
  const shown = (await shownSessions(ctx)).find((one) => one.session === session);
  if (shown === undefined) {
    throw new UsageError({
      code: 'feed.no-session',
      message: '--window needs the session of an agent in tmux',
      hint: 'Go to one and press prefix a: gt agents',
    });
  }
  await ctx.ports.tmux.ui.window(shown.session, { name: 'feed', words: ['feed', '--follow'] });
  return {};
}

function filterOf(app: AppContext, input: CommandInput): EventFilter {
  const types = input.list('type');
  const since = input.duration('since');
  const rig = input.flag('rig');
  const about = input.flag('mol');
  return {
    visibility: 'feed',
    ...(types.length === 0 ? {} : { types }),
    ...(since === undefined ? {} : { since: app.machine.clock.now() - since }),
    ...(rig === undefined ? {} : { rig }),
    ...(about === undefined ? {} : { about }),
  };
}
