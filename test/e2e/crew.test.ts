import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeAgents } from './support/fake-agent.ts';
import { installProject } from './support/project.ts';
import { git } from './support/repository.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';

let home: TestHome;
beforeEach(async () => {
  home = createTestHome();
  writeFileSync(join(home.home, '.gitconfig'), '[user]\n\tname = Me\n\temail = me@example.com\n');
  await installProject(home, { branch: 'trunk' });
});
afterEach(async () => {
  await home.dispose();
});

const folder = (name: string): string => join(home.town, 'proj', 'crew', name);
const stateOf = async (name: string): Promise<unknown> =>
  ((await home.gtJson('crew', 'status', name)) as readonly { readonly state: string }[])[0]?.state;

describe('a crew workspace', () => {
  test('P18: its agent is itself, in its folder, below it and through a link; its commits are its person’s by its hand', async () => {
    const out = join(home.home, 'who');
    const who = (at: string): string => `(cd ${at} && gt whoami --json >> ${out})`;
    const commands = [
      `mkdir -p sub && ln -s ${folder('ann')} ${home.home}/link`,
      who('.'),
      who('sub'),
      who(`${home.home}/link/sub`),
      'git commit -q --allow-empty -m mine && touch ../../../../over',
    ];
    await new FakeAgents(home).use([{ run: commands.join(' && ') }, { idle: true }]);
    await home.gt('up');
    await home.gt('crew', 'start', 'proj', 'ann');
    await home.until('its commands', async () => (existsSync(join(home.home, 'over')) ? true : undefined));
    const seen = readFileSync(out, 'utf8').match(/"identity": "[^"]*"/g);
    expect(seen).toEqual(Array.from({ length: 3 }, () => '"identity": "proj/crew/ann"'));
    expect(git(folder('ann'), 'log', '-1', '--format=%an %ae %cn %s')).toBe('ann me@example.com Me mine');
  });

  test('P2: gt shutdown leaves it alone, and its work outlives its removal', async () => {
    await new FakeAgents(home).use([{ idle: true }]);
    await home.gt('start');
    await home.gt('start', 'crew', 'ann', '--rig', 'proj');
    await home.until('ann to be idle', async () => ((await stateOf('ann')) === 'idle' ? true : undefined));
    await home.gt('shutdown');
    expect(await home.gtJson('session', 'list')).toMatchObject([{ session_id: 'pj-crew-ann' }]);
    await home.gt('crew', 'stop', 'ann');

    writeFileSync(join(folder('ann'), 'new.md'), 'all my work\n');
    git(folder('ann'), 'commit', '-q', '--allow-empty', '-m', 'nowhere else');
    const commit = git(folder('ann'), 'rev-parse', 'HEAD');
    const refused = await home.tryGt(['crew', 'remove', 'ann']);
    expect([refused.code, existsSync(folder('ann'))]).toEqual([1, true]);
    expect(refused.stderr).toContain('new.md');
    const said = await home.gt('crew', 'remove', 'ann', '--force');
    expect(existsSync(folder('ann'))).toBe(false);

    const [, rescue = ''] = /gt rescue restore (\S+)/.exec(said) ?? [];
    const { folder: place } = (await home.gtJson('rescue', 'restore', rescue)) as { readonly folder: string };
    expect(readFileSync(join(place, 'new.md'), 'utf8')).toBe('all my work\n');
    expect(git(place, 'log', '--format=%H', 'HEAD')).toContain(commit);
  });
});
