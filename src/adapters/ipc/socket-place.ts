import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { RefusedError } from '../../core/errors.ts';
import { isAbsent } from '../file-errors.ts';

/** sun_path holds 104 bytes on macOS, 108 on Linux, the closing zero included. */
const MAX_BYTES = 100;

/** Pure: where a socket of that name can really lie. `base` is a folder with a short path. */
export function placeSocket(path: string, base: string): string {
  if (Buffer.byteLength(path) <= MAX_BYTES) return path;
  const folder = join(base, `gt-${shortHash(dirname(path))}`);
  const place = join(folder, basename(path));
  return Buffer.byteLength(place) <= MAX_BYTES ? place : join(folder, `${shortHash(path)}.sock`);
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 6);
}

/**
 * Makes a path that can be listened on. A path that is too long gets a link to the short one, so that a client
 * finds it whatever its own XDG_RUNTIME_DIR or TMPDIR is.
 */
export async function makeSocketPlace(path: string, runtimeDir: string | undefined): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const place = placeSocket(path, runtimeDir ?? tmpdir());
  if (place === path) {
    await chmod(dirname(path), 0o700);
    return path;
  }
  await makePrivateFolder(dirname(place));
  await rm(path, { force: true });
  await symlink(place, path);
  return place;
}

/** Others can write into the temp dir: only a real folder of our own is used. */
async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const facts = await lstat(folder);
  if (!facts.isDirectory() || (process.getuid !== undefined && facts.uid !== process.getuid())) {
    throw new RefusedError({
      code: 'ipc.not-ours',
      message: `${folder} is not a folder of ours`,
      hint: 'Remove it, or set XDG_RUNTIME_DIR to a folder of your own',
    });
  }
  await chmod(folder, 0o700);
}

/** The path to connect to; undefined when there is none. */
export async function findSocket(path: string): Promise<string | undefined> {
  try {
    const facts = await lstat(path);
    if (facts.isSymbolicLink()) return await readlink(path);
    return Buffer.byteLength(path) <= MAX_BYTES ? path : undefined;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
