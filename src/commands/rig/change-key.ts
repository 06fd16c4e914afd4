import type { CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { rigNamed } from '../../rig/registry.ts';
import { RIG_TABLE } from '../../rig/settings-keys.ts';
import { readRigSettings, writeRigKey } from '../../rig/settings.ts';
import { parseKey } from '../../town/layers.ts';
import { showRigValue } from '../../ui/text/rig-settings.ts';
import { actingTown } from '../acting-town.ts';

/** Sets a rig's key, or with '' takes it back to its default, and says what it is now. */
export async function changeRigKey(
  app: AppContext,
  change: { readonly rig: string; readonly key: string; readonly text: string },
): Promise<CommandReply> {
  const ctx = await actingTown(app);
  const rig = await rigNamed(ctx, change.rig);
  const key = parseKey(RIG_TABLE, change.key);
  await writeRigKey(ctx, rig, { key, text: change.text });
  const settings = await readRigSettings(ctx, rig);
  return {
    text: `${app.output.style.green('✓')} ${rig.name}: ${key} is ${showRigValue(settings.get(key))} (${settings.source(key)})`,
    warnings: settings.warnings,
  };
}
