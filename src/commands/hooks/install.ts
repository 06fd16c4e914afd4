import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import { NotFoundError, RefusedError } from '../../core/errors.ts';
import { nearestHint } from '../../core/nearest.ts';
import { isOurCommand } from '../../runtimes/hook-files/intents.ts';
import { overridePath, readLayer, targetName } from '../../runtimes/hook-files/layers.ts';
import type { HookTarget } from '../../runtimes/hook-files/layers.ts';
import { hookRegistryPath, entriesOf, readHookRegistry } from '../../runtimes/hook-files/registry.ts';
import type { RegistryHook } from '../../runtimes/hook-files/registry.ts';
import { readHookTargets } from '../../runtimes/hook-files/targets.ts';
import { writeHookFiles } from '../../runtimes/provider-files.ts';
import { formatJson } from '../../town/json-file.ts';
import { actingTown } from '../acting-town.ts';
import { parseTarget } from './target.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const name = input.arg('hook-name');
  const hook = await find(town, name, input.bool('force'));
  if (isOurCommand(hook.command))
    return { text: `gt does that by itself: ${name} needs no place in a layer` };
  const targets = await targetsOf(town, hook, input);
  const dryRun = input.bool('dry-run');
  for (const target of targets) if (!dryRun) await add(town, hook, target);
  if (!dryRun) for (const { changes } of await readHookTargets(town)) await writeHookFiles(town, changes);
  const word = dryRun ? 'Would add' : 'Added';
  return { text: targets.map((target) => `${word} ${name} to ${targetName(target)}`).join('\n') };
}

async function find(town: TownContext, name: string, force: boolean): Promise<RegistryHook> {
  const registry = await readHookRegistry(town);
  const hook = Object.hasOwn(registry, name) ? registry[name] : undefined;
  if (hook === undefined) {
    throw new NotFoundError({
      code: 'hooks.not-in-registry',
      message: `no hook '${name.slice(0, 60)}' in ${hookRegistryPath(town.root)}`,
      hint: nearestHint(name, Object.keys(registry), 'Run: gt hooks registry --all'),
    });
  }
  if (hook.enabled || force) return hook;
  throw new RefusedError({
    code: 'hooks.off',
    message: `hook ${name} is switched off in the registry`,
    hint: `Look at it: gt hooks registry --all --verbose; then gt hooks install ${name} --force`,
  });
}

/** The role asked for, or those that the registry names; of the rig one is in, or of all. */
async function targetsOf(
  town: TownContext,
  hook: RegistryHook,
  input: CommandInput,
): Promise<readonly HookTarget[]> {
  const asked = input.flag('role');
  const roles = asked === undefined ? hook.roles : [asked];
  if (roles.length === 0) {
    throw new RefusedError({
      code: 'hooks.no-role',
      message: 'the registry names no role for it',
      hint: 'Say which: --role crew',
    });
  }
  const rig = input.bool('all-rigs') || !('rig' in town.actor) ? undefined : town.actor.rig;
  return Promise.all(
    roles.map((role) => parseTarget(town, rig === undefined || isOfTown(role) ? role : `${rig}/${role}`)),
  );
}

function isOfTown(role: string): boolean {
  return role === 'mayor' || role === 'deacon';
}

async function add(town: TownContext, hook: RegistryHook, target: HookTarget): Promise<void> {
  const path = overridePath(town, target);
  const before = (await readLayer(town, path)) ?? {};
  const entries = entriesOf(hook);
  const others = (before[hook.event] ?? []).filter((entry) =>
    entries.every(({ matcher }) => matcher !== entry.matcher),
  );
  const layer = { ...before, [hook.event]: [...others, ...entries] };
  await town.ports.files.writeAtomic(path, formatJson(layer), { mode: 0o600 });
}
