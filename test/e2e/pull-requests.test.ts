import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ForgeWorld } from '../support/forge/world.ts';
import { createBareRepository, git } from './support/repository.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';

const GH = resolve(import.meta.dirname, '../support/forge/gh.ts');
const URL = 'https://github.com/acme/proj.git';

let home: TestHome;
let world: ForgeWorld;
beforeEach(async () => {
  home = createTestHome();
  world = new ForgeWorld(createBareRepository(join(home.home, 'origin.git')));
  // The URL is GitHub's, the bytes stay on this machine.
  writeFileSync(join(home.home, '.gitconfig'), `[url "${world.repository}"]\n\tinsteadOf = ${URL}\n`);
  const bin = join(home.home, 'bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'gh'),
    `#!/bin/sh\nFAKE_GH_WORLD=${world.repository} exec "${process.execPath}" "${GH}" "$@"\n`,
  );
  chmodSync(join(bin, 'gh'), 0o755);
  Object.assign(home.env, { PATH: `${bin}:${home.env['PATH']}` });
  await home.gt('install', home.town, '--store', 'sqlite');
  await home.gt('config', 'set', 'scheduler.max_polecats', '-1');
  await home.gt('rig', 'add', 'proj', URL, '--prefix', 'pj');
  for (const [key, value] of Object.entries({
    merge_strategy: 'pr',
    require_review: 'true',
    poll_interval: '1s',
    test_command: 'true',
  })) {
    await home.gt('rig', 'settings', 'set', 'proj', `merge_queue.${key}`, value);
  }
  await home.gt('up');
});
afterEach(() => home.dispose());

test('P8: work of a polecat becomes a pull request, is merged when it is approved, and closes its bead', async () => {
  const id = (await home.bd('q', 'Write a file', '--rig', 'proj')).trim();
  await home.gt('sling', id, 'proj', '--agent', 'script', '--script', 'echo hello > hello.txt');
  const pull = await home.until('a pull request', async () => world.all()[0]);
  expect(pull).toMatchObject({ state: 'OPEN', base: 'main', title: 'Write a file' });
  expect(pull.body).toContain(`Gt-Issue: ${id}`);
  await home.until('it waits for a review', async () => {
    const [item] = (await home.gtJson('mq', 'list', 'proj')) as { id: string }[];
    const said = item === undefined ? '' : await home.gt('mq', 'status', item.id);
    return said.includes('pull request #1 waits for a review') ? true : undefined;
  });
  world.change(1, (each) => (each.review = 'APPROVED'));
  await home.until('the closed bead', async () => {
    const [bead] = (await home.bdJson('show', id)) as { status: string; close_reason?: string }[];
    return bead?.status === 'closed' ? bead : undefined;
  });
  expect(world.all()).toMatchObject([{ state: 'MERGED' }]);
  expect(git(world.repository, 'show', 'main:hello.txt')).toBe('hello');
  // What follows a landing comes after the bead is closed.
  await home.until('the branch is gone', async () =>
    git(world.repository, 'branch', '--list', 'polecat/*') === '' ? true : undefined,
  );
});
