import { isJsonObject, parseJsonObject } from '../../town/json-file.ts';
import { INTENTS } from './intents.ts';

/** One entry of a hook file. */
export interface WrittenHooks {
  readonly event: string;
  readonly matcher: string;
  readonly commands: readonly string[];
}

/** What stands in a hook file. UnreadableError `file.corrupt`. */
export function hooksWritten(text: string, path: string): readonly WrittenHooks[] {
  if (text === '') return [];
  // A program of gt's own, which calls it for everything.
  if (!path.endsWith('.json'))
    return Object.entries(INTENTS).map(([event, words]) => ({
      event,
      matcher: '',
      commands: [`gt ${words}`],
    }));
  const { hooks } = parseJsonObject(text, path);
  return Object.entries(isJsonObject(hooks) ? hooks : {}).flatMap(([event, entries]) =>
    Array.isArray(entries)
      ? entries.map((entry: unknown) => ({
          event,
          matcher: textIn(entry, 'matcher'),
          commands: commandsOf(entry),
        }))
      : [],
  );
}

export function commandsOf(entry: unknown): readonly string[] {
  const hooks: unknown = isJsonObject(entry) ? entry['hooks'] : undefined;
  const all: readonly unknown[] = Array.isArray(hooks) ? hooks : [entry];
  return all
    .map((hook) => textIn(hook, 'command') || textIn(hook, 'bash'))
    .filter((command) => command !== '');
}

function textIn(value: unknown, key: string): string {
  const text = isJsonObject(value) ? value[key] : undefined;
  return typeof text === 'string' ? text : '';
}
