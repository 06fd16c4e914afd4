import { shellWord } from '../../core/shell-word.ts';
import { isJsonObject } from '../../town/json-file.ts';
import type { JsonObject } from '../../town/json-file.ts';
import { INTENTS, INTENT_NAMES } from './intents.ts';
import type { Intent } from './intents.ts';
import { NO_LAYERS, isOurHook } from './layers.ts';
import type { HookLayer, LayeredHooks } from './layers.ts';

/** A runtime whose hooks are shell commands in a JSON file: data only. */
export interface HookSettings {
  /** Event of each intent; an intent without one is not served there. */
  readonly events: Readonly<Partial<Record<Intent, string>>>;
  /** `nested`: `{matcher, hooks: [{type, command}]}`; else one flat entry with the command under this key. */
  readonly entry: 'nested' | 'command' | 'bash';
  /** The tools that guards stand before, where an entry can name the tool it is for: one entry each. */
  readonly guarded?: readonly string[];
  /** How gt must answer (`--format`); absent = as Claude Code reads it. */
  readonly format?: string;
  /** Its events and entries are Claude Code's: what people add to gt's hooks is written there too. */
  readonly takesLayers?: true;
  /** Everything of the file beside the hooks. */
  readonly frame: (existing: JsonObject) => JsonObject;
}

const asItIs = (existing: JsonObject): JsonObject => existing;
const versioned = (existing: JsonObject): JsonObject => ({ version: 1, ...existing });

/** By the provider's name in a preset. */
export const HOOK_SETTINGS: Readonly<Record<string, HookSettings>> = {
  claude: {
    events: {
      start: 'SessionStart',
      prompt: 'UserPromptSubmit',
      stop: 'Stop',
      compact: 'PreCompact',
      guard: 'PreToolUse',
    },
    entry: 'nested',
    // Compared with the tool's name only: the guard reads the command itself from stdin.
    guarded: ['Bash', 'Edit|Write|MultiEdit|NotebookEdit'],
    takesLayers: true,
    frame: claudeFrame,
  },
  gemini: {
    events: {
      start: 'SessionStart',
      prompt: 'BeforeAgent',
      stop: 'AfterAgent',
      compact: 'PreCompress',
      guard: 'BeforeTool',
    },
    entry: 'nested',
    guarded: ['run_shell_command', 'write_file|replace'],
    format: 'gemini',
    frame: asItIs,
  },
  codex: {
    events: { start: 'SessionStart', prompt: 'UserPromptSubmit', stop: 'Stop', guard: 'PreToolUse' },
    entry: 'nested',
    guarded: ['Bash'],
    format: 'codex',
    frame: asItIs,
  },
  // Its hook for submitted texts can add nothing to them. The guard's event is the one its command line fires too.
  cursor: {
    events: { start: 'sessionStart', stop: 'stop', compact: 'preCompact', guard: 'beforeShellExecution' },
    entry: 'command',
    format: 'cursor',
    frame: versioned,
  },
  // With these spellings of the events it sends what Claude Code sends. Output for submitted texts is dropped.
  copilot: {
    events: { start: 'SessionStart', stop: 'Stop', compact: 'PreCompact', guard: 'PreToolUse' },
    entry: 'bash',
    guarded: ['Bash'],
    format: 'copilot',
    frame: versioned,
  },
};

function claudeFrame(existing: JsonObject): JsonObject {
  const plugins = existing['enabledPlugins'];
  return {
    editorMode: 'normal',
    ...existing,
    // The notice that --dangerously-skip-permissions raises defaults to "No, exit".
    skipDangerousModePermissionPrompt: true,
    enabledPlugins: { ...(isJsonObject(plugins) ? plugins : {}), 'beads@beads-marketplace': false },
  };
}

/**
 * The user's file with gt's hooks, and those of the layers, in it. Unknown keys and foreign hooks stay, whatever a gt
 * wrote before is replaced.
 * @param gt absolute path of gt
 */
export function withHooks(
  existing: JsonObject,
  settings: HookSettings,
  gt: string,
  { layer, written }: LayeredHooks = NO_LAYERS,
): JsonObject {
  const own = ownHooks(settings, gt).filter(([event, entry]) => !isTakenAway(layer, event, entry));
  const added = Object.entries(layer).flatMap(([event, entries]) =>
    entries.flatMap((entry) => (entry.hooks.length === 0 ? [] : [[event, entry] as const])),
  );
  const foreign = foreignHooks(existing, [written, layer]);
  const ours = [...own, ...added];
  const events = [...new Set([...Object.keys(foreign), ...ours.map(([event]) => event)])];
  const hooks = Object.fromEntries(
    events.flatMap((event) => {
      const entries = [
        ...(foreign[event] ?? []),
        ...ours.flatMap(([name, entry]) => (name === event ? [entry] : [])),
      ];
      return entries.length === 0 ? [] : [[event, entries]];
    }),
  );
  return { ...settings.frame(existing), hooks };
}

function isTakenAway(layer: HookLayer, event: string, { matcher = '' }: JsonObject): boolean {
  return (layer[event] ?? []).some((entry) => entry.hooks.length === 0 && entry.matcher === matcher);
}

/** By event, what in a file is neither gt's nor from layers that gt has written there. */
export function foreignHooks(
  existing: JsonObject,
  layers: readonly HookLayer[],
): Readonly<Record<string, readonly unknown[]>> {
  const hooks = isJsonObject(existing['hooks']) ? existing['hooks'] : {};
  return Object.fromEntries(
    Object.entries(hooks).map(([event, entries]) => {
      const known = new Set(layers.flatMap((layer) => (layer[event] ?? []).map(keyOf)));
      return [event, withoutOurs(entries).filter((entry) => !known.has(keyOf(entry)))];
    }),
  );
}

/** Of an entry, in whatever order it was written. */
function keyOf(entry: unknown): string {
  if (!isJsonObject(entry)) return JSON.stringify(entry);
  const parts = Object.entries({ matcher: '', ...entry }).map((part) => JSON.stringify(part));
  return parts.sort().join();
}

/** Event and entries of each intent that the runtime knows. */
export function ownHooks(settings: HookSettings, gt: string): readonly (readonly [string, JsonObject])[] {
  return INTENT_NAMES.flatMap((intent) => {
    const event = settings.events[intent];
    if (event === undefined) return [];
    const matchers = intent === 'guard' ? (settings.guarded ?? [undefined]) : [undefined];
    return matchers.map((matcher) => [event, entryOf(settings, { intent, matcher, gt })] as const);
  });
}

interface EntryFacts {
  readonly intent: Intent;
  readonly matcher: string | undefined;
  readonly gt: string;
}

function entryOf({ entry, format }: HookSettings, { intent, matcher, gt }: EntryFacts): JsonObject {
  const answer = format === undefined || intent === 'compact' ? '' : ` --format ${format}`;
  const command = `${shellWord(gt)} ${INTENTS[intent]}${answer}`;
  switch (entry) {
    case 'nested':
      return { matcher: matcher ?? '', hooks: [{ type: 'command', command }] };
    case 'command':
      return { command };
    case 'bash':
      return {
        ...(matcher === undefined ? {} : { matcher }),
        type: 'command',
        bash: command,
        timeoutSec: 30,
      };
  }
}

/** Entries of the event with gt's commands taken out; an entry that held nothing else goes. */
function withoutOurs(entries: unknown): readonly unknown[] {
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown) => {
    if (isOurHook(entry)) return [];
    const hooks = isJsonObject(entry) ? entry['hooks'] : undefined;
    if (!isJsonObject(entry) || !Array.isArray(hooks)) return [entry];
    const kept = hooks.filter((hook: unknown) => !isOurHook(hook));
    if (kept.length === hooks.length) return [entry];
    return kept.length === 0 ? [] : [{ ...entry, hooks: kept }];
  });
}
