import { execa } from 'execa';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { builtBinary } from '../support/binary.ts';

let built: string;
let home: string;
/** The executable under its two names, in a folder of its own. */
let gt: string;
let bd: string;

beforeAll(() => {
  built = builtBinary();
}, 300_000);
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gt-binary-'));
  mkdirSync(join(home, 'bin'));
  gt = join(home, 'bin/gt');
  bd = join(home, 'bin/bd');
  place(gt);
  symlinkSync('gt', bd);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A name of its own for the same bytes; a copy where the disk is another. */
function place(path: string): void {
  try {
    linkSync(built, path);
  } catch {
    execFileSync('cp', [built, path]);
  }
}

interface Ending {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(program: string, words: readonly string[], env: object = {}): Promise<Ending> {
  const { exitCode, stdout, stderr } = await execa(program, words, {
    cwd: home,
    env: { HOME: home, ...env },
    extendEnv: false,
    reject: false,
  });
  return { code: exitCode, stdout, stderr };
}

const cache = (): string => join(home, '.cache/gastown');
/** What one start unpacked. */
const folder = (): string => join(cache(), readdirSync(cache())[0] ?? 'none');
/** Needs the files that ship. */
const FORMULAS = ['formula', 'show', 'mol-polecat-work'];

describe('the single executable', () => {
  test('is gt, and bd by its second name; version and help write nothing', async () => {
    expect((await run(gt, ['version'])).stdout).toMatch(/^gt version \d/);
    expect((await run(bd, ['version'])).stdout).toMatch(/^bd version \d/);
    expect((await run(gt, ['help', 'sling'])).code).toBe(0);
    expect((await run(gt, ['--help'])).stdout).toContain('gt <command>');
    expect(existsSync(cache())).toBe(false);
  });

  test('takes nothing from NODE_OPTIONS, nor from words that look like options of Node', async () => {
    const env = { NODE_OPTIONS: `--require ${join(home, 'evil.cjs')}`, NODE_PATH: home };
    expect(await run(gt, ['version'], env)).toMatchObject({ code: 0, stderr: '' });
    await run(bd, ['init', '--prefix', 'x']);
    for (const text of ['--node-options=--require ./evil.cjs', '--require=./evil.cjs', '--eval=1']) {
      const created = await run(bd, ['create', 'One', '--silent', '-d', text]);
      expect(created).toMatchObject({ code: 0, stderr: '' });
      expect((await run(bd, ['show', created.stdout])).stdout).toContain(text);
    }
  });

  test('eight first starts at once: each finds its files, and one folder is left', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => run(bd, FORMULAS)));
    expect(all.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      all.map(() => ({ code: 0, stderr: '' })),
    );
    expect(readdirSync(cache())).toHaveLength(1);
    expect(readlinkSync(join(folder(), 'bin/bd'))).toBe(gt);
  });

  test('a cache that was cleaned in part is made anew, and what a killed start left is removed', async () => {
    await run(bd, FORMULAS);
    rmSync(join(folder(), 'bin/gt'));
    rmSync(join(folder(), 'formulas'), { recursive: true });
    const left = join(cache(), 'new-killed');
    mkdirSync(left);
    writeFileSync(join(left, 'half'), '');
    const longAgo = Date.now() / 1000 - 7200;
    utimesSync(left, longAgo, longAgo);
    expect(await run(bd, FORMULAS)).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(cache())).toHaveLength(1);
  });

  test('moved or copied, it is what agents find under its names', async () => {
    await run(gt, ['formula', 'list']);
    place(join(home, 'moved'));
    rmSync(gt);
    await run(join(home, 'moved'), ['formula', 'list']);
    expect(readlinkSync(join(folder(), 'bin/gt'))).toBe(join(home, 'moved'));
    expect((await run(join(folder(), 'bin/bd'), ['version'])).stdout).toMatch(/^bd version/);
    expect(readdirSync(cache())).toHaveLength(1);
  });

  test('versions that have made way are removed a week later, those of other executables never', async () => {
    const old = (version: string, executable: string): string => {
      const made = join(cache(), version);
      mkdirSync(join(made, 'bin'), { recursive: true });
      symlinkSync(executable, join(made, 'bin/gt'));
      return made;
    };
    const [mine, gone, other] = [
      old('0.0.1-a', gt),
      old('0.0.2-b', join(home, 'gone')),
      old('0.0.3-c', '/bin/sh'),
    ];
    const lastMonth = Date.now() / 1000 - 30 * 86_400;
    writeFileSync(join(mine, 'retired'), '');
    utimesSync(join(mine, 'retired'), lastMonth, lastMonth);
    await run(gt, ['formula', 'list']);
    expect([mine, gone, other].map((made) => existsSync(made))).toEqual([false, true, true]);
    expect([gone, other].map((made) => existsSync(join(made, 'retired')))).toEqual([true, false]);
  });

  test('P13: a place that cannot be written is one line with what to do, and version still answers', async () => {
    const file = join(home, 'a-file');
    writeFileSync(file, '');
    const env = { XDG_CACHE_HOME: file };
    expectOneLine(await run(bd, ['list'], env), /cannot unpack its files to .*ENOTDIR/);
    expect((await run(gt, ['version'], env)).code).toBe(0);
  });
});

/** Exit 1, nothing on stdout, the error and one next step. */
function expectOneLine(ending: Ending, what: RegExp): void {
  expect(ending).toMatchObject({ code: 1, stdout: '' });
  expect(ending.stderr).toMatch(what);
  const lines = ending.stderr.split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[2]).toMatch(/^Set XDG_CACHE_HOME /);
}

describe.skipIf(!canMount())('P13: on a disk of its own', () => {
  test.each([
    ['too small', 'size=64k', /ENOSPC/],
    ['mounted noexec', 'size=16m,noexec', /programs cannot be loaded from there/],
    ['mounted read-only', 'size=16m,ro', /EROFS/],
  ])('%s: one line, nothing left behind', async (_, options, what) => {
    const disk = join(home, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'gt-test', disk]);
    try {
      expectOneLine(await run(bd, ['list'], { XDG_CACHE_HOME: disk }), what);
      const left = existsSync(join(disk, 'gastown')) ? readdirSync(join(disk, 'gastown')) : [];
      expect(left).toEqual([]);
    } finally {
      execFileSync('umount', ['--lazy', disk]);
    }
  });
});

function canMount(): boolean {
  const disk = mkdtempSync(join(tmpdir(), 'gt-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'gt-test', disk], { stdio: 'ignore' });
    execFileSync('umount', ['--lazy', disk]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(disk, { recursive: true });
  }
}
