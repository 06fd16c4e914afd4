import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { listPolecats } from '../../polecat/list.ts';
import { listRigs, rigNamed } from '../../rig/registry.ts';
import { renderSessionCheck } from '../../ui/text/session.ts';

export const schema = z.object({
  checked: z.number(),
  healthy: z.number(),
  sessions: z.array(
    z.object({
      rig: z.string(),
      polecat: z.string(),
      session_id: z.string(),
      state: z.string(),
      running: z.boolean(),
      healthy: z.boolean(),
      issue: z.optional(z.string()),
      reasons: z.array(z.string()),
    }),
  ),
});

/** States in which a worker is as it should be. */
const HEALTHY: ReadonlySet<string> = new Set(['working', 'idle', 'starting', 'ending', 'stopped']);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const name = input.arg('rig');
  const rigs = name === '' ? await listRigs(town) : [await rigNamed(town, name)];
  const views = (await Promise.all(rigs.map((rig) => listPolecats(town, rig)))).flat();
  const sessions = views
    .filter(({ verdict }) => verdict.state !== 'nuked')
    .map(({ rig, name: polecat, session, verdict, seen, work }) => ({
      rig,
      polecat,
      session_id: session,
      state: verdict.state,
      running: seen.kind === 'live',
      healthy: HEALTHY.has(verdict.state),
      ...(work.held[0] === undefined ? {} : { issue: work.held[0].id }),
      reasons: [...verdict.reasons],
    }));
  const healthy = sessions.filter((session) => session.healthy).length;
  return {
    data: { checked: sessions.length, healthy, sessions },
    text: renderSessionCheck(sessions, app.output.style),
  };
}
