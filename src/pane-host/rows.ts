/** Screen rows as text, one per row, made comparable: U+00A0 is a blank, the blank tail is cut. */
export function normaliseRow(text: string): string {
  return text.replaceAll('\u00A0', ' ').trimEnd();
}

/** True when some row begins with the runtime's prompt sign. */
export function showsPrompt(rows: readonly string[], prefix: string): boolean {
  return rows.some((row) => `${row} `.startsWith(prefix));
}

/** Compiles the patterns of a record; one that is no regular expression is matched as plain text. */
export function compilePatterns(patterns: readonly string[]): readonly RegExp[] {
  return patterns.map((pattern) => {
    try {
      return new RegExp(pattern, 'i');
    } catch {
      return new RegExp(pattern.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`), 'i');
    }
  });
}

/** The rows without an empty tail, at most the last `count`. */
export function lastRows(rows: readonly string[], count: number): readonly string[] {
  const end = rows.findLastIndex((row) => row !== '') + 1;
  return rows.slice(Math.max(0, end - count), end);
}
