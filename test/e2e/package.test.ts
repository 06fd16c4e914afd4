import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
/** What npm brings beside the package, here from our own dependencies. */
const BROUGHT = [
  'node-pty',
  '@lydell',
  ...readdirSync(join(ROOT, 'node_modules')).filter((name) => /^node-(?:bin-)?(?:linux|darwin)-/.test(name)),
];
/** All that a user needs. */
const WANTED =
  /^(?:README\.md|LICENSE|package\.json|bin\/(?:gt|bd|launch\.sh)|dist\/[\w-]+\.cjs|dist\/(?:stamp|licenses\.txt)|formulas\/[\w-]+\.formula\.toml|templates\/[\w/-]+(?:\.(?:md|js|sh))?)$/;

let home: string;
let pack: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'gt-package-'));
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), '--if-stale'], { stdio: 'ignore' });
  const words = ['pack', '--ignore-scripts', '--json', '--pack-destination', home];
  execFileSync('npm', words, { cwd: ROOT, env: { ...process.env, npm_config_cache: join(home, 'npm') } });
  const file = readdirSync(home).find((name) => name.endsWith('.tgz')) ?? 'none';
  execFileSync('tar', ['-xzf', join(home, file), '-C', home]);
  pack = join(home, 'package');
  mkdirSync(join(pack, 'node_modules'));
  for (const name of BROUGHT) symlinkSync(join(ROOT, 'node_modules', name), join(pack, 'node_modules', name));
}, 300_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('the npm package holds what users need and nothing else, and installs without running anything', () => {
  const files = readdirSync(pack, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(pack.length + 1))
    .filter((file) => !file.startsWith('node_modules/'));
  expect(files.filter((file) => !WANTED.test(file))).toEqual([]);
  expect(files).toEqual(
    expect.arrayContaining(['LICENSE', 'bin/gt', 'dist/gt-rest.cjs', 'templates/git-hooks/hook.sh']),
  );
  const {
    scripts,
    dependencies,
    private: isPrivate,
  } = JSON.parse(readFileSync(join(pack, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
    dependencies: object;
    private?: boolean;
  };
  expect(Object.keys(scripts).filter((name) => /install|prepare$/.test(name))).toEqual([]);
  expect(Object.keys(dependencies)).toEqual(['node-pty']);
  expect(isPrivate).toBeUndefined();
});

test('gt and bd run from it, with its templates and formulas, on the Node it brings', () => {
  const env = { HOME: home, PATH: '/usr/bin:/bin', GT_TEST: '1' };
  const run = (program: string, ...words: readonly string[]): string =>
    execFileSync(join(pack, 'bin', program), words, { cwd: home, env, encoding: 'utf8' });
  run('gt', 'install', join(home, 'town'));
  expect(run('gt', '--version')).toMatch(/^gt version/);
  expect(JSON.parse(run('gt', 'version', '--json'))).toMatchObject({ program: 'bundle' });
  const inTown = { cwd: join(home, 'town'), env, encoding: 'utf8' } as const;
  expect(execFileSync(join(pack, 'bin/gt'), ['formula', 'list'], inTown)).toContain('mol-polecat-work');
  expect(execFileSync(join(pack, 'bin/gt'), ['prime'], inTown)).toContain('gt');
  expect(execFileSync(join(pack, 'bin/bd'), ['create', 'One', '--silent'], inTown)).toMatch(/^hq-/);
});
