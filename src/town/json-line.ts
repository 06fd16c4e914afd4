const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g;

/** The line (from 1) on which the key at `path` stands in a JSON text; undefined when it is not there. */
export function lineOfKey(text: string, path: readonly string[]): number | undefined {
  const wanted = JSON.stringify(path);
  const open: { readonly isObject: boolean; key: string | undefined }[] = [];
  let before = '';
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const top = open.at(-1);
    if (token === ':' && top?.isObject === true) {
      top.key = nameOf(before);
      const here = open.map(({ key }) => key);
      if (JSON.stringify(here) === wanted) return text.slice(0, index).split('\n').length;
    } else if (token === '{' || token === '[') open.push({ isObject: token === '{', key: undefined });
    else if (token === '}' || token === ']') open.pop();
    before = token;
  }
  return undefined;
}

function nameOf(token: string): string {
  const value: unknown = token.startsWith('"') ? JSON.parse(token) : token;
  return String(value);
}
