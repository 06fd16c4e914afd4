import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { readEvents } from '../../town/event-log.ts';
import { renderCommits, renderTrailBeads, renderTrailEvents } from '../../ui/text/trail.ts';
import { readRecentBeads, readRecentCommits } from '../../watchdog/recent-work.ts';
import { eventJson, eventSchema } from './event-schema.ts';

const commitSchema = z.object({
  rig: z.string(),
  sha: z.string(),
  author: z.string(),
  at: z.string(),
  subject: z.string(),
});
const beadSchema = z.object({
  id: z.string(),
  title: z.string(),
  status: z.string(),
  assignee: z.string(),
  updated_at: z.string(),
});

export const schema = z.union([z.array(commitSchema), z.array(beadSchema), z.array(eventSchema)]);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  const since = input.duration('since');
  const scope = {
    limit: input.number('limit') ?? 20,
    ...(since === undefined ? {} : { since: app.machine.clock.now() - since }),
  };
  const subject = input.arg('subject');
  const { style } = app.output;
  switch (subject) {
    case '':
    case 'commits': {
      const commits = await readRecentCommits(ctx, { ...scope, everybody: input.bool('all') });
      return { data: commits, text: renderCommits(commits, style) };
    }
    case 'beads': {
      const beads = await readRecentBeads(ctx, scope);
      return { data: beads, text: renderTrailBeads(beads, style) };
    }
    case 'hooks': {
      const events = await readEvents(ctx, { ...scope, types: ['sling', 'hook', 'unhook', 'done'] });
      return { data: events.map(eventJson), text: renderTrailEvents(events) };
    }
    default: {
      const events = await readEvents(ctx, { ...scope, about: subject });
      return { data: events.map(eventJson), text: renderTrailEvents(events) };
    }
  }
}
