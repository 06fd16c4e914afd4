import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runGt } from '../unit/cli/run-gt.ts';
import type { Run } from '../unit/cli/support.ts';

let home: string;
let town: string;

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'gt-config-')));
  town = join(home, 'town');
  await mkdir(join(town, 'mayor'), { recursive: true });
  const file = {
    type: 'town',
    version: 2,
    name: 'demo',
    created_at: '2026-01-01T00:00:00Z',
    store: { kind: 'sqlite' },
  };
  await writeFile(join(town, 'mayor/town.json'), JSON.stringify(file));
  const rigs = { demo: { git_url: '/demo.git', beads: { prefix: 'dm' } } };
  await writeFile(join(town, 'mayor/rigs.json'), JSON.stringify({ version: 1, rigs }));
  await mkdir(join(town, 'demo'));
  const rig = { type: 'rig', version: 1, name: 'demo', default_branch: 'main' };
  await writeFile(join(town, 'demo/config.json'), JSON.stringify(rig));
});
afterEach(() => rm(home, { recursive: true }));

function gt(...argv: readonly string[]): Promise<Run> {
  return runGt({ home, cwd: join(town, 'mayor') }, argv);
}

async function settings(): Promise<unknown> {
  return JSON.parse(await readFile(join(town, 'settings/config.json'), 'utf8')) as unknown;
}

describe('gt config get and set', () => {
  test('P32: a value and where it comes from are shown, before and after it is set', async () => {
    const before = JSON.parse(
      (await gt('config', 'get', 'scheduler.batch_size', '--json')).stdout,
    ) as unknown;
    expect(before).toMatchObject({ key: 'scheduler.batch_size', value: null, source: 'default' });
    expect(await gt('config', 'set', 'scheduler.batch_size', '3')).toMatchObject({ code: 0, stderr: '' });
    expect((await gt('config', 'get', 'scheduler.batch_size')).stdout).toBe('3\n');
    const after = JSON.parse((await gt('config', 'get', 'scheduler.batch_size', '--json')).stdout) as unknown;
    expect(after).toMatchObject({ value: 3, source: join(town, 'settings/config.json') });
  });

  test('an empty value puts the default back', async () => {
    await gt('config', 'set', 'cli_theme', 'dark');
    await gt('config', 'set', 'cli_theme', '');
    expect((await gt('config', 'get', 'cli_theme')).stdout).toBe('auto\n');
  });

  test('keys that gt does not know stay in the file', async () => {
    await mkdir(join(town, 'settings'));
    await writeFile(
      join(town, 'settings/config.json'),
      '{"type":"town-settings","version":1,"mine":{"a":[1]}}',
    );
    await gt('config', 'set', 'cli_theme', 'dark');
    expect(await settings()).toMatchObject({ mine: { a: [1] }, cli_theme: 'dark' });
  });

  test('P32: keys of the file that nothing reads are told with the nearest one that counts', async () => {
    await mkdir(join(town, 'settings'));
    await writeFile(join(town, 'settings/config.json'), '{"scheduler":{"max_polecat":3}}');
    expect((await gt('config', 'list')).stderr).toContain(
      "unknown setting 'scheduler.max_polecat', did you mean scheduler.max_polecats?",
    );
  });

  test.each([
    [['config', 'set', 'scheduler.max_polecats', 'many'], "'many' is no value of scheduler.max_polecats"],
    [['config', 'set', 'cli_them', 'dark'], "unknown setting 'cli_them'"],
    [['config', 'get', 'nothing'], "unknown setting 'nothing'"],
  ])('%j is refused in one line', async (argv, line) => {
    const run = await gt(...argv);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr.split('\n')[0]).toContain(line);
  });
});

describe('gt config agent', () => {
  test('a command of one’s own becomes an agent that can be listed, shown and chosen', async () => {
    expect((await gt('config', 'agent', 'set', 'fast', "claude --model 'big haiku'")).code).toBe(0);
    const listed = JSON.parse((await gt('config', 'agent', 'list', '--json')).stdout) as unknown[];
    expect(listed).toContainEqual({
      name: 'fast',
      command: 'claude',
      args: "--model 'big haiku'",
      type: 'custom',
      is_custom: true,
    });
    expect((await gt('config', 'default-agent', 'fast')).code).toBe(0);
    expect((await gt('config', 'default-agent')).stdout).toBe('fast\n');
    expect((await gt('config', 'agent', 'list')).stdout).toContain('fast (default)');
  });

  test('an agent that does not exist cannot become the default', async () => {
    const run = await gt('config', 'default-agent', 'nobody');
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain("agent 'nobody' not found");
    expect((await gt('config', 'default-agent')).stdout).toBe('claude\n');
  });

  test('a cost tier sets model and effort of its roles at once, leaves other roles alone, and can be taken back', async () => {
    expect((await gt('config', 'cost-tier')).stdout).toContain('Cost tier: standard');
    await gt('config', 'set', 'role_agents', 'overseer=claude,mayor=claude');
    expect((await gt('config', 'cost-tier')).stdout).toContain('one by one');
    expect((await gt('config', 'cost-tier', 'economy')).stdout).toMatch(/refinery +claude-sonnet +medium/);
    expect((await gt('config', 'cost-tier')).stdout).toContain('Cost tier: economy');
    expect((await gt('config', 'get', 'role_effort')).stdout).toContain('witness=low');
    expect((await gt('config', 'cost-tier', 'standard')).stdout).toMatch(/mayor +claude \(default\) +high/);
    expect((await gt('config', 'get', 'role_effort')).stdout.trim()).toBe('');
    expect((await gt('config', 'get', 'role_agents')).stdout).toContain('overseer=claude');
    expect((await gt('config', 'cost-tier', 'cheap')).stderr).toContain("'cheap' is no cost tier");
  });

  test.each([
    [
      'hooks that gt cannot write',
      { hooks: { provider: 'emacs' } },
      "gt writes no hooks for 'emacs', only for",
    ],
    ['a prompt given in no known way', { prompt_mode: 'stdin' }, "prompt_mode is 'stdin', not arg or none"],
  ])('P28: %s are refused when the agent is defined or chosen', async (_name, more, why) => {
    await mkdir(join(town, 'settings'));
    const agents = { odd: { command: 'odd', ...more } };
    await writeFile(join(town, 'settings/config.json'), JSON.stringify({ version: 1, agents }));
    for (const argv of [
      ['config', 'agent', 'set', 'odd', 'odd --fast'],
      ['config', 'default-agent', 'odd'],
    ]) {
      const run = await gt(...argv);
      expect(run).toMatchObject({ code: 1, stdout: '' });
      expect(run.stderr).toContain(`agent 'odd' could not work: ${why}`);
    }
    expect(await settings()).toEqual({ version: 1, agents });
  });

  test('own agents are removed, built-in ones refused', async () => {
    await gt('config', 'agent', 'set', 'fast', 'sleep 1');
    expect((await gt('config', 'agent', 'remove', 'fast')).code).toBe(0);
    expect((await gt('config', 'agent', 'get', 'fast')).code).toBe(1);
    expect((await gt('config', 'agent', 'remove', 'claude')).stderr).toContain('built in');
  });
});

describe('gt whoami', () => {
  test('a person is the overseer', async () => {
    const run = await runGt({ home, cwd: town }, ['whoami']);
    expect(run.stdout).toMatch(/^Identity: overseer\nSource: no GT_ROLE set/);
  });

  test('P18: an agent is who its environment says; the folder of another one is told', async () => {
    const env = { GT_ROLE: 'demo/polecats/ace' };
    const run = await runGt({ home, cwd: join(town, 'mayor'), env }, ['whoami', '--json']);
    expect(JSON.parse(run.stdout)).toEqual({
      identity: 'demo/polecats/ace',
      mail: 'demo/ace',
      role: 'polecat',
      rig: 'demo',
      name: 'ace',
      session: 'dm-ace',
      agent_bead: 'dm-demo-polecat-ace',
      source: 'env',
      conflict: 'GT_ROLE says demo/polecats/ace, this folder belongs to mayor/',
    });
    const text = await runGt({ home, cwd: join(town, 'mayor'), env }, ['whoami']);
    expect(text.stderr).toContain('GT_ROLE says demo/polecats/ace, this folder belongs to mayor/');
  });

  test('the town may also be named by the environment', async () => {
    const run = await runGt({ home, cwd: home, env: { GT_TOWN_ROOT: town } }, ['whoami']);
    expect(run).toMatchObject({ code: 0 });
  });
});

test('the heartbeat of an agent’s session is touched by every command it runs', async () => {
  const env = { GT_ROLE: 'demo/polecats/ace', GT_SESSION: 'dm-ace', GT_SPAWN: '2' };
  await runGt({ home, cwd: town, env }, ['config', 'get', 'cli_theme']);
  const beat = JSON.parse(await readFile(join(town, '.runtime/heartbeats/dm-ace.json'), 'utf8')) as unknown;
  expect(beat).toMatchObject({ state: 'working', spawn: 2 });
});

describe('gt config explain', () => {
  const explain = async (key: string, ...more: string[]): Promise<unknown> =>
    JSON.parse((await gt('config', 'explain', key, '--json', ...more)).stdout) as unknown;

  test('P32: names the file and line that make a setting what it is', async () => {
    await gt('config', 'set', 'scheduler.max_polecats', '3');
    expect(await explain('scheduler.max_polecats')).toMatchObject({
      value: 3,
      places: [{ place: join(town, 'settings/config.json'), line: 5, value: 3, state: 'acts' }],
      set: 'gt config set scheduler.max_polecats',
    });
    await gt('config', 'unset', 'scheduler.max_polecats');
    expect(await explain('scheduler.max_polecats')).toMatchObject({
      value: null,
      places: [{ state: 'silent' }],
    });
  });

  test('P32: a project’s own file is overruled by the rig, and which programs run is not its to say', async () => {
    const floor = join(town, 'demo/refinery/rig/.gastown');
    await mkdir(floor, { recursive: true });
    const doc = { merge_queue: { test_command: 'theirs' }, agent: 'evil' };
    await writeFile(join(floor, 'settings.json'), JSON.stringify(doc));
    expect(await explain('merge_queue.test_command')).toMatchObject({ rig: 'demo', value: 'theirs' });
    await gt('rig', 'settings', 'set', 'demo', 'merge_queue.test_command', 'ours');
    expect(await explain('merge_queue.test_command')).toMatchObject({
      value: 'ours',
      places: [{ state: 'acts' }, { state: 'overruled', value: 'theirs' }],
    });
    expect(await explain('agent')).toMatchObject({ value: null, places: [{ state: 'silent' }] });
    expect((await gt('rig', 'settings', 'show', 'demo')).stderr).toContain(
      "'agent' does not count in this file",
    );
  });

  test('a wrong value is shown as such, and everything else with it', async () => {
    await mkdir(join(town, 'settings'));
    await writeFile(join(town, 'settings/config.json'), '{"scheduler":{"batch_size":"some"}}');
    expect(await explain('scheduler.batch_size')).toMatchObject({
      value: null,
      problem: expect.stringMatching(/batch_size must be a whole number from 1/) as string,
    });
    const list = await gt('config', 'list');
    expect(list).toMatchObject({ code: 0 });
    expect(list.stderr).toContain('scheduler.batch_size must be a whole number from 1');
    expect((await gt('config', 'set', 'scheduler.batch_size', '2')).code).toBe(0);
    expect((await gt('config', 'get', 'scheduler.batch_size')).stdout).toBe('2\n');
  });

  test('an unknown key is answered with the nearest one of all kinds', async () => {
    expect((await gt('config', 'explain', 'max_polecat')).stderr).toContain('Did you mean max_polecats?');
    expect((await gt('config', 'explain', 'merge_queue.tst_command')).stderr).toContain(
      'Did you mean merge_queue.test_command?',
    );
  });
});
