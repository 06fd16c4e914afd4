import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { git } from './support/repository.ts';
import { createTestHome, type TestHome } from './support/town.ts';

let home: TestHome;
beforeEach(() => {
  home = createTestHome();
});
afterEach(() => home.dispose());

/** A PATH with these programs of the machine only. */
function onlyWith(...programs: readonly string[]): Readonly<Record<string, string>> {
  const folder = join(home.home, 'few');
  mkdirSync(folder);
  for (const name of [...programs, 'sh', 'env', 'readlink', 'node']) {
    const found = (home.env['PATH'] ?? '')
      .split(':')
      .map((dir) => join(dir, name))
      .find((path) => existsSync(path));
    if (found !== undefined) symlinkSync(found, join(folder, name));
  }
  return { PATH: folder };
}

test('P13: what is missing is named with the command that gets it, before anything is written', async () => {
  const env = onlyWith('apt-get');
  writeFileSync(join(env['PATH'] ?? '', 'apt-get'), '#!/bin/sh\n', { mode: 0o755 });
  const refused = await home.tryGt(['install', home.town], { env, cwd: home.home });
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('sudo apt-get install git');
  expect(existsSync(home.town)).toBe(false);
});

test('an install without a ledger is finished by the next one, and extras go to a town that is there', async () => {
  expect(await home.gt('install', home.town, '--no-beads')).toContain('gt install again');
  expect(existsSync(join(home.town, '.store'))).toBe(false);
  await home.gt('install', home.town);
  expect(await home.bd('list')).toBeDefined();
  expect((await home.tryGt(['install', home.town], { cwd: home.home })).stderr).toContain(
    'is a town already',
  );
  expect(await home.gt('install', home.town, '--wrappers')).toContain('gt-codex');
  const wrapper = readFileSync(join(home.home, 'bin/gt-codex'), 'utf8');
  expect(wrapper).toContain('exec codex "$@"');
});

test('permissions are a stated choice: ask leaves the flag out that turns the questions off', async () => {
  const agents = join(home.home, 'agents');
  mkdirSync(agents);
  writeFileSync(join(agents, 'claude'), '#!/bin/sh\n', { mode: 0o755 });
  const env = { PATH: `${agents}:${home.env['PATH'] ?? ''}` };
  const asking = await home.tryGt(['install', home.town, '--permissions', 'ask'], { env, cwd: home.home });
  expect(asking.stdout).toContain('ask before they act');
  expect(await home.gt('config', 'agent', 'get', 'claude')).not.toContain('dangerously');
  const other = join(home.home, 'other');
  expect((await home.tryGt(['install', other], { env, cwd: home.home })).stdout).toContain(
    'permission checks off',
  );
  expect((await home.tryGt(['config', 'agent', 'get', 'claude'], { cwd: other })).stdout).toContain(
    'dangerously',
  );
});

test('a town under version control keeps its settings, not its data or secrets, and its branch', async () => {
  await home.gt('install', home.town);
  expect(await home.gt('git-init')).toContain('its settings are committed');
  const kept = git(home.town, 'ls-files').split('\n');
  expect(kept).toEqual(
    expect.arrayContaining(['mayor/town.json', 'settings/config.json', '.beads/routes.jsonl', 'CLAUDE.md']),
  );
  expect(kept.filter((name) => /^(?:\.store|\.runtime|daemon|logs|settings\/escalation)/.test(name))).toEqual(
    [],
  );
  git(home.town, 'checkout', '-q', '-b', 'elsewhere');
  expect(git(home.town, 'branch', '--show-current')).toBe('main');
  expect(await home.gt('git-init')).toContain('already');
  expect((await home.tryGt(['git-init', '--public'])).stderr).toContain('--github');
});
