import { join } from 'node:path';
import type { Files } from '../../ports/files.ts';
import { CODE_PLACES } from '../../self.ts';

/** Size and time of every file that this program is made of, as one line. A file that is not there is a fact too. */
export async function readCodeMark(files: Files): Promise<string> {
  const marks = await Promise.all(CODE_PLACES.map((place) => markOf(files, place)));
  return marks.flat().join(' ');
}

async function markOf(files: Files, path: string): Promise<readonly string[]> {
  const found = await files.stat(path);
  if (found?.kind !== 'dir') return [found === undefined ? '-' : `${found.size}:${found.modified}`];
  const entries = (await files.list(path)) ?? [];
  return (await Promise.all(entries.map(({ name }) => markOf(files, join(path, name))))).flat();
}
