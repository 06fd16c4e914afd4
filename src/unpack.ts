import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { getAsset, getRawAsset } from 'node:sea';

/** Asset `manifest.json`, written by the build. */
interface Manifest {
  /** Version and digest of the content: names the folder. */
  readonly id: string;
  /** Below the folder; the asset of each is `files/<path>`. */
  readonly files: readonly string[];
  /** The native module that must be loadable from there. */
  readonly native: string;
}

const { id, files, native } = JSON.parse(getAsset('manifest.json', 'utf8')) as Manifest;
const CACHE = join(cacheHome(process.env['XDG_CACHE_HOME']), 'gastown');

/** Where this executable has its files: one folder per version and content. */
export const BINARY_FOLDER = join(CACHE, id);

/**
 * Brings the files that ship to where they can be read and loaded, once. The folder appears whole, by one rename, so
 * neither a second start at once nor a kill leaves half of it; its link to this executable is the sign that it is there.
 * Ends the process with one line where that cannot be.
 */
export function unpackOwnFiles(): void {
  try {
    const linked = linkIn(BINARY_FOLDER);
    if (linked === process.execPath) return keep();
    if (linked !== undefined) return relink();
    unpack();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `Error: gt cannot unpack its files to ${BINARY_FOLDER}: ${why}\n\n` +
        'Set XDG_CACHE_HOME to a folder with free space that may be written and may hold programs\n',
    );
    process.exit(1);
  }
}

/** `bin/gt` of an unpacked folder: the executable it belongs to. */
function linkIn(folder: string): string | undefined {
  try {
    return readlinkSync(join(folder, 'bin/gt'));
  } catch {
    return undefined;
  }
}

/** The executable was moved, or there are two of the same content: what was started last is what agents call. */
function relink(): void {
  for (const name of ['gt', 'bd']) {
    const fresh = join(BINARY_FOLDER, `bin/.${name}-${process.pid}`);
    rmSync(fresh, { force: true });
    symlinkSync(process.execPath, fresh);
    renameSync(fresh, join(BINARY_FOLDER, 'bin', name));
  }
}

function unpack(): void {
  makeCache();
  removeLeftovers();
  retireOthers();
  const fresh = mkdtempSync(join(CACHE, 'new-'));
  try {
    for (const path of files) writeThrough(join(fresh, path), `files/${path}`);
    mkdirSync(join(fresh, 'bin'));
    for (const name of ['bd', 'gt']) symlinkSync(process.execPath, join(fresh, 'bin', name));
    proveLoadable(join(fresh, native));
    moveIntoPlace(fresh);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function makeCache(): void {
  try {
    mkdirSync(CACHE, { recursive: true, mode: 0o700 });
  } catch (cause) {
    // Of a read-only disk the recursive form says that the folder is not there.
    if (!existsSync(dirname(CACHE))) throw cause;
    mkdirSync(CACHE, { mode: 0o700 });
  }
}

/** On the disk before the folder gets its name: after a power cut it is whole or not there. */
function writeThrough(path: string, asset: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const mode = path.endsWith('/spawn-helper') ? 0o755 : 0o644;
  const file = openSync(path, 'wx', mode);
  try {
    writeFileSync(file, Buffer.from(getRawAsset(asset)));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A file system that is mounted noexec refuses here, not in the first pane of an agent. */
function proveLoadable(path: string): void {
  try {
    process.dlopen({ exports: {} }, path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`programs cannot be loaded from there (${why.replace(/^.*?: /, '')})`, { cause });
  }
}

function moveIntoPlace(fresh: string): void {
  try {
    renameSync(fresh, BINARY_FOLDER);
  } catch (cause) {
    if (linkIn(BINARY_FOLDER) !== undefined) return;
    if (!existsSync(BINARY_FOLDER)) throw cause;
    // Something is there that is not ours whole, such as a cache that was cleaned in part.
    const broken = mkdtempSync(join(CACHE, 'old-'));
    renameSync(BINARY_FOLDER, join(broken, 'it'));
    renameSync(fresh, BINARY_FOLDER);
    rmSync(broken, { recursive: true, force: true });
  }
}

const HOUR_MS = 3_600_000;

/** What starts that were killed left behind; a start that is still at it is younger. */
function removeLeftovers(): void {
  for (const name of readdirSync(CACHE)) {
    if (!/^(?:new|old)-/.test(name)) continue;
    const path = join(CACHE, name);
    const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (Date.now() - made > HOUR_MS) rmSync(path, { recursive: true, force: true });
  }
}

const WEEK_MS = 7 * 24 * HOUR_MS;
/** In the folder of a version that has made way for another: its age counts from this file. */
const RETIRED = 'retired';

/** Somebody went back to a version that had made way. */
function keep(): void {
  const mark = join(BINARY_FOLDER, RETIRED);
  if (existsSync(mark)) rmSync(mark, { force: true });
}

/**
 * Versions whose executable is gone or is this one now are removed a week after the next one came: until then
 * processes of theirs may still run. Those of executables elsewhere on the machine stay.
 */
function retireOthers(): void {
  for (const name of readdirSync(CACHE)) {
    const folder = join(CACHE, name);
    const executable = name === id ? undefined : linkIn(folder);
    if (executable === undefined || (executable !== process.execPath && existsSync(executable))) continue;
    const since = statSync(join(folder, RETIRED), { throwIfNoEntry: false })?.mtimeMs;
    if (since === undefined) writeFileSync(join(folder, RETIRED), '');
    else if (Date.now() - since > WEEK_MS) rmSync(folder, { recursive: true, force: true });
  }
}

/** As the XDG specification says: a relative value counts as none. */
function cacheHome(wanted: string | undefined): string {
  return wanted?.startsWith('/') === true ? wanted : join(homedir(), '.cache');
}
