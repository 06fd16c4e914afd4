import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import { readRigSettings, RIG_KEY_NAMES } from '../../rig/settings.ts';
import { renderRigSettings } from '../../ui/text/rig-settings.ts';

export const schema = z.array(z.strictObject({ key: z.string(), value: z.unknown(), source: z.string() }));

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  const rig = await chooseRig(ctx, { name: input.arg('rig'), cwd: app.cwd });
  const settings = await readRigSettings(ctx, rig);
  const rows = RIG_KEY_NAMES.map((key) => ({
    key,
    value: settings.get(key) ?? null,
    source: settings.source(key),
  }));
  const shown = input.bool('all') ? rows : rows.filter((row) => row.source !== 'default');
  return { data: rows, text: renderRigSettings(rig.name, shown, app.output), warnings: settings.warnings };
}
