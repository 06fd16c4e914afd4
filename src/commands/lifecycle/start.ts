import { isAbsolute, relative, resolve } from 'node:path';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import { UsageError } from '../../core/errors.ts';
import { findCrew } from '../../rig/find-crew.ts';
import { startEach } from '../../crew/start.ts';
import { renderUp } from '../../ui/text/up.ts';
import { parseCostTier } from '../../runtimes/cost-tiers.ts';
import { startTown } from '../../watchdog/start-town.ts';
import { actingTown } from '../acting-town.ts';
import { outcomeReply } from '../crew/outcome.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = inTier(await actingTown(app), input.flag('cost-tier'));
  const path = input.arg('path');
  const agent = input.flag('agent');
  if (path !== '') {
    const place = await findCrew(town, { word: crewWord(app, town, path), cwd: app.cwd });
    return outcomeReply(app, await startEach(town, [place], { agent }));
  }
  const services = await startTown(town, { agent, crew: input.bool('all') ? 'startup' : 'none' });
  const failed = services.some(({ ok }) => !ok);
  return {
    text: `${renderUp(services, { paint: app.output.style, quiet: false })}\nTalk to the mayor: gt attach mayor`,
    exitCode: failed ? 1 : 0,
  };
}

/** As if GT_COST_TIER had been said. UsageError `config.bad-value`. */
function inTier(town: TownContext, tier: string | undefined): TownContext {
  if (tier === undefined) return town;
  return { ...town, env: { ...town.env, GT_COST_TIER: parseCostTier(tier) } };
}

/** `<rig>/crew/<name>`, or a folder in the town that is one. UsageError `start.no-crew`. */
function crewWord(app: AppContext, town: TownContext, path: string): string {
  const folder = relative(town.root, isAbsolute(path) ? path : resolve(app.cwd || '/', path));
  const found = [path, folder].map((text) => /^([^/.]+)\/crew\/([^/]+)\/?$/.exec(text));
  const match = found.find((each) => each !== null);
  if (match !== undefined && match !== null) return `${match[1] ?? ''}/crew/${match[2] ?? ''}`;
  throw new UsageError({
    code: 'start.no-crew',
    message: `'${path.slice(0, 80)}' is no crew workspace`,
    hint: 'Write <rig>/crew/<name>. Run: gt crew list',
  });
}
