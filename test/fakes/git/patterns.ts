/** Paths that a .gitignore or info/exclude file hides. The last pattern that fits decides, as in git. */
export function ignoreRules(texts: readonly string[]): (path: string) => boolean {
  const rules = texts
    .flatMap((text) => text.split('\n'))
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(ruleOf);
  return (path) => {
    let ignored = false;
    for (const rule of rules) if (rule.fits(path)) ignored = rule.ignores;
    return ignored;
  };
}

function ruleOf(line: string): { readonly ignores: boolean; readonly fits: (path: string) => boolean } {
  const ignores = !line.startsWith('!');
  const pattern = ignores ? line : line.slice(1);
  const bare = pattern.replace(/^\//, '').replace(/\/$/, '');
  // A slash before the end ties a pattern to the root; only a folder fits one that ends with a slash.
  const anchored = pattern.replace(/\/$/, '').includes('/');
  const body = globOf(bare, '[^/]*');
  const tail = pattern.endsWith('/') ? '/' : '(?:/|$)';
  const regex = new RegExp(`^${anchored ? '' : '(?:.*/)?'}${body}${tail}`);
  return { ignores, fits: (path) => regex.test(path) };
}

/** Whether a git pathspec names `path`. Magic words are not supported but `:(literal)`. */
export function pathspecFits(spec: string, path: string): boolean {
  const literal = /^:\(literal\)(.*)$/s.exec(spec)?.[1];
  if (literal === undefined && spec.startsWith(':')) throw new Error(`fake git: unknown pathspec ${spec}`);
  const bare = (literal ?? spec).replace(/\/$/, '');
  if (path === bare || path.startsWith(`${bare}/`)) return true;
  // In a pathspec a star crosses slashes.
  return literal === undefined && new RegExp(`^${globOf(bare, '.*')}(?:/|$)`, 's').test(path);
}

function globOf(pattern: string, star: string): string {
  return pattern.replaceAll(/\*\*\/?|\*|\?|[\\^$.|+()[\]{}]/g, (found) => {
    if (found.startsWith('**')) return '.*';
    if (found === '*') return star;
    return found === '?' ? '[^/]' : `\\${found}`;
  });
}
