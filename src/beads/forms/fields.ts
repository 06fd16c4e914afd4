/**
 * `key: value` lines in descriptions (spec 02 §5). Keys compare without case, `-` and `_`. The first line of a key
 * counts. Text that is no such line is never touched.
 */
export interface Fields {
  /** The value; undefined when there is no such line, or when it is empty or `null`. */
  get(key: string): string | undefined;
  /** True when there is a line, whatever its value. */
  has(key: string): boolean;
  /** Keys as written, with their values; `null` reads as ''. */
  readonly entries: readonly (readonly [string, string])[];
}

/** null = the line is kept and reads `null`; undefined = not touched. */
export type FieldPatch = Readonly<Record<string, string | number | boolean | null | undefined>>;

/* A blank or the end must follow the colon, or `https://…` would be a field. */
const LINE = /^[ \t]*([A-Za-z][A-Za-z0-9_-]{0,63})[ \t]*:(?:[ \t]+(.*?))?[ \t]*\r?$/s;

export function parseFields(text: string): Fields {
  const entries = text.split('\n').flatMap((line) => {
    const field = parseLine(line);
    return field === undefined ? [] : [field];
  });
  const values = new Map<string, string | undefined>();
  for (const { key, value } of entries) {
    const name = canonicalKey(key);
    if (!values.has(name)) values.set(name, value);
  }
  return {
    get: (key) => values.get(canonicalKey(key)),
    has: (key) => values.has(canonicalKey(key)),
    entries: entries.map(({ key, value }) => [key, value ?? ''] as const),
  };
}

/** The text with these fields set: known lines are changed in place, new ones follow the last field line. */
export function writeFields(text: string, patch: FieldPatch): string {
  const lines = text === '' ? [] : text.split('\n');
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    const at = lines.findIndex((line) => isLineOf(line, key));
    if (at >= 0) lines[at] = formatField(parseLine(lines[at] ?? '')?.key ?? key, value);
    else if (value !== null) insertField(lines, formatField(key, value));
  }
  return lines.join('\n');
}

/** One line. A value that would break the line, or read as something else, is written as JSON text. */
export function formatField(key: string, value: string | number | boolean | null): string {
  const text = String(value ?? 'null');
  const isPlain =
    value === null ||
    typeof value !== 'string' ||
    (!/[\p{Cc}\u2028\u2029"]|^\s|\s$/u.test(text) && text !== 'null');
  return `${key}: ${isPlain ? text : JSON.stringify(text)}`;
}

export function canonicalKey(key: string): string {
  return key.toLowerCase().replaceAll(/[-_]/g, '');
}

export interface FieldLine {
  /** As written. */
  readonly key: string;
  /** undefined for nothing and `null`; text that happens to be "null" is quoted. */
  readonly value: string | undefined;
}

/** The field of a line; undefined for any other line. */
export function parseLine(line: string): FieldLine | undefined {
  const match = LINE.exec(line);
  if (match?.[1] === undefined) return undefined;
  const written = match[2] ?? '';
  return { key: match[1], value: written === 'null' ? undefined : unquote(written) || undefined };
}

function isLineOf(line: string, key: string): boolean {
  const field = parseLine(line);
  return field !== undefined && canonicalKey(field.key) === canonicalKey(key);
}

function insertField(lines: string[], line: string): void {
  const last = lines.findLastIndex((text) => parseLine(text) !== undefined);
  if (last >= 0) lines.splice(last + 1, 0, line);
  else if (lines.length === 0) lines.push(line);
  else lines.push('', line);
}

/** Undoes `formatField`; anything that is not one JSON string stays as written. */
function unquote(value: string): string {
  if (!value.startsWith('"') || !value.endsWith('"') || value.length < 2) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}
