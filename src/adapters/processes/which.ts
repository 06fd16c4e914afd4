import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

/** The first executable file called `program` on `path`; a program written with a slash is only checked. */
export async function which(program: string, path: string): Promise<string | undefined> {
  if (program.includes('/')) {
    const full = resolve(program);
    return (await isExecutable(full)) ? full : undefined;
  }
  // Relative entries (and empty ones, which mean the current folder) are a way to run a stranger's file.
  for (const folder of path.split(delimiter).filter((entry) => isAbsolute(entry))) {
    const candidate = join(folder, program);
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    if (!(await stat(path)).isFile()) return false;
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
