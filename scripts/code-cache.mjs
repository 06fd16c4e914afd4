// Code caches made after the programs really ran: a start finds compiled what earlier runs compiled on their way, while
// Node's own compile cache has the outermost functions only (`bd ready` on a Dolt server: 100 ms instead of 130).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStandIn } from './stand-in-server.mjs';

/**
 * What runs `<name>-main.cjs` from its cache, or in Node's own way where there is none for this Node. Every file of
 * dist/ is loaded by it, once: Node's `require` would run the main file a second time. With `keep` it makes the caches.
 */
export function starter(name, { keep = false } = {}) {
  return `'use strict';
if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write('Error: ${name} needs Node 24 or newer, this is ' + process.version + '\\n');
  process.exit(1);
}
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const scripts = new Map();
const modules = new Map();
const cacheOf = (file) => file + '.' + process.version + '-' + process.arch + '.cache';
const cached = (file) => {
  try {
    return readFileSync(cacheOf(file));
  } catch {}
};
const compile = (file, cachedData) => {
  const text = '(function(exports,require,module,__filename,__dirname){' + readFileSync(file, 'latin1') + '\\n})';
  const script = new Script(text, { filename: file, cachedData });
  scripts.set(file, script);
  return script;
};
const load = (name) => {
  if (!name.startsWith('./')) return require(name);
  const known = modules.get(name);
  if (known !== undefined) return known.exports;
  const file = __dirname + name.slice(1);
  const module = { exports: {} };
  modules.set(name, module);
  const run = (scripts.get(file) ?? compile(file, cached(file))).runInThisContext();
  run.call(module.exports, module.exports, load, module, file, __dirname);
  return module.exports;
};
${keep ? KEEP : ''}
const main = __dirname + '/${name}-main.cjs';
const cache = cached(main);
const fits = ${keep ? 'true' : 'cache !== undefined && compile(main, cache).cachedDataRejected === false'};
if (fits) load('./${name}-main.cjs');
else {
  const { enableCompileCache, constants } = require('node:module');
  const { status } = enableCompileCache(__dirname + '/cache');
  // Installed by another user.
  if (status === constants.compileCacheStatus.FAILED) {
    const { XDG_CACHE_HOME = (process.env.HOME ?? '/nonexistent') + '/.cache' } = process.env;
    enableCompileCache(XDG_CACHE_HOME + '/gastown/compiled');
  }
  require('./${name}-main.cjs');
}
`;
}

/** The next run starts from these, so that its own functions are added. */
const KEEP = `process.on('exit', () => {
  for (const [file, script] of scripts) require('node:fs').writeFileSync(cacheOf(file), script.createCachedData());
});`;

/** Runs what people and agents run most: in a folder, with a ledger on a Dolt server, and in a town. */
export async function warmUp(dist) {
  const home = mkdtempSync(join(tmpdir(), 'gt-build-'));
  const server = await startStandIn();
  const programs = ['gt', 'bd'].map((name) => ({ name, path: join(dist, `${name}-warm.cjs`) }));
  try {
    for (const { name, path } of programs) writeFileSync(path, starter(name, { keep: true }));
    mkdirSync(join(home, 'remote/.beads'), { recursive: true });
    writeFileSync(join(home, 'remote/.beads/metadata.json'), JSON.stringify(server.metadata));
    // One after the other, so that each adds to the last one's: but gt and bd have files of their own.
    await Promise.all(
      Object.values(LINES).map(async (folders) => {
        for (const [folder, lines] of Object.entries(folders)) {
          mkdirSync(join(home, folder), { recursive: true });
          for (const line of lines) await run(dist, { home, folder, line });
        }
      }),
    );
  } finally {
    server.close();
    for (const { path } of programs) rmSync(path, { force: true });
    rmSync(home, { recursive: true, force: true });
  }
}

/** By program and folder. What fails has warmed up what it came to. */
const LINES = {
  bd: {
    alone: [
      'bd version',
      'bd init --prefix w',
      'bd create First --id w-a --json',
      'bd create Second --id w-b -d text -l label -p 1',
      'bd dep add w-b w-a',
      'bd list --json',
      'bd list',
      'bd ready --json',
      'bd ready',
      'bd show w-b --json',
      'bd show w-a',
      'bd update w-a --status in_progress --json',
      'bd comment w-a text',
      'bd blocked --json',
      'bd close w-a --reason done --json',
      'bd prime',
      'bd __complete show w',
    ],
    remote: ['bd ready --json', 'bd list --json', 'bd show w-a --json', 'bd create Third --json'],
  },
  gt: {
    town: [
      'gt version',
      'gt install . --name build --owner build@example.com',
      'gt status',
      'gt status --json',
      'gt hook',
      'gt __complete sl',
      'gt __complete sling b',
      'gt prime',
      'gt signal stop',
      'gt tap guard all',
    ],
  },
};

/** What Claude Code tells a guard of a tool it is about to use. */
const HOOK_INPUT = '{"tool_name":"Bash","tool_input":{"command":"ls"}}';

async function run(dist, { home, folder, line }) {
  const [program, ...words] = line.split(' ');
  const child = spawn(process.execPath, [join(dist, `${program}-warm.cjs`), ...words], {
    cwd: join(home, folder),
    env: { PATH: process.env.PATH, HOME: home, USER: 'build', GIT_CONFIG_NOSYSTEM: '1', GT_TEST: '1' },
    stdio: ['pipe', 'ignore', process.env.GT_DEBUG ? 'inherit' : 'ignore'],
    timeout: 30_000,
  });
  child.stdin.on('error', () => undefined).end(HOOK_INPUT);
  const [code] = await once(child, 'close');
  if (process.env.GT_DEBUG) process.stderr.write(`${line}: ${code}\n`);
}
