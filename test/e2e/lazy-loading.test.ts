import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const home = mkdtempSync(join(tmpdir(), 'gt-lazy-'));
const preload = join(home, 'preload.mjs');
const log = join(home, 'log');

beforeAll(() => {
  writeFileSync(
    preload,
    `import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    appendFileSync(${JSON.stringify(log)}, found.url + '\\n');
    return found;
  },
});`,
  );
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Packages and system modules that a command of the sources loads. */
function loadedBy(...argv: readonly string[]): readonly string[] {
  writeFileSync(log, '');
  const args = ['--import', preload, join(ROOT, 'bin/gt.mjs'), ...argv];
  spawnSync(process.execPath, args, { cwd: home, env: { HOME: home, GT_TEST: '1' } });
  const names = readFileSync(log, 'utf8')
    .split('\n')
    .flatMap((url) => {
      const [, packageName] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
      return url.startsWith('node:') ? [url] : packageName === undefined ? [] : [packageName];
    });
  return [...new Set(names)].toSorted();
}

test('P16: gt version and gt --help load no package, and of Node only files and paths', () => {
  const small = ['node:fs', 'node:module', 'node:path'];
  expect(loadedBy('version')).toEqual(small);
  expect(loadedBy('--help')).toEqual(small);
});

test('P16: a command outside a town loads the parser of its words and of its files, nothing more', () => {
  const packages = loadedBy('config', 'get', 'cli_theme').filter((name) => !name.startsWith('node:'));
  expect(packages).toEqual(['commander', 'zod']);
});
