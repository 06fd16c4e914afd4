import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandSpec } from '../../src/cli/command.ts';
import { gt } from '../../src/cli/registry.ts';
import { createBareRepository } from '../e2e/support/repository.ts';
import { runGt } from '../unit/cli/run-gt.ts';
import type { Run } from '../unit/cli/support.ts';

/*
 * P13, P14: a file of settings that is torn, of a newer gt, of another kind or no file at all, under every command that
 * only reads: one line that names it, or nothing to do with it; never a stack, never a byte of the file changed.
 */

let home: string;
let town: string;

beforeAll(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'gt-wrong-')));
  town = join(home, 'town');
  const origin = createBareRepository(join(home, 'origin.git'));
  for (const words of [
    ['install', town],
    ['rig', 'add', 'demo', origin],
  ])
    expect((await runGt({ home, cwd: words[0] === 'rig' ? town : home }, words)).code).toBe(0);
  for (const { path } of READERS) healthy.set(path, await run(path));
});
afterAll(() => rm(home, { recursive: true }));

/** What each command says in a healthy town. */
const healthy = new Map<string, Run>();

const FILES: Readonly<Record<string, string>> = {
  'mayor/town.json': 'town',
  'mayor/rigs.json': 'rigs',
  'mayor/daemon.json': 'daemon-patrol-config',
  'mayor/overseer.json': 'overseer',
  'mayor/accounts.json': 'accounts',
  'settings/config.json': 'town-settings',
  'settings/agents.json': 'agents',
  'config/messaging.json': 'messaging',
  'daemon/wanted.json': 'wanted',
  '.beads-wisp/config/demo.json': 'wisp',
  'demo/config.json': 'rig',
  'demo/settings/config.json': 'rig-settings',
};

/** What can be wrong with each; a folder in its place cannot be read as little as a file without rights. */
const WRONG: Readonly<Record<string, (path: string, type: string) => Promise<void>>> = {
  torn: (path) => writeFile(path, '{"version": 1, "torn'),
  empty: (path) => writeFile(path, ''),
  'no object': (path) => writeFile(path, '[1, 2]'),
  'of a newer gt': (path, type) => writeFile(path, JSON.stringify({ type, version: 99 })),
  'with a byte order mark': (path) => writeFile(path, '\uFEFF{}'),
  'full of wrong types': (path, type) =>
    writeFile(
      path,
      JSON.stringify({ type, name: 5, rigs: [], agents: 'x', town: 1, values: 3, operational: [] }),
    ),
  unreadable: (path) => mkdir(path),
};

/** Commands that change something, wait, or act on the machine: what they read, the others read too. */
const EFFECTS =
  /^(?:up|agents fix|mol (?:step )?(?:await|burn|squash)|mq (?:submit|pause|resume)|prune-branches|unsling|theme apply|dnd|notify|formula run|start|down|shutdown|install|uninstall|done|prime|handoff|resume|crew (?:start|stop|restart)|mayor|deacon|witness|refinery (?:process|start|stop|restart|attach)|daemon|boot|dog|estop|thaw|upgrade|adopt|quickstart|feed|shell|enable|disable|git-init|orphans kill|cleanup|mq process|mail check|signal|store migrate|hooks (?:sync|init)|compact|doctor|rig (?:quick-add|detect)|pane-host|convoy -i|version|stale|config schema|scheduler run|patrol)/;

const READERS: readonly CommandSpec[] = gt.commands.filter(
  ({ path, load, json, hidden, passThrough, args = [], flags = [] }) =>
    load !== undefined &&
    json === true &&
    hidden !== true &&
    passThrough !== true &&
    !EFFECTS.test(path) &&
    ![...args, ...flags].some(({ required }) => required === true),
);

/** Between them they read every one of the files: for other damage than a torn file they are enough. */
const SOME =
  /^(?:status|config (?:agent )?list|rig (?:list|status|settings show|config show)|mq list|whoami|theme|polecat list|crew list|role)$/;

const run = (command: string): Promise<Run> =>
  runGt({ home, cwd: join(town, 'mayor') }, [...command.split(' '), '--json']);

test('the commands that are tried are well in a healthy town', () => {
  const codes = [...healthy].map(([command, { code }]) => `${command} ${code}`);
  expect(codes).toEqual(
    expect.arrayContaining(['status 0', 'config list 0', 'rig list 0', 'rig status 0', 'mq list 0']),
  );
});

const CASES = Object.entries(FILES).flatMap(([file, type]) =>
  Object.entries(WRONG).map(([wrong, damage]) => ({ file, type, wrong, damage })),
);

/** What is not as it must be about a command under a wrong file; '' = nothing. */
function complaint(command: string, now: Run, path: string): string {
  const well = healthy.get(command);
  if (/\n\s+at |ZodError|TypeError|invalid_type|a bug in gt/i.test(now.stderr))
    return `crashed: ${now.stderr}`;
  if (now.code === well?.code) return '';
  if (now.code !== 1) return `ended with ${now.code}`;
  if (now.stdout !== '') return 'printed half an answer';
  const errors = now.stderr.split('\n').filter((line) => line.startsWith('Error: '));
  if (errors.length !== 1) return `said ${errors.length} errors: ${now.stderr}`;
  return errors[0]?.includes(path) === true ? '' : `does not name the file: ${now.stderr}`;
}

describe('P13, P14: a wrong file of settings under every command that reads', () => {
  test.each(CASES)('$file $wrong', async ({ file, type, wrong, damage }) => {
    const path = join(town, file);
    const before = await readFile(path, 'utf8').catch(() => undefined);
    await mkdir(dirname(path), { recursive: true });
    await rm(path, { force: true });
    try {
      await damage(path, type);
      const written = await readFile(path, 'utf8').catch(() => 'a folder');
      const complaints: string[] = [];
      let named = 0;
      const tried = READERS.filter((spec) => wrong === 'torn' || SOME.test(spec.path));
      for (const { path: command } of tried) {
        const now = await run(command);
        const found = complaint(command, now, path);
        if (found !== '') complaints.push(`gt ${command}: ${found}`);
        if (now.stderr.includes(path)) named += 1;
        if ((await readFile(path, 'utf8').catch(() => 'a folder')) !== written)
          complaints.push(`gt ${command} has written over it`);
      }
      expect(complaints).toEqual([]);
      // The town's own file stops everything, whatever is wrong with it.
      if (file === 'mayor/town.json') expect(named).toBeGreaterThanOrEqual(tried.length - 2);
    } finally {
      await rm(path, { recursive: true, force: true });
      if (before !== undefined) await writeFile(path, before);
    }
  });
});
