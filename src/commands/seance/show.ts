import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { printable } from '../../core/text.ts';
import { findPastSession, listPastSessions } from '../../sessions/seance/list.ts';
import { recordedEnd, summarise } from '../../sessions/seance/recall.ts';
import { openSources } from '../../sessions/seance/sources.ts';
import { renderSeance } from '../../ui/text/seance.ts';
import { lastScreen } from './last-screen.ts';
import { rowOf, rowSchema } from './row.ts';

const said = z.object({ by: z.enum(['user', 'agent']), text: z.string() });
const tokens = z.object({ input: z.number(), output: z.number(), cached: z.number() });
export const schema = z.object({
  session: rowSchema,
  transcript: z.optional(z.array(z.string())),
  summary: z.optional(
    z.object({
      first: z.optional(z.string()),
      said: z.array(z.string()),
      left_out: z.number(),
      files: z.array(z.string()),
      commands: z.array(z.string()),
      ran: z.number(),
      last: z.optional(said),
      tokens: z.optional(tokens),
    }),
  ),
  screen: z.string(),
});

export function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  return show(app, input.arg('session'), { lines: input.number('lines') ?? 20 });
}

export async function show(
  app: AppContext,
  text: string,
  { lines }: { readonly lines: number },
): Promise<CommandReply> {
  const town = await app.town();
  const past = findPastSession(await listPastSessions(town), text);
  const { place } = await (await openSources(town))(past);
  const summary = await summarise(town, place);
  const screen = printable(await lastScreen(await recordedEnd(town, past), lines));
  const files = place === undefined ? undefined : place.store === 'recording' ? place.files : [place.file];
  const { leftOut, ...rest } = summary ?? { leftOut: 0 };
  const data = {
    session: rowOf(past, town.ports.clock.now()),
    ...(files === undefined ? {} : { transcript: files }),
    ...(summary === undefined ? {} : { summary: { ...rest, left_out: leftOut } }),
    screen,
  };
  const facts = { summary, screen, files, style: app.output.style, now: town.ports.clock.now() };
  return { data, text: () => renderSeance(data.session, facts) };
}
