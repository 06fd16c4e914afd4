import {
  corrupt,
  isJsonObject,
  parseJsonObject,
  valueAt,
  withValueAt,
  type JsonObject,
} from '../../town/json-file.ts';

/** A command that an agent's settings file runs when a session starts. */
export interface JsonHook {
  readonly event: string;
  readonly command: string;
}

/*
 * The entry is put into the text, not into a parsed and rewritten document: the user's own bytes stay, and taking it
 * out again restores the file. Where it goes depends on what is there already: three places, each with or without
 * something behind it. Throws UnreadableError `file.corrupt` for a file that is not as the agent's documentation says.
 */
export function withHook(before: string | undefined, hook: JsonHook, path: string): string {
  if (before === undefined) return fresh(hook);
  const doc = parseJsonObject(before, path);
  if (hasHook(doc, hook)) return before;
  const keys = ['hooks', hook.event].slice(0, depthOf(doc, hook, path));
  const at = openingOf(before, keys);
  const isEmpty = /^\s*[\]}]/.test(before.slice(at));
  const after = before.slice(0, at) + (pieces(hook, isEmpty)[keys.length] ?? '') + before.slice(at);
  if (hasHook(parsed(after), hook)) return after;
  throw corrupt(path, 'a key is there twice');
}

/** How far `hooks.<event>` is there already. */
function depthOf(doc: JsonObject, { event }: JsonHook, path: string): number {
  const hooks = doc['hooks'];
  if (hooks === undefined) return 0;
  if (!isJsonObject(hooks)) throw corrupt(path, 'its "hooks" is no object');
  if (hooks[event] === undefined) return 1;
  if (!Array.isArray(hooks[event])) throw corrupt(path, `its "hooks.${event}" is no list`);
  return 2;
}

/** The file without the entry; undefined = it held nothing else. */
export function withoutHook(text: string, hook: JsonHook, path: string): string | undefined {
  const doc = parseJsonObject(text, path);
  if (!hasHook(doc, hook)) return text;
  if (text === fresh(hook)) return undefined;
  const wanted = JSON.stringify(withoutEntry(doc, hook));
  for (const piece of [...pieces(hook, false), ...pieces(hook, true)]) {
    const at = text.indexOf(piece);
    const rest = at < 0 ? undefined : text.slice(0, at) + text.slice(at + piece.length);
    const left = rest === undefined ? undefined : parsed(rest);
    if (rest !== undefined && left !== undefined && JSON.stringify(withoutEntry(left, hook)) === wanted)
      return rest;
  }
  return rewritten(withoutEntry(doc, hook));
}

export function hasHook(doc: JsonObject | undefined, { event, command }: JsonHook): boolean {
  return doc !== undefined && entriesOf(doc, event).some((entry) => commandsOf(entry).includes(command));
}

function entry({ command }: JsonHook): JsonObject {
  return { matcher: '', hooks: [{ type: 'command', command }] };
}

/** What is put in: behind `{` of the file, behind `{` of its hooks, behind `[` of the event. */
function pieces(hook: JsonHook, isEmpty: boolean): readonly string[] {
  const one = JSON.stringify(entry(hook));
  const tail = isEmpty ? '\n' : ',';
  const event = JSON.stringify(hook.event);
  return [
    `\n  "hooks": {${event}: [${one}]}${tail}`,
    `\n    ${event}: [${one}]${tail}`,
    `\n      ${one}${tail}`,
  ];
}

function fresh(hook: JsonHook): string {
  return rewritten({ hooks: { [hook.event]: [entry(hook)] } });
}

function rewritten(doc: JsonObject): string {
  return `${JSON.stringify(doc, undefined, 2)}\n`;
}

function parsed(text: string): JsonObject | undefined {
  try {
    return parseJsonObject(text, '');
  } catch {
    return undefined;
  }
}

/** Without our command, and without the lists and objects that held nothing else. */
function withoutEntry(doc: JsonObject, { event, command }: JsonHook): JsonObject {
  const kept = entriesOf(doc, event).flatMap((one) => {
    const hooks = isJsonObject(one) && Array.isArray(one['hooks']) ? one['hooks'] : undefined;
    if (hooks === undefined || !isJsonObject(one)) return [one];
    const others = hooks.filter((hook: unknown) => !(isJsonObject(hook) && hook['command'] === command));
    return others.length === 0 && hooks.length > 0 ? [] : [{ ...one, hooks: others }];
  });
  const list = kept.length === 0 ? undefined : kept;
  const less = valueAt(doc, ['hooks', event]) === undefined ? doc : withValueAt(doc, ['hooks', event], list);
  const hooks = less['hooks'];
  return isJsonObject(hooks) && Object.keys(hooks).length === 0
    ? withValueAt(less, ['hooks'], undefined)
    : less;
}

function entriesOf(doc: JsonObject, event: string): readonly unknown[] {
  const list = valueAt(doc, ['hooks', event]);
  return Array.isArray(list) ? list : [];
}

function commandsOf(one: unknown): readonly unknown[] {
  const hooks = isJsonObject(one) ? one['hooks'] : undefined;
  return Array.isArray(hooks)
    ? hooks.map((hook: unknown) => (isJsonObject(hook) ? hook['command'] : undefined))
    : [];
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** Where the text goes on behind the opening bracket of the value at `keys`; the text is valid JSON. */
function openingOf(text: string, keys: readonly string[]): number {
  const path: (string | undefined)[] = [];
  let last = '';
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    if (token === '{' || token === '[') {
      if (path.length === keys.length && keys.every((key, index) => path[index] === key)) {
        return match.index + 1;
      }
      path.push(undefined);
    } else if (token === '}' || token === ']') path.pop();
    else if (token === ',' && path.length > 0) path[path.length - 1] = undefined;
    else if (token === ':') path[path.length - 1] = String(JSON.parse(last));
    else last = token;
  }
  return text.length;
}
