import { execa } from 'execa';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBareRepository, git } from './support/repository.ts';
import { createTestHome, type TestHome } from './support/town.ts';

/* P29: after `gt uninstall` the home folder and the repositories of a person hold what that person put there. */

let home: TestHome;
let env: Readonly<Record<string, string>>;

beforeEach(() => {
  home = createTestHome();
  // A systemctl that answers as one without a session bus.
  mkdirSync(join(home.home, 'tools'));
  writeFileSync(join(home.home, 'tools/systemctl'), '#!/bin/sh\nexit 1\n');
  chmodSync(join(home.home, 'tools/systemctl'), 0o755);
  env = { SHELL: '/bin/bash', PATH: `${join(home.home, 'tools')}:${home.env['PATH'] ?? ''}` };
});
afterEach(() => home.dispose());

/** Each brings files of its own to where its agents work. */
const RUNTIMES = ['claude', 'gemini', 'codex', 'cursor', 'opencode', 'copilot', 'pi', 'omp', 'auggie', 'amp'];

/** Every file, link and folder below a folder, with its bytes and mode. */
function snapshot(folder: string, leave: readonly string[] = []): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1);
    if (leave.some((prefix) => name === prefix || name.startsWith(`${prefix}/`))) continue;
    const { mode } = lstatSync(path);
    const content = entry.isFile()
      ? readFileSync(path, 'latin1')
      : entry.isSymbolicLink()
        ? readlinkSync(path)
        : '';
    found.set(name, `${(mode & 0o777).toString(8)} ${content}`);
  }
  return found;
}

function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .sort();
}

async function gt(...words: readonly string[]): Promise<string> {
  const outcome = await home.tryGt(words, { env, ...(existsSync(home.town) ? {} : { cwd: home.home }) });
  expect(outcome.code, `gt ${words.join(' ')}\n${outcome.stderr}${outcome.stdout}`).toBe(0);
  return outcome.stdout;
}

test('P29: after a week of use, uninstall leaves only what the person did', async () => {
  const dotfiles = join(home.home, 'dotfiles');
  mkdirSync(dotfiles);
  writeFileSync(join(dotfiles, 'bashrc'), 'export EDITOR=vi\nalias ll="ls -l"', { mode: 0o640 });
  symlinkSync('dotfiles/bashrc', join(home.home, '.bashrc'));
  writeFileSync(
    join(home.home, '.claude.json'),
    '{"theme":"dark","projects":{"/mine":{"hasTrustDialogAccepted":true}}}',
  );
  const shop = createBareRepository(join(home.home, 'shop.git'));
  const mine = join(home.home, 'src/shop');
  git(home.home, 'clone', '-q', shop, mine);
  const alone = join(home.home, 'src/alone');
  mkdirSync(alone);
  git(alone, 'init', '-q', '-b', 'main');
  writeFileSync(join(alone, 'a.txt'), 'a\n');
  git(alone, 'add', '-A');
  git(alone, 'commit', '-q', '-m', 'First');
  writeFileSync(join(mine, 'wip.txt'), 'not committed\n');
  const leave = ['tmp', 'town', 'shop.git', 'shop.git.seed'];
  const before = snapshot(home.home, leave);

  await gt('install', home.town, '--shell', '--wrappers', '--supervisor', '--git');
  expect(readFileSync(join(home.home, '.bashrc'), 'utf8')).toContain('Gas Town Integration');
  expect(lstatSync(join(home.home, '.bashrc')).isSymbolicLink()).toBe(true);
  expect(existsSync(join(home.home, 'bin/gt-codex'))).toBe(true);
  expect(existsSync(join(home.home, '.config/systemd/user/gastown-daemon.service'))).toBe(true);
  await gt('config', 'set', 'scheduler.max_polecats', '-1');
  await gt('config', 'cost-tier', 'economy');
  await gt('rig', 'add', 'shop', shop);
  await gt('rig', 'quick-add', alone, '--yes', '--user', 'me');
  await gt('rig', 'detect', mine, '--cache', join(home.home, '.cache/gastown/rigs.cache'));
  const settingsFile = join(home.town, 'settings/config.json');
  const standIn = (provider: string) => ({ command: 'sh', args: ['-c', 'sleep 1000'], provider });
  const agents = Object.fromEntries(RUNTIMES.map((provider) => [`fake-${provider}`, standIn(provider)]));
  const settings = JSON.parse(readFileSync(settingsFile, 'utf8')) as object;
  writeFileSync(settingsFile, JSON.stringify({ ...settings, agents }));
  await gt('up');
  for (const [index, provider] of RUNTIMES.entries()) {
    await gt('crew', 'add', `ann${index}`, '--rig', 'shop');
    await gt('crew', 'start', `ann${index}`, '--rig', 'shop', '--agent', `fake-${provider}`);
  }
  await home.until('trust is seeded', async () =>
    readFileSync(join(home.home, '.claude.json'), 'utf8').includes(home.town) ? true : undefined,
  );
  const bead = (await home.bd('create', 'Write it down', '--rig', 'shop', '--silent')).trim();
  await gt('sling', bead, 'shop', '--agent', 'script', '--script', 'echo new > new.txt');
  await home.until('the work is landed', async () =>
    git(shop, 'ls-tree', '--name-only', 'main').includes('new.txt') ? true : undefined,
  );
  // What the person did meanwhile.
  appendFileSync(join(dotfiles, 'bashrc'), 'export LATER=1\n');
  writeFileSync(join(home.home, 'notes.txt'), 'mine\n');
  git(mine, 'pull', '-q');

  const refused = await home.tryGt(['uninstall', '--force'], { env });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('gt down');
  await gt('down');
  const said = await gt('uninstall', home.town, '--workspace', '--force');
  expect(said).toContain('town.uninstalled-');
  expect(existsSync(home.town)).toBe(false);
  const [aside = ''] = readdirSync(home.home).filter((name) => name.startsWith('town.uninstalled-'));
  expect(existsSync(join(home.home, aside, 'mayor/town.json'))).toBe(true);

  const after = snapshot(home.home, [...leave, aside]);
  const byPerson = differences(before, after).filter((name) => !name.startsWith('src/shop'));
  expect(byPerson).toEqual(['dotfiles/bashrc', 'notes.txt']);
  expect(readFileSync(join(dotfiles, 'bashrc'), 'utf8')).toBe(
    'export EDITOR=vi\nalias ll="ls -l"\nexport LATER=1\n',
  );
  expect(readFileSync(join(mine, 'wip.txt'), 'utf8')).toBe('not committed\n');
  expect(execFileSync('git', ['for-each-ref', '--format=%(refname)'], { cwd: alone, encoding: 'utf8' })).toBe(
    'refs/heads/main\n',
  );
  expect(git(mine, 'status', '--porcelain')).toBe('?? wip.txt');
}, 180_000);

test('P29: a start file that nobody else touched comes back byte for byte; wrong input changes nothing', async () => {
  const rc = join(home.home, '.bashrc');
  writeFileSync(rc, 'no line break at the end');
  const before = snapshot(home.home, ['tmp']);
  await gt('shell', 'install');
  await gt('shell', 'install');
  expect(await gt('shell', 'status')).toContain('installed');
  await gt('disable');
  expect(await gt('shell', 'status')).toContain('off');
  await gt('enable');
  await gt('shell', 'remove');
  expect(readFileSync(rc, 'utf8')).toBe('no line break at the end');
  await gt('shell', 'install');
  await gt('disable', '--clean');
  await gt('uninstall', '--force');
  expect(differences(before, snapshot(home.home, ['tmp']))).toEqual([]);
  expect(
    (await home.tryGt(['shell', 'install'], { env: { ...env, SHELL: '/usr/bin/fish' }, cwd: home.home }))
      .stderr,
  ).toContain('bash and zsh');
  expect((await home.tryGt(['uninstall', '--workspace', '-f'], { env, cwd: home.home })).stderr).toContain(
    'which town',
  );
  expect(
    (await home.tryGt(['uninstall', home.home, '--workspace', '-f'], { env, cwd: home.home })).stderr,
  ).toContain('is no town');
  expect(differences(before, snapshot(home.home, ['tmp']))).toEqual([]);
});

test('the shell hook names the rig in its repository only, and a path with shell text in it is data', async () => {
  const shop = createBareRepository(join(home.home, 'shop.git'));
  const evil = join(home.home, "src/$(touch pwned)'`x`");
  git(home.home, 'clone', '-q', shop, evil);
  const near = join(home.home, 'src/other');
  git(home.home, 'clone', '-q', createBareRepository(join(home.home, 'shop2.git')), near);
  await gt('install', home.town, '--shell');
  await gt('rig', 'add', 'shop', shop);
  const script = [
    'set -eu',
    `. "$HOME/.bashrc"`,
    'show() { eval "${PROMPT_COMMAND%%;*}"; echo "${GT_RIG:-none} ${GT_TOWN_ROOT:-none}"; }',
    `cd "$1"; show`,
    `cd "$2"; show`,
    `cd "$1"; touch .gastown-ignore; cd /; show; cd "$1"; show`,
    `. "$HOME/.config/gastown/shell-hook.sh"; echo "$PROMPT_COMMAND"`,
  ].join('\n');
  const result = await execa('bash', ['--norc', '-c', script, 'bash', evil, near], {
    env: { ...home.env, ...env },
    extendEnv: false,
    reject: false,
  });
  expect(result.stderr).toBe('');
  expect(result.stdout.split('\n')).toEqual([
    `shop ${home.town}`,
    'none none',
    'none none',
    'none none',
    '_gastown_cd',
  ]);
  expect(existsSync(join(evil, 'pwned')) || existsSync(join(home.home, 'pwned'))).toBe(false);
});
