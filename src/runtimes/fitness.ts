import { RefusedError } from '../core/errors.ts';
import { HOOK_PLUGINS } from './hook-files/plugins.ts';
import { HOOK_SETTINGS } from './hook-files/settings.ts';
import type { Preset } from './preset.ts';
import type { RuntimeRecord } from './types.ts';

/** Providers whose hook files gt can write. */
const HOOK_PROVIDERS = [...Object.keys(HOOK_SETTINGS), ...Object.keys(HOOK_PLUGINS)].sort();
const PROMPT_MODES = ['arg', 'none'];

/** What a definition asks for that gt cannot do, as the end of a sentence; undefined = nothing. */
export function flawOf(preset: Preset): string | undefined {
  const { hooks_provider: provider = '', prompt_mode: mode = 'none', dialogs = [] } = preset;
  if (provider !== '' && !HOOK_PROVIDERS.includes(provider)) {
    return `gt writes no hooks for '${provider}', only for ${HOOK_PROVIDERS.join(', ')}`;
  }
  if (!PROMPT_MODES.includes(mode)) return `prompt_mode is '${mode}', not ${PROMPT_MODES.join(' or ')}`;
  const always = dialogs.find(({ shows }) => shows.length === 0);
  return always === undefined ? undefined : `its dialog '${always.name}' shows nothing to know it by`;
}

/** RefusedError `agent.unfit`: found out before anything is started, not by a session that hangs (P28). */
export function requireFit(record: RuntimeRecord): RuntimeRecord {
  if (record.flaw === undefined) return record;
  throw new RefusedError({
    code: 'agent.unfit',
    message: `agent '${record.name}' could not work: ${record.flaw}`,
    hint: 'Correct it in settings/config.json or settings/agents.json',
  });
}
