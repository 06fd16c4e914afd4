import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { renderStatus } from '../../ui/text/status.ts';
import { lineWidth } from '../../ui/text/width.ts';
import { readTownView } from '../../watchdog/view/read-view.ts';
import { statusJson } from '../../watchdog/view/to-json.ts';
import type { TownView } from '../../watchdog/view/types.ts';
import { watchStatus } from './watch.ts';

const agentSchema = z.object({
  name: z.string(),
  address: z.string(),
  session: z.string(),
  role: z.string(),
  running: z.boolean(),
  has_work: z.boolean(),
  state: z.string(),
  reasons: z.array(z.string()),
});

export const schema = z.looseObject({
  name: z.string(),
  location: z.string(),
  agents: z.array(z.looseObject(agentSchema.shape)),
  rigs: z.array(
    z.looseObject({ name: z.string(), polecats: z.array(z.string()), polecat_count: z.number() }),
  ),
  summary: z.looseObject({ rig_count: z.number(), polecat_count: z.number(), active_hooks: z.number() }),
  attention: z.array(
    z.object({ kind: z.string(), subject: z.string(), reason: z.string(), next: z.string() }),
  ),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  const draw = (view: TownView): string =>
    renderStatus(view, {
      paint: app.output.style,
      columns: lineWidth(app.output),
      verbose: input.bool('verbose'),
    });
  if (input.bool('watch')) {
    const seconds = input.number('interval') ?? 2;
    await watchStatus(app, { read: () => readTownView(ctx), draw, intervalMs: seconds * 1000 });
    return { exitCode: 0 };
  }
  const view = await readTownView(ctx);
  return input.json ? { data: statusJson(view) } : { text: draw(view) };
}
