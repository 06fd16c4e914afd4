/** Line (from 1) of a TOML text where the value at `path` stands; of the nearest table around it when it is absent. */
export function lineOf(text: string, path: readonly PropertyKey[]): number | undefined {
  const lines = text.split('\n');
  let at = -1;
  let table = '';
  let isInside = true;
  for (const [depth, key] of path.entries()) {
    if (typeof key === 'number') continue;
    const nth = path[depth + 1];
    table = table === '' ? String(key) : `${table}.${String(key)}`;
    const found: number | undefined =
      typeof nth === 'number'
        ? findLine(lines, at, { header: `[[${table}]]`, nth })
        : (findLine(lines, at, { header: `[${table}]`, nth: 0 }) ??
          (isInside ? findKey(lines, at, String(key)) : undefined));
    // `[a.b]` needs no `[a]` before it.
    isInside = found !== undefined;
    at = found ?? at;
  }
  return at < 0 ? undefined : at + 1;
}

function findLine(
  lines: readonly string[],
  from: number,
  wanted: { readonly header: string; readonly nth: number },
): number | undefined {
  let left = wanted.nth;
  for (let index = from + 1; index < lines.length; index += 1) {
    if (lines[index]?.replaceAll(' ', '').startsWith(wanted.header) !== true) continue;
    if (left === 0) return index;
    left -= 1;
  }
  return undefined;
}

/** `key = …` before the next table begins. */
function findKey(lines: readonly string[], from: number, key: string): number | undefined {
  for (let index = from + 1; index < lines.length; index += 1) {
    const line = lines[index]?.trim() ?? '';
    if (line.startsWith('[')) return undefined;
    if (line.replaceAll('"', '').replaceAll(' ', '').startsWith(`${key}=`)) return index;
  }
  return undefined;
}
