import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mustBd } from '../interop/run-bd.ts';
import { makeSqliteTown } from '../support/sqlite-town.ts';
import type { SqliteTown } from '../support/sqlite-town.ts';
import { runGt } from '../unit/cli/run-gt.ts';

let town: SqliteTown;
beforeEach(async () => {
  town = await makeSqliteTown();
});
afterEach(() => town.remove());

const gt = (words: readonly string[], folder = '.') =>
  runGt({ home: town.root, cwd: join(town.root, folder), env: { NO_COLOR: '1' } }, words);
const bd = (...words: readonly string[]) => mustBd({ cwd: town.root }, words);
const make = async (title: string, ...flags: readonly string[]) =>
  (await bd('q', title, '--rig', 'proj', ...flags)).trim();
const show = async (id: string) =>
  (
    JSON.parse(await bd('show', id, '--json', '--include-comments')) as Readonly<Record<string, unknown>>[]
  )[0];
const statusOf = async (id: string) => (await show(id))?.['status'];

describe('gt show, bead show, bead read and cat', () => {
  test('P5: find a bead from every folder, and hand flags on to bd', async () => {
    const id = await make('From anywhere');
    for (const folder of ['.', 'proj', 'other', 'proj/polecats/toast/proj', 'mayor']) {
      for (const words of [['show'], ['bead', 'show'], ['bead', 'read'], ['cat']]) {
        const run = await gt([...words, id, '--json'], folder);
        expect(run).toMatchObject({ code: 0, stderr: '' });
        expect([JSON.parse(run.stdout)].flat()).toMatchObject([{ id, title: 'From anywhere' }]);
      }
    }
    expect((await gt(['show', id.slice(3)], 'proj')).stdout).toContain('From anywhere');
  });

  test('a bead that is not there ends with 1 and one line', async () => {
    for (const words of [
      ['show', 'fx-nope'],
      ['cat', 'fx-nope'],
    ]) {
      const run = await gt(words);
      expect(run).toMatchObject({ code: 1, stdout: '' });
      expect(run.stderr).toContain('fx-nope');
    }
  });

  test('cat prints the text as it was written, without what would steer a terminal', async () => {
    const id = await make('Title', '--description', 'one\n\u001b[31mtwo');
    expect((await gt(['cat', id])).stdout).toBe('Title\n\none\ntwo\n');
  });
});

describe('gt close', () => {
  test('--cascade closes from the leaves up, says why, and takes no flag value for a bead', async () => {
    const root = await make('Epic', '-t', 'epic');
    const child = await make('Child', '--parent', root);
    const leaf = await make('Leaf', '--parent', child);
    const bystander = await make('Bystander');
    const below = await make('Below bystander', '--parent', bystander);
    expect(await gt(['close', root, '--reason', bystander, '--cascade'])).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(await show(leaf)).toMatchObject({
      status: 'closed',
      close_reason: `Parent ${root} closed (cascade)`,
    });
    expect(await show(child)).toMatchObject({ status: 'closed' });
    expect(await show(root)).toMatchObject({ status: 'closed', close_reason: bystander });
    expect(await statusOf(below)).toBe('open');
  });

  test('with --json prints one document', async () => {
    const root = await make('Epic', '-t', 'epic');
    await make('Child', '--parent', root);
    const run = await gt(['close', root, '--cascade', '--json']);
    expect(JSON.parse(run.stdout)).toMatchObject([{ id: root, status: 'closed' }]);
  });

  test('P20: closes the convoy whose last member this was', async () => {
    const id = await make('Only member');
    const convoy = (await bd('q', 'Batch', '-t', 'convoy', '--id', 'hq-cv-abcde')).trim();
    await bd('dep', 'add', convoy, id, '--type', 'tracks');
    await gt(['close', id, '--comment', 'done by hand']);
    expect(await show(id)).toMatchObject({ close_reason: 'done by hand' });
    expect(await statusOf(convoy)).toBe('closed');
  });
});

describe('gt bead move', () => {
  test('makes a copy with everything, closes the old one, and a second run finds the work done', async () => {
    const id = await make('Wrong rig', '-l', 'ui', '--description', 'text', '-p', '1');
    await bd('comments', 'add', id, 'a word');
    expect((await gt(['bead', 'move', id, 'ot', '-n', '--json'])).code).toBe(0);
    expect(await statusOf(id)).toBe('open');
    const run = await gt(['bead', 'move', id, 'ot-', '--json']);
    const { to } = JSON.parse(run.stdout) as { to: string };
    expect(to).toMatch(/^ot-/);
    expect(await show(to)).toMatchObject({
      title: 'Wrong rig',
      description: 'text',
      priority: 1,
      labels: ['ui'],
      status: 'open',
      comments: [{ text: 'alice: a word' }],
    });
    expect(await show(id)).toMatchObject({ status: 'closed', close_reason: `Moved to ${to}` });
    expect(await gt(['bead', 'move', id, 'ot'])).toMatchObject({ code: 1 });
  });

  test('that was killed before it closed the old one goes on with the copy it made', async () => {
    const id = await make('Half moved');
    const copy = (
      await bd('q', 'Half moved', '--rig', 'other', '--metadata', `{"moved_from":"${id}"}`)
    ).trim();
    expect(JSON.parse((await gt(['bead', 'move', id, 'ot', '--json'])).stdout)).toMatchObject({ to: copy });
    expect(await statusOf(id)).toBe('closed');
  });

  test('P20: keeps its place in every open convoy that tracks it', async () => {
    const id = await make('Member');
    const convoys = ['hq-cv-abcde', 'hq-cv-fghij'];
    for (const convoy of convoys) {
      await bd('q', 'Batch', '-t', 'convoy', '--id', convoy);
      await bd('dep', 'add', convoy, id, '--type', 'tracks');
    }
    const { to } = JSON.parse((await gt(['bead', 'move', id, 'other', '--json'])).stdout) as { to: string };
    for (const convoy of convoys) {
      const { tracked } = JSON.parse((await gt(['convoy', 'status', convoy, '--json'])).stdout) as {
        tracked: readonly { readonly id: string }[];
      };
      expect(tracked.map((member) => member.id).sort()).toEqual([id, to].sort());
      expect(await statusOf(convoy)).toBe('open');
    }
  });

  test('is refused while links hold something back, or somebody works on it', async () => {
    const [first, second] = [await make('First'), await make('Second')];
    await bd('dep', 'add', second, first);
    const held = await make('Held');
    await bd('update', held, '--claim');
    for (const [id, why] of [
      [first, 'open beads depend on it'],
      [second, 'it waits for'],
      [held, 'works on it'],
    ] as const) {
      const run = await gt(['bead', 'move', id, 'ot']);
      expect(run).toMatchObject({ code: 1, stdout: '' });
      expect(run.stderr).toContain(why);
    }
    expect((await gt(['bead', 'move', first, 'nowhere'])).stderr).toContain('no rig has the prefix or name');
  });
});

describe('gt ready', () => {
  test('lists what can start per ledger, without what gt keeps for itself', async () => {
    const [work, waits] = [await make('Work', '-p', '0'), await make('Waits')];
    await bd('dep', 'add', waits, work);
    await make('Machine', '-l', 'gt:agent');
    await bd('q', 'Batch', '-t', 'convoy', '--id', 'hq-cv-abcde');
    const run = await gt(['ready', '--json']);
    const reply = JSON.parse(run.stdout) as { sources: { name: string; issues: { id: string }[] }[] };
    expect(reply.sources.map(({ name }) => name)).toEqual(['town', 'other', 'proj']);
    expect(reply.sources.flatMap(({ issues }) => issues.map(({ id }) => id))).toEqual([work]);
    expect(reply).toMatchObject({
      summary: { total: 1, by_source: { proj: 1 }, p0_count: 1, p4_count: 0 },
      town_root: town.root,
    });
    expect((await gt(['ready', '--rig', 'proj'])).stdout).toContain('Work');
    expect((await gt(['ready', '--rig', 'nope'])).code).toBe(1);
  });

  test('P14: a ledger that cannot be read is named, the others are shown; none readable is an error', async () => {
    const work = await make('Work');
    town.put('.store/other.db', 'damaged');
    const run = await gt(['ready']);
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout).toContain(work);
    expect(run.stderr).toContain('other cannot be read');
    expect(await gt(['ready', '--rig', 'other', '--json'])).toMatchObject({ code: 1, stdout: '' });
    town.put('other/config.json', '{"torn');
    const torn = await gt(['ready']);
    expect(torn.stdout).toContain(work);
    expect(torn.stderr).toMatch(/other cannot be read: .*config\.json/);
  });
});

describe('gt commit', () => {
  const git = (folder: string, ...words: readonly string[]) =>
    execFileSync('git', ['-C', join(town.root, folder), ...words], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: town.root, GIT_CONFIG_NOSYSTEM: '1' },
    });

  test('commits under the agent’s name, takes every word as git does, and ends with git’s code', async () => {
    const folder = 'proj/crew/ann';
    git(folder, 'init', '-q');
    const place = { home: town.root, cwd: join(town.root, folder), env: { GT_ROLE: 'proj/crew/ann' } };
    const commit = (...words: readonly string[]) => runGt(place, ['commit', '-q', ...words]);
    git(folder, 'add', '.');
    expect(await commit('-m', '--help', '--', 'README')).toMatchObject({ code: 0, stdout: '' });
    expect(git(folder, 'log', '-1', '--format=%an <%ae> %cn: %s')).toBe(
      'proj/crew/ann <proj.crew.ann@gastown.local> proj/crew/ann: --help\n',
    );
    expect((await commit('-m', 'nothing to commit')).code).toBe(1);
  });
});
