/** Settings that live in `.beads/config.yaml` and never in the database (spec 02 §6). */
const YAML_PREFIXES = [
  'routing.',
  'sync.',
  'git.',
  'directory.',
  'repos.',
  'external_projects.',
  'validation.',
  'hierarchy.',
  'ai.',
  'backup.',
  'export.',
  'dolt.',
  'federation.',
];
const YAML_KEYS: ReadonlySet<string> = new Set([
  'db',
  'json',
  'actor',
  'identity',
  'no-db',
  'no-push',
  'no-git-ops',
  'create.require-description',
]);

export function isYamlKey(key: string): boolean {
  return YAML_KEYS.has(key) || YAML_PREFIXES.some((prefix) => key.startsWith(prefix));
}

interface YamlLine {
  readonly key: string;
  readonly value: string;
  /** Line number from 0. */
  readonly at: number;
}

/** All scalars of simple YAML by dotted key: `a.b: x` and nested maps. Lists and multi-line texts are left alone. */
export function readYaml(text: string): ReadonlyMap<string, string> {
  return new Map(scalars(text).map(({ key, value }) => [key, value]));
}

/** The text with one key set, or removed with undefined; every other line (comments too) stays. */
export function writeYaml(text: string, key: string, value: string | undefined): string {
  const lines = text === '' ? [] : text.split('\n');
  const found = scalars(text).findLast((line) => line.key === key);
  if (found === undefined) {
    if (value === undefined) return text;
    const end = lines.at(-1) === '' ? lines.length - 1 : lines.length;
    return [...lines.slice(0, end), `${key}: ${formatScalar(value)}`, ''].join('\n');
  }
  const name = /^\s*[^:]+:/.exec(lines[found.at] ?? '')?.[0] ?? `${key}:`;
  lines.splice(found.at, 1, ...(value === undefined ? [] : [`${name} ${formatScalar(value)}`]));
  return lines.join('\n');
}

function scalars(text: string): readonly YamlLine[] {
  const found: YamlLine[] = [];
  const path: { readonly indent: number; readonly name: string }[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    const [, space = '', name = '', rest = ''] = /^(\s*)([\w.-]+):(?:\s+(.*?))?\s*$/.exec(line) ?? [];
    if (name === '') continue;
    while ((path.at(-1)?.indent ?? -1) >= space.length) path.pop();
    const key = [...path.map((part) => part.name), name].join('.');
    const value = rest.startsWith('#') ? '' : rest;
    if (value === '') path.push({ indent: space.length, name });
    else found.push({ key, value: parseScalar(value), at });
  }
  return found;
}

function parseScalar(text: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"|^'((?:[^']|'')*)'/.exec(text);
  if (quoted?.[2] !== undefined) return quoted[2].replaceAll("''", "'");
  if (quoted !== null) {
    try {
      return String(JSON.parse(quoted[0]));
    } catch {
      return quoted[1] ?? '';
    }
  }
  return text.replace(/\s+#.*$/, '');
}

function formatScalar(value: string): string {
  const isPlain = /^[\w./@+~-](?:[\w ./@+~-]*[\w./@+~-])?$/.test(value) && !/^[-~]$/.test(value);
  return isPlain ? value : JSON.stringify(value);
}
