import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { runGt } from '../unit/cli/run-gt.ts';
import type { Run } from '../unit/cli/support.ts';
import { tempDirs } from '../support/temp-dir.ts';

const tempDir = tempDirs();
let home: string;
let town: string;
let crew: string;

beforeEach(async () => {
  home = tempDir();
  town = join(home, 'town');
  crew = join(town, 'proj/crew/.claude/settings.json');
  for (const folder of ['mayor', 'proj/crew/ann/.git', 'hooks'])
    await mkdir(join(town, folder), { recursive: true });
  await json(join(town, 'mayor/town.json'), {
    type: 'town',
    version: 2,
    name: 'demo',
    store: { kind: 'sqlite' },
  });
  const rigs = { proj: { git_url: '/r.git', beads: { prefix: 'pj' } } };
  await json(join(town, 'mayor/rigs.json'), { version: 1, rigs });
  await json(join(town, 'proj/config.json'), {
    type: 'rig',
    version: 1,
    name: 'proj',
    default_branch: 'main',
  });
});

async function json(path: string, value: unknown): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, JSON.stringify(value));
}

const gt = (...argv: readonly string[]): Promise<Run> => runGt({ home, cwd: town }, argv);
const runs = (command: string, matcher = '') => ({ matcher, hooks: [{ type: 'command', command }] });
const base = (layer: unknown) => json(join(home, '.gt/hooks-base.json'), layer);
const override = (name: string, layer: unknown) =>
  json(join(home, `.gt/hooks-overrides/${name}.json`), layer);

interface Settings {
  readonly hooks: Readonly<
    Record<string, readonly { matcher: string; hooks: readonly { command: string }[] }[]>
  >;
}
const settings = async (path = crew) => JSON.parse(await readFile(path, 'utf8')) as Settings;
/** `event [matcher] command` of every hook in a file. */
async function written(path = crew): Promise<readonly string[]> {
  return Object.entries((await settings(path)).hooks).flatMap(([event, entries]) =>
    entries.flatMap(({ matcher, hooks }) =>
      hooks.map(({ command }) => `${event} [${matcher}] ${command.replace(/^\S+\/gt /, 'gt ')}`),
    ),
  );
}

describe('gt hooks sync', () => {
  test('writes the files of all roles once, and diff says so by its exit code', async () => {
    expect(await gt('hooks', 'diff')).toMatchObject({ code: 1 });
    expect((await gt('hooks', 'sync', '--dry-run')).stdout).toContain('Would create');
    await expect(readFile(crew)).rejects.toThrow('ENOENT');
    expect(await gt('hooks', 'sync')).toMatchObject({ code: 0 });
    expect(await written()).toContain('SessionStart [] gt prime --hook');
    expect(await gt('hooks', 'diff')).toMatchObject({ code: 0 });
    const { targets } = JSON.parse((await gt('hooks', 'list', '--json')).stdout) as {
      targets: readonly { target: string; status: string }[];
    };
    expect(targets.map(({ target, status }) => `${target}: ${status}`)).toEqual(
      ['mayor', 'deacon', 'proj/witness', 'proj/refinery', 'proj/crew'].map((name) => `${name}: in sync`),
    );
  });

  test('puts base, role and role of the rig together: the same matcher replaces, a new one is added', async () => {
    await base({ PostToolUse: [runs('base-fmt', 'Edit'), runs('base-log', 'Bash')] });
    await override('crew', { PostToolUse: [runs('crew-fmt', 'Edit')] });
    await override('proj__crew', { PostToolUse: [{ matcher: 'Bash', hooks: [] }], Stop: [runs('say')] });
    await gt('hooks', 'sync');
    const own = (await written()).filter((line) => !line.includes('] gt '));
    expect(own).toEqual(['Stop [] say', 'PostToolUse [Edit] crew-fmt']);
    expect(await written(join(town, 'mayor/.claude/settings.json'))).toContain('PostToolUse [Edit] base-fmt');
  });

  test('P18: an entry of one’s own beside gt’s does not switch a guard off; an empty one does', async () => {
    await base({ PreToolUse: [runs('mine', 'Bash')] });
    await gt('hooks', 'sync');
    expect(await written()).toEqual(
      expect.arrayContaining(['PreToolUse [Bash] gt tap guard all', 'PreToolUse [Bash] mine']),
    );
    await base({ PreToolUse: [{ matcher: 'Bash', hooks: [] }] });
    await gt('hooks', 'sync');
    expect(await written()).not.toContain('PreToolUse [Bash] gt tap guard all');
  });

  test('P29: what leaves a layer leaves the files, what was written there by hand stays', async () => {
    await json(crew, { model: 'opus', hooks: { Notification: [runs('by-hand')] } });
    await base({ PostToolUse: [runs('base-fmt', 'Edit')] });
    await gt('hooks', 'sync');
    expect(await written()).toEqual(
      expect.arrayContaining(['Notification [] by-hand', 'PostToolUse [Edit] base-fmt']),
    );
    await rm(join(home, '.gt/hooks-base.json'));
    await gt('hooks', 'sync');
    expect(await written()).toContain('Notification [] by-hand');
    expect((await settings()).hooks['PostToolUse']).toBeUndefined();
    expect(await settings()).toMatchObject({ model: 'opus' });
  });

  test('commands of the Go gt in a layer are not written a second time', async () => {
    await base({
      SessionStart: [runs('export PATH="$HOME/go/bin:$PATH" && gt prime --hook && gt mail check --inject')],
    });
    await gt('hooks', 'sync');
    expect((await written()).filter((line) => line.startsWith('SessionStart'))).toEqual([
      'SessionStart [] gt prime --hook',
    ]);
  });

  test.each([
    ['{"Stop":[{"hooks":[]},{"matcher":"","hooks":[]}]}', "matcher '' twice"],
    ['{"Stop":{}}', 'Stop'],
    ['{"stop":[]}', 'stop'],
    ['{', 'hooks-base.json'],
  ])('P29: with the base %s every file stays as it is', async (text, why) => {
    await gt('hooks', 'sync');
    const before = await readFile(crew, 'utf8');
    await mkdir(join(home, '.gt'));
    await writeFile(join(home, '.gt/hooks-base.json'), text);
    const { code, stderr } = await gt('hooks', 'sync');
    expect(code).toBe(1);
    expect(stderr).toContain(why);
    expect(await readFile(crew, 'utf8')).toBe(before);
  });
});

describe('gt hooks', () => {
  test('init makes layers of what was written by hand: what all have the base, the rest overrides', async () => {
    await gt('hooks', 'sync');
    const roles = ['mayor', 'deacon', 'proj/witness', 'proj/refinery', 'proj/crew'];
    for (const role of roles) {
      const path = join(town, role, '.claude/settings.json');
      const { hooks } = await settings(path);
      const more = role === 'proj/crew' ? { Stop: [...(hooks['Stop'] ?? []), runs('say')] } : {};
      await json(path, {
        ...(await settings(path)),
        hooks: { ...hooks, ...more, Notification: [runs('ring')] },
      });
    }
    await gt('hooks', 'init');
    expect(JSON.parse((await gt('hooks', 'base', '--show')).stdout)).toEqual({
      Notification: [runs('ring')],
    });
    const shown = await gt('hooks', 'override', 'proj/crew', '--show');
    expect(JSON.parse(shown.stdout)).toEqual({ Stop: [runs('say')] });
    await gt('hooks', 'sync');
    expect((await written()).filter((line) => line.includes('ring') || line.includes('say'))).toHaveLength(2);
    expect(await gt('hooks', 'init')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('no hooks of your own'),
    });
  });

  test('install adds a hook of the town’s registry to the roles that it names', async () => {
    await writeFile(
      join(town, 'hooks/registry.toml'),
      [
        '[hooks.fmt]\nevent = "PostToolUse"\nmatchers = ["Edit"]\ncommand = "fmt"\nroles = ["crew"]',
        '[hooks.old]\nevent = "Stop"\ncommand = "old"\nroles = ["crew"]\nenabled = false',
      ].join('\n'),
    );
    expect(JSON.parse((await gt('hooks', 'registry', '--json')).stdout)).toMatchObject([{ name: 'fmt' }]);
    expect(await gt('hooks', 'install', 'fmt')).toMatchObject({ code: 0 });
    expect(await written()).toContain('PostToolUse [Edit] fmt');
    expect((await gt('hooks', 'install', 'old')).stderr).toContain('switched off');
    expect((await gt('hooks', 'install', 'nope')).stderr).toContain('no hook');
    const { hooks } = JSON.parse((await gt('hooks', 'scan', '--json')).stdout) as {
      hooks: readonly { agent: string; status: string; commands: readonly string[] }[];
    };
    expect(hooks.filter(({ status }) => status !== 'gt')).toMatchObject([
      { agent: 'proj/crew', status: 'layer', commands: ['fmt'] },
    ]);
  });

  test.each([
    [['override', 'pirate'], 'is no role'],
    [['override', 'nope/crew'], 'nope'],
    [['override', 'proj/mayor'], 'is no role'],
    [['diff', 'nope'], 'no hook files'],
  ])('%s is refused', async (words, why) => {
    const { code, stderr } = await gt('hooks', ...words);
    expect(code).toBe(1);
    expect(stderr).toContain(why);
  });
});
