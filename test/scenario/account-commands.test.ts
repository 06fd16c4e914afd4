import { lstat, mkdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { runGt } from '../unit/cli/run-gt.ts';
import type { Run } from '../unit/cli/support.ts';
import { tempDirs } from '../support/temp-dir.ts';

const tempDir = tempDirs();
let home: string;
let town: string;

beforeEach(async () => {
  home = tempDir();
  town = join(home, 'town');
  await mkdir(join(town, 'mayor'), { recursive: true });
  const file = { type: 'town', version: 2, name: 'demo', store: { kind: 'sqlite' } };
  await writeFile(join(town, 'mayor/town.json'), JSON.stringify(file));
});

const gt = (words: string, env: Readonly<Record<string, string>> = {}): Promise<Run> =>
  runGt({ home, cwd: town, env }, words.split(' '));
const own = () => join(home, '.claude');
const folder = (handle: string) => join(home, '.claude-accounts', handle);

describe('gt account', () => {
  test('add makes a private folder, keeps what lies in it, and the first is the default', async () => {
    await mkdir(folder('work'), { recursive: true });
    await writeFile(join(folder('work'), 'login'), 'mine');
    await gt('account add work --email me@work');
    await gt('account add play');
    expect(await readFile(join(folder('work'), 'login'), 'utf8')).toBe('mine');
    expect((await stat(folder('play'))).mode & 0o077).toBe(0);
    expect(JSON.parse((await gt('account list --json')).stdout)).toMatchObject([
      { handle: 'work', email: 'me@work', is_default: true, config_dir: folder('work') },
      { handle: 'play', is_default: false },
    ]);
  });

  test('status says which is in force and why: GT_ACCOUNT, then the default, then the own login', async () => {
    const inForce = async (env = {}) =>
      JSON.parse((await gt('account status --json', env)).stdout) as unknown;
    expect(await inForce()).toEqual({ by: 'own login' });
    await gt('account add work');
    await gt('account add play');
    await gt('account default play');
    expect(await inForce()).toMatchObject({ handle: 'play', by: 'default' });
    expect(await inForce({ GT_ACCOUNT: 'work' })).toMatchObject({ handle: 'work', by: 'GT_ACCOUNT' });
    expect((await gt('account status', { GT_ACCOUNT: 'nope' })).stderr).toContain("no account 'nope'");
  });

  test('switch makes ~/.claude lead there, and back', async () => {
    await gt('account add work');
    await gt('account add play');
    await gt('account switch work');
    await gt('account switch play');
    expect(await readlink(own())).toBe(folder('play'));
    expect(JSON.parse((await gt('account status --json')).stdout)).toMatchObject({ switched_to: 'play' });
    expect((await stat(folder('work'))).isDirectory()).toBe(true);
  });

  test.each(['filled', 'empty'])(
    'P2: a %s ~/.claude of one’s own is never removed or moved',
    async (what) => {
      await gt('account add work');
      await mkdir(own());
      if (what === 'filled') await writeFile(join(own(), 'history.jsonl'), 'conversations');
      const { code, stderr } = await gt('account switch work');
      expect(code).toBe(1);
      expect(stderr).toContain('gt account add own');
      expect((await lstat(own())).isDirectory()).toBe(true);
      if (what === 'filled')
        expect(await readFile(join(own(), 'history.jsonl'), 'utf8')).toBe('conversations');
    },
  );

  test.each([
    ['add ../x', 'is no handle'],
    ['add -- -x', 'is no handle'],
    ['default nope', "no account 'nope'"],
    ['switch nope', "no account 'nope'"],
  ])('%s is refused', async (words, why) => {
    await gt('account add work');
    const { code, stderr } = await gt(`account ${words}`);
    expect(code).toBe(1);
    expect(stderr).toContain(why);
  });
});
