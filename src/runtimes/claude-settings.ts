import { isJsonObject } from '../town/json-file.ts';
import type { JsonObject } from '../town/json-file.ts';

/** One hook of gt: event, matcher, words after the program (DESIGN D18). */
const HOOKS = [
  { event: 'SessionStart', matcher: '', words: 'prime --hook' },
  { event: 'UserPromptSubmit', matcher: '', words: 'mail check --inject' },
  { event: 'Stop', matcher: '', words: 'signal stop' },
  { event: 'PreCompact', matcher: '', words: 'checkpoint write' },
  // A matcher is compared with the tool's name only: the guard reads the command itself from stdin.
  { event: 'PreToolUse', matcher: 'Bash', words: 'tap guard all' },
] as const;

/** Commands that some gt, of whatever version, has written here: they are replaced, everything else is the user's. */
const OURS = /(?:^|[\s/'"&;])gt['"]?\s+(?:prime|mail check|signal|checkpoint|tap|costs|handoff)\b/;

/**
 * Settings of Claude Code for one role: the user's file with gt's hooks in it. Unknown keys and foreign hooks stay.
 * @param gt absolute path of gt
 */
export function claudeSettings(existing: JsonObject, gt: string): JsonObject {
  const plugins = existing['enabledPlugins'];
  return {
    editorMode: 'normal',
    ...existing,
    // The notice that --dangerously-skip-permissions raises defaults to "No, exit".
    skipDangerousModePermissionPrompt: true,
    enabledPlugins: { ...(isJsonObject(plugins) ? plugins : {}), 'beads@beads-marketplace': false },
    hooks: mergeHooks(existing['hooks'], gt),
  };
}

function mergeHooks(existing: unknown, gt: string): JsonObject {
  const foreign = isJsonObject(existing) ? existing : {};
  const events = [...new Set([...Object.keys(foreign), ...HOOKS.map(({ event }) => event)])];
  return Object.fromEntries(
    events.flatMap((event) => {
      const entries = [...withoutOurs(foreign[event]), ...ownEntries(event, gt)];
      return entries.length === 0 ? [] : [[event, entries]];
    }),
  );
}

function ownEntries(event: string, gt: string): readonly JsonObject[] {
  return HOOKS.filter((hook) => hook.event === event).map(({ matcher, words }) => ({
    matcher,
    hooks: [{ type: 'command', command: `${shellWord(gt)} ${words}` }],
  }));
}

/** Entries of the event with gt's commands taken out; an entry that held nothing else goes. */
function withoutOurs(entries: unknown): readonly unknown[] {
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown) => {
    const hooks = isJsonObject(entry) ? entry['hooks'] : undefined;
    if (!isJsonObject(entry) || !Array.isArray(hooks)) return [entry];
    const kept = hooks.filter((hook: unknown) => !isOurs(hook));
    if (kept.length === hooks.length) return [entry];
    return kept.length === 0 ? [] : [{ ...entry, hooks: kept }];
  });
}

function isOurs(hook: unknown): boolean {
  const command = isJsonObject(hook) ? hook['command'] : undefined;
  return typeof command === 'string' && OURS.test(command);
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
