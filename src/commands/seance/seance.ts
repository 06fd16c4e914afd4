import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { UsageError } from '../../core/errors.ts';
import { listPastSessions, shortIds } from '../../sessions/seance/list.ts';
import type { SessionFilter } from '../../sessions/seance/list.ts';
import { renderSessions } from '../../ui/text/seance.ts';
import { grep, grepSchema } from './grep.ts';
import { rowOf, rowSchema } from './row.ts';
import { schema as showSchema, show } from './show.ts';
import { talk, talkSchema } from './talk.ts';

export const schema = z.union([z.array(rowSchema), grepSchema, showSchema, talkSchema]);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const asked = input.flag('talk');
  const wanted = input.flag('grep');
  const id = input.arg('session');
  if (asked === undefined && input.flag('prompt') !== undefined) {
    throw new UsageError({
      code: 'seance.nobody',
      message: '-p asks a session: which one?',
      hint: "Run: gt seance --talk <id> -p '<question>'",
    });
  }
  if (asked !== undefined) return talk(app, input, asked);
  if (wanted !== undefined) return grep(app, input, { pattern: wanted, filter: filterOf(app, input) });
  if (id !== '') return show(app, id, { lines: 20 });
  return list(app, input);
}

async function list(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const all = await listPastSessions(town, filterOf(app, input));
  const sessions = all.slice(0, input.number('recent') ?? 20);
  const now = town.ports.clock.now();
  const rows = sessions.map((session) => rowOf(session, now));
  const facts = { now, style: app.output.style, screen: app.output, ids: shortIds(all), all: all.length };
  return { data: rows, text: () => renderSessions(rows, facts) };
}

function filterOf(app: AppContext, input: CommandInput): SessionFilter {
  const since = input.duration('since');
  return {
    role: input.flag('role'),
    rig: input.flag('rig'),
    bead: input.flag('bead'),
    since: since === undefined ? undefined : app.machine.clock.now() - since,
  };
}
