// Builds dist/: one lazily evaluated CommonJS file per program (ESM with split chunks costs 6 to 8 ms more at every
// start) with the code caches of scripts/code-cache.mjs, and one file per package that is imported lazily, so that no
// start reads mysql2. The stamp is written last: bin/launch.sh compares it with the sources.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { mustBuild } from './build-once.mjs';
import { buildInTwoStages } from './build-stages.mjs';
import { licenceTexts } from './shipped.mjs';
import { starter, warmUp } from './code-cache.mjs';
import {
  DRIVER_ERRORS,
  flatZod,
  lazyBuiltins,
  lazyLibraries,
  lighterDriver,
  withoutChildProcess,
} from './build-plugins.mjs';

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');
/** Built aside and swapped in: a command started meanwhile finds the old programs or the new ones. */
const fresh = join(root, '.cache/dist-new');

const PROGRAMS = [
  { name: 'gt', entry: 'src/main.ts', stages: 2 },
  { name: 'bd', entry: 'src/bd.ts', stages: 1 },
  // Alone: there is one per agent, and each may load only the terminal.
  { name: 'pane-host', entry: 'src/pane-host.ts', stages: 1 },
];

/** Native, or reads files of its own package at run time: stays in node_modules. */
const EXTERNAL = ['node-pty'];

const COMMON = {
  absWorkingDir: root,
  outdir: fresh,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  // Names stay: they are what a stack trace shows. The rest of minifying halves what V8 has to read.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  define: {
    GT_BUILD: JSON.stringify(checkout().join(' ')),
    'import.meta.dirname': '__dirname',
    'import.meta.filename': '__filename',
    'import.meta.url': '__fileUrl',
  },
  banner: { js: '"use strict";const __fileUrl="file://"+encodeURI(__filename);' },
  // Raw templates cannot be written in ASCII, which is wanted (see toAscii).
  supported: { 'template-literal': false, 'dynamic-import': false },
  logLevel: 'warning',
  logOverride: { 'import-is-undefined': 'error' },
};

const started = Date.now();
if (!mustBuild('dist', join(dist, 'stamp'))) process.exit(0);
await rm(fresh, { recursive: true, force: true });
await mkdir(fresh, { recursive: true });
await buildPrograms(await buildLibraries());
await swapIn();
await warmUp(dist);
fillPaneHostCache();
await writeFile(
  join(dist, 'licenses.txt'),
  `${await readFile(join(root, 'LICENSE'), 'utf8')}\n${licenceTexts()}`,
);
await writeStamp();
process.stdout.write(`dist/ built in ${Date.now() - started} ms\n`);

async function buildPrograms(libraries) {
  const common = {
    ...COMMON,
    external: EXTERNAL,
    plugins: [
      lazyLibraries((specifier) => libraries.get(specifier), EXTERNAL),
      withoutChildProcess(),
      lazyBuiltins(),
      flatZod(),
    ],
  };
  const whole = PROGRAMS.filter(({ stages }) => stages === 1);
  await build({
    ...common,
    entryPoints: Object.fromEntries(whole.map(({ name, entry }) => [`${name}-main`, entry])),
  });
  for (const { name, entry } of PROGRAMS.filter(({ stages }) => stages === 2)) {
    await buildInTwoStages({ name, entry, common });
  }
  await Promise.all(PROGRAMS.map(({ name }) => writeFile(join(fresh, `${name}.cjs`), starter(name))));
  for (const file of await readdir(fresh)) await toAscii(join(fresh, file));
}

/** Bundles every package that the programs import with `import()`; returns specifier → file name. */
async function buildLibraries() {
  const found = new Map();
  await build({
    ...COMMON,
    entryPoints: PROGRAMS.map(({ entry }) => entry),
    external: EXTERNAL,
    write: false,
    plugins: [
      lazyLibraries((specifier) => {
        const file = `lib-${specifier.replaceAll(/[^\w]+/g, '-')}`;
        found.set(specifier, `${file}.cjs`);
        return `${file}.cjs`;
      }, EXTERNAL),
    ],
  });
  const entryPoints = Object.fromEntries(
    [...found].map(([specifier, file]) => [file.replace(/\.cjs$/, ''), specifier]),
  );
  await build({
    ...COMMON,
    entryPoints: { ...entryPoints, 'lib-iconv-lite': 'iconv-lite', 'lib-mysql2-errors': DRIVER_ERRORS },
    external: EXTERNAL,
    plugins: [lighterDriver()],
  });
  return found;
}

/** The pane host keeps to Node's own cache, which is smaller: there is one per agent. One run fills it, with the flags it really gets. */
function fillPaneHostCache() {
  const flags = ['--single-threaded', '--max-semi-space-size=1', '--optimize-for-size'];
  spawnSync(process.execPath, [...flags, join(dist, 'pane-host.cjs')], { cwd: '/', stdio: 'ignore' });
}

/**
 * One letter outside ASCII makes V8 keep the whole file with two bytes per letter. esbuild escapes strings; what is
 * left stands in regular expressions, where the escape means the same.
 */
async function toAscii(path) {
  const text = await readFile(path, 'utf8');
  await writeFile(
    path,
    text.replaceAll(/[^\0-\u007F]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}

/** Commit, its time, and whether anything was changed since, for `gt version -v`; nothing where this is no checkout. */
function checkout() {
  const git = (...words) => {
    const { status, stdout } = spawnSync('git', ['-C', root, ...words], { encoding: 'utf8' });
    return status === 0 ? stdout.trim() : undefined;
  };
  const commit = git('log', '-1', '--format=%H %cI');
  return commit === undefined ? [] : [commit, git('status', '--porcelain') === '' ? 'clean' : 'changed'];
}

/** As old as the start of the build: what was edited while it ran is newer. */
async function writeStamp() {
  const path = join(dist, 'stamp');
  await writeFile(path, `node ${process.version}\n`);
  await utimes(path, started / 1000, started / 1000);
}

async function swapIn() {
  const old = join(root, '.cache/dist-old');
  await rm(old, { recursive: true, force: true });
  if (existsSync(dist)) await rename(dist, old);
  await rename(fresh, dist);
  await rm(old, { recursive: true, force: true });
}
