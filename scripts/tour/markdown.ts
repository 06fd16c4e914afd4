/** A Markdown table; cells are escaped, numeric columns (by header ending in `#`) are right-aligned. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const titles = head.map((title) => title.replace(/#$/, ''));
  const rule = head.map((title) => (title.endsWith('#') ? '--:' : '---'));
  const lines = [titles, rule, ...rows.map((row) => row.map((cell) => escapeCell(String(cell))))];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function escapeCell(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}

/** A path or other literal as inline code, whatever backticks it holds. */
export function code(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ');
  return flat.includes('`') ? `\`\` ${flat} \`\`` : `\`${flat}\``;
}

/** `12,345`. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 file`, `2 files`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Bytes in the unit people use: `812 B`, `3.4 KB`, `1.2 MB`. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const kilo = bytes / 1024;
  return kilo < 1024 ? `${kilo.toFixed(1)} KB` : `${(kilo / 1024).toFixed(1)} MB`;
}

/** A bar of at most `width` cells for `part` of `whole`. */
export function bar(part: number, whole: number, width = 20): string {
  const cells = whole === 0 ? 0 : Math.max(part > 0 ? 1 : 0, Math.round((part / whole) * width));
  return '█'.repeat(Math.min(width, cells));
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? '0 %' : `${((part / whole) * 100).toFixed(part / whole < 0.1 ? 1 : 0)} %`;
}

/** `2026-03-01` of Unix seconds, UTC. */
export function day(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().slice(0, 10);
}

/** A page: title, one paragraph that stands alone (the index quotes it), sections. */
export function page(title: string, summary: string, ...sections: readonly (string | undefined)[]): string {
  const body = sections.filter((section) => section !== undefined && section !== '');
  return `${[`# ${title}`, summary, ...body].join('\n\n')}\n`;
}

export function section(title: string, ...blocks: readonly string[]): string {
  return [`## ${title}`, ...blocks].join('\n\n');
}
