/**
 * Paths as git writes them without `-z`: plain, or C-quoted when they hold anything but printable ASCII. Such a token
 * is passed back to git as it is, so names that are not UTF-8 survive, which no decoded string would.
 */
export type QuotedPath = string;

const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  '\\': 92,
};

/** The bytes of the name, for the file system. */
export function unquotePath(token: QuotedPath): Buffer {
  if (!token.startsWith('"')) return Buffer.from(token, 'utf8');
  const bytes: number[] = [];
  for (const [, octal, escape, plain] of token.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/gs)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else if (escape !== undefined) bytes.push(ESCAPES[escape] ?? escape.charCodeAt(0));
    else bytes.push(...Buffer.from(plain ?? '', 'utf8'));
  }
  return Buffer.from(bytes);
}

/** The path below `folder` (which needs no quoting itself). */
export function quotedUnder(folder: string, token: QuotedPath): QuotedPath {
  return token.startsWith('"') ? `"${folder}/${token.slice(1)}` : `${folder}/${token}`;
}

/** For a file called by bytes inside a folder called by text. */
export function bytesUnder(folder: string, token: QuotedPath): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`, 'utf8'), unquotePath(token)]);
}

/** True for a relative path that leads out of no folder and into no git directory. */
export function isInside(token: QuotedPath): boolean {
  const parts = unquotePath(token).toString('latin1').split('/');
  return parts.every((part) => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git');
}
