import { relative } from 'node:path';
import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import type { TownContext } from '../../beads/context.ts';
import { oneLine } from '../../core/text.ts';
import { readLayer } from '../../runtimes/hook-files/layers.ts';
import type { HookLayer } from '../../runtimes/hook-files/layers.ts';
import { isOurCommand } from '../../runtimes/hook-files/intents.ts';
import { commandsOf, hooksWritten } from '../../runtimes/hook-files/written.ts';
import type { WrittenHooks } from '../../runtimes/hook-files/written.ts';
import { layersFileOf } from '../../runtimes/hook-files/plan.ts';
import { readHookTargets } from '../../runtimes/hook-files/targets.ts';
import type { TargetFiles } from '../../runtimes/hook-files/targets.ts';
import { renderTable } from '../../ui/text/table.ts';

const hook = z.object({
  /** The event. */
  type: z.string(),
  /** The file, below the town. */
  location: z.string(),
  agent: z.string(),
  matcher: z.string(),
  commands: z.array(z.string()),
  /** Whose it is: gt's, of a layer, or written into the file by hand. */
  status: z.enum(['gt', 'layer', 'own']),
});
export const schema = z.object({ town_root: z.string(), hooks: z.array(hook), count: z.number() });
type Hook = z.infer<typeof hook>;

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const found = await Promise.all((await readHookTargets(town)).map((target) => hooksIn(town, target)));
  const hooks = found.flatMap((each) => ('hooks' in each ? each.hooks : []));
  const text = renderTable<Hook>(
    [
      { title: 'Agent', value: (row) => row.agent },
      { title: 'Event', value: (row) => row.type },
      { title: 'Matcher', value: (row) => oneLine(row.matcher) },
      { title: 'Whose', value: (row) => row.status },
      input.bool('verbose')
        ? { title: 'Commands', value: (row) => oneLine(row.commands.join('; '), 1000), flexible: true }
        : { title: 'File', value: (row) => row.location, flexible: true },
    ],
    hooks,
    app.output,
  );
  return {
    data: { town_root: town.root, hooks, count: hooks.length },
    text: hooks.length === 0 ? 'No hooks are written yet: gt hooks sync' : text,
    warnings: found.flatMap((each) => ('why' in each ? [each.why] : [])),
  };
}

async function hooksIn(
  town: TownContext,
  { target, path, place, error }: TargetFiles,
): Promise<{ readonly hooks: readonly Hook[] } | { readonly why: string }> {
  if (error !== undefined) return { why: `${target}: ${error.message}` };
  const text = await town.ports.files.readText(path);
  const layer = (await readLayer(town, layersFileOf(place))) ?? {};
  return {
    hooks: hooksWritten(text ?? '', path).map((found) => ({
      type: found.event,
      location: relative(town.root, path),
      agent: target,
      matcher: found.matcher,
      commands: [...found.commands],
      status: whose(layer, found),
    })),
  };
}

function whose(layer: HookLayer, { event, matcher, commands }: WrittenHooks): Hook['status'] {
  if (commands.some(isOurCommand)) return 'gt';
  const isOfLayer = (layer[event] ?? []).some(
    (entry) => entry.matcher === matcher && commandsOf(entry).join('\n') === commands.join('\n'),
  );
  return isOfLayer ? 'layer' : 'own';
}
