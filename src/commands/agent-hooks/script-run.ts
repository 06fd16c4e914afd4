import type { CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { UsageError } from '../../core/errors.ts';
import { runScript } from '../../polecat/script/run.ts';
import { actingTown, spawnOf } from '../acting-town.ts';

/** The pane host's child for the `script` runtime; its exit code is the script's. */
export async function run(app: AppContext): Promise<CommandReply> {
  const town = await actingTown(app);
  const spawn = spawnOf(app);
  if (spawn === undefined) {
    throw new UsageError({
      code: 'script.no-session',
      message: 'script-run is started by gt in a session of its own',
      hint: "Run: gt sling <bead> --script '<command>'",
    });
  }
  const end = await runScript(town, {
    agent: town.actor,
    spawn,
    onOutput: (chunk) => app.output.write(chunk),
    signal: app.stopSignal,
  });
  return { text: end.lines.join('\n'), exitCode: end.code };
}
