import { join } from 'node:path';

/** This file lies in src/, its bundle in dist/: either way one folder below the package. */
const here = import.meta.dirname;
const fromSources = import.meta.filename.endsWith('.ts');
/** Not imported: a start loads no module that it does not use. */
const isBinary = process.getBuiltinModule('node:sea').isSea();

/** Folder of package.json and bin/. */
const PACKAGE_ROOT = join(here, '..');

/** What starts this gt again: the single executable, or its program from sources or bundle, whichever runs now. */
export const GT_ARGV: readonly [string, ...string[]] = isBinary
  ? [process.execPath]
  : [process.execPath, fromSources ? join(PACKAGE_ROOT, 'bin/gt.mjs') : join(here, 'gt.cjs')];

/** Files and folders that this program is made of: the daemon looks at them to see that they are new. */
export const CODE_PLACES: readonly string[] = isBinary
  ? [process.execPath]
  : ['package.json', 'src', 'dist/gt.cjs'].map((name) => join(PACKAGE_ROOT, name));

/**
 * What starts a pane host: a program of its own, so that it loads nothing but the terminal. One thread, small
 * garbage pages and little spare heap save some memory more in every pane (measured: 7 MB after much output). A single
 * executable takes no flags; what it can set later is worth half of that (src/binary.ts).
 */
export const PANE_HOST_ARGV: readonly [string, ...string[]] = isBinary
  ? [process.execPath, 'pane-host']
  : [
      process.execPath,
      '--single-threaded',
      '--max-semi-space-size=1',
      '--optimize-for-size',
      fromSources ? join(PACKAGE_ROOT, 'bin/pane-host.mjs') : join(here, 'pane-host.cjs'),
    ];
