import { basename, join } from 'node:path';
import type { PaneRules } from '../ports/panes.ts';
import { flawOf } from './fitness.ts';
import type { Preset } from './preset.ts';
import { SCRIPT_RUNTIME } from './presets.ts';
import type { OneShot, PromptStyle, RuntimeHooks, RuntimeRecord } from './types.ts';

export interface RecordSource {
  readonly name: string;
  /** Name of the built-in that fills the gaps. */
  readonly presetName: string;
  /** Gaps already filled. */
  readonly preset: Preset;
  readonly custom: boolean;
}

/** Turns a complete preset into the record that the rest of gt works with. */
export function makeRecord({ name, presetName, preset, custom }: RecordSource): RuntimeRecord {
  const command = preset.command ?? presetName;
  return {
    name,
    preset: presetName,
    kind: 'agent',
    command,
    args: preset.args ?? [],
    env: preset.env ?? {},
    rootEnv: preset.root_env ?? {},
    processNames: custom
      ? [basename(command), ...(preset.process_names ?? [])]
      : (preset.process_names ?? []),
    prompt: promptStyle(preset),
    sessionIdFlag: preset.session_id_flag,
    sessionIdEnv: preset.session_id_env,
    resume:
      preset.resume_flag === undefined
        ? undefined
        : { style: preset.resume_style ?? 'flag', word: preset.resume_flag },
    continueFlag: preset.continue_flag,
    forkFlag: preset.fork_flag,
    oneShot: oneShotOf(preset),
    transcripts: preset.transcripts,
    hooks: hooksOf(preset),
    configDirEnv: preset.config_dir_env,
    instructionsFile: preset.instructions_file ?? 'AGENTS.md',
    rules: rulesOf(preset),
    execWrapper: preset.exec_wrapper ?? [],
    flaw: flawOf(preset),
    custom,
    proven: !custom && (preset.proven ?? false),
  };
}

function oneShotOf({ non_interactive: how }: Preset): OneShot | undefined {
  if (how === undefined) return undefined;
  const subcommand = how.subcommand === undefined ? [] : how.subcommand.split(' ');
  return { subcommand, promptFlag: how.prompt_flag, env: how.env ?? {} };
}

function promptStyle(preset: Preset): PromptStyle {
  if (preset.prompt_mode !== 'arg') return { kind: 'typed' };
  return preset.prompt_flag === undefined
    ? { kind: 'positional' }
    : { kind: 'flag', flag: preset.prompt_flag };
}

function hooksOf(preset: Preset): RuntimeHooks | undefined {
  const { hooks_provider: provider, hooks_dir: dir, hooks_settings_file: file } = preset;
  if (provider === undefined || provider === '' || dir === undefined || file === undefined) return undefined;
  return {
    provider,
    base: preset.hooks_use_settings_dir === true ? 'settings' : 'work',
    dir,
    file: join(dir, file),
    flag: preset.hooks_flag,
    folderEnv: preset.hooks_dir_env,
    informational: preset.hooks_informational ?? false,
  };
}

function rulesOf(preset: Preset): PaneRules {
  const { ready_prompt_prefix: prefix, ready_text: text } = preset;
  return {
    ready: prefix !== undefined ? 'prefix' : text !== undefined ? 'text' : 'delay',
    readyDelayMs: preset.ready_delay_ms ?? 0,
    ...(prefix === undefined ? {} : { readyPrefix: prefix }),
    ...(text === undefined ? {} : { readyText: text }),
    busyPatterns: preset.busy_patterns ?? [],
    limitPatterns: preset.rate_limit_patterns ?? [],
    dialogs: (preset.dialogs ?? []).map(({ name, shows, choose }) =>
      choose === undefined ? { name, shows } : { name, shows, choose },
    ),
    queuesWhileBusy: preset.queues_while_busy ?? false,
  };
}

/** The built-in `script` runtime: gt's own runner as the child (spec 11 J). */
export function scriptRecord(gtArgv: readonly [string, ...string[]]): RuntimeRecord {
  const [command, ...args] = gtArgv;
  return {
    ...makeRecord({
      name: SCRIPT_RUNTIME,
      presetName: SCRIPT_RUNTIME,
      preset: {},
      custom: false,
    }),
    kind: 'script',
    command,
    args: [...args, 'script-run'],
    prompt: { kind: 'none' },
    rules: {
      ready: 'once',
      readyDelayMs: 0,
      busyPatterns: [],
      limitPatterns: [],
      dialogs: [],
      queuesWhileBusy: false,
    },
    proven: true,
  };
}
