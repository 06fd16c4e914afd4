import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { installProject } from './support/project.ts';
import { openScreen } from './support/screen.ts';
import type { Screen } from './support/screen.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';

const FAKE_AGENT = resolve(import.meta.dirname, '../agent/fake-agent.ts');

let home: TestHome;
const screens: Screen[] = [];

beforeEach(async () => {
  home = createTestHome();
  await installProject(home);
  const script = join(home.home, 'script.json');
  writeFileSync(script, JSON.stringify([{ idle: true }]));
  const command = `${process.execPath} ${FAKE_AGENT} --script ${script} --log ${join(home.home, 'agent.log')}`;
  await home.gt('config', 'agent', 'set', 'fake', command, '--provider', 'claude');
  await home.gt('config', 'default-agent', 'fake');
  await home.gt('config', 'set', 'scheduler.max_polecats', '-1');
});
afterEach(async () => {
  for (const screen of screens.splice(0)) screen.close();
  await home.dispose();
});

function sit(command: string): Screen {
  const screen = openScreen(home, command);
  screens.push(screen);
  return screen;
}

async function sling(title: string): Promise<string> {
  const { id } = (await home.bdJson('create', title, '--rig', 'proj')) as { readonly id: string };
  await home.gt('sling', id, 'proj');
  return id;
}

interface Pane {
  readonly spawn: number;
  readonly child: { readonly pid: number };
}

function pane(session: string): Pane {
  return JSON.parse(readFileSync(join(home.town, '.runtime/panes', `${session}.state.json`), 'utf8')) as Pane;
}

async function daemonPid(): Promise<number> {
  const { daemon } = (await home.gtJson('status')) as { readonly daemon: { readonly pid: number } };
  return daemon.pid;
}

/** Ends the daemon without a word, and starts another one. */
async function replaceDaemon(): Promise<void> {
  process.kill(await daemonPid(), 'SIGKILL');
  await home.gt('up');
}

describe('a person in the town’s tmux', () => {
  test('sees what each agent does, goes round with keys, and chooses in menus', async () => {
    await home.gt('up');
    const title = '#[bg=red]#{pane_pid}#(touch hacked) %H';
    const first = await sling(title);
    const second = await sling('Another page');
    const screen = sit('gt attach furiosa');
    await screen.shows('😺 pj-furiosa', `🪝 ${first}: #[bg=red]#{pane_pid}#(touch`);
    screen.press('C-b', 'n');
    await screen.shows('😺 pj-nux', `🪝 ${second}: Another page |`);
    screen.press('C-b', 'p');
    await screen.shows('😺 pj-furiosa');
    screen.press('C-b', 'g');
    await screen.shows('─ Agents ─', '── proj ──', 'furiosa', '#[bg=red]#{pane_pid}#(touch', '(2)');
    screen.press('2');
    await screen.shows('😺 pj-nux');
    screen.press('C-b', 'r');
    await screen.shows('Rigs (projects)', '── 🟢 proj, operational ──', 'Merge queue');
    screen.press('1');
    await screen.shows('branch main', 'Polecats (workers, 2)');
    expect(readdirSync(home.town).concat(readdirSync(home.home))).not.toContain('hacked');
  });

  test('goes to the mayor, who is started for it, and back', async () => {
    await home.gt('up');
    const screen = sit('gt mayor attach');
    await screen.shows('🎩 Mayor', '🦉 1/1 | 🏭 1/1 | 🟢proj |');
    screen.press('C-b', 'a');
    await screen.shows('1:feed*', 'started mayor');
    screen.press('C-c');
    await screen.shows('0:agent*');
    screen.press('C-b', 'd');
    await screen.shows('[detached');
    expect(await home.gtJson('mayor', 'status')).toMatchObject({
      running: true,
      attached: false,
      wanted: 'up',
    });
  });

  test('reads in the bar what went wrong with a key', async () => {
    await home.gt('up');
    await sling('One page');
    const screen = sit('gt attach furiosa');
    await screen.shows('😺 pj-furiosa');
    writeFileSync(join(home.town, 'mayor/rigs.json'), '{"broken');
    screen.press('C-b', 'g');
    await screen.shows('Error: ', 'rigs.json');
  });
});

describe('agents that run', () => {
  test('P10: are taken as they are by a new daemon; who was stopped stays stopped', async () => {
    await home.gt('up');
    await sling('One page');
    await home.gt('mayor', 'start');
    await home.gt('witness', 'start', 'proj', '--agent', 'fake');
    await home.gt('witness', 'stop', 'proj');
    const before = [pane('hq-mayor'), pane('pj-furiosa')];
    await replaceDaemon();
    await home.gt('daemon', 'status');
    expect([pane('hq-mayor'), pane('pj-furiosa')].map(({ spawn, child }) => [spawn, child.pid])).toEqual(
      before.map(({ spawn, child }) => [spawn, child.pid]),
    );
    const rows = (await home.gtJson('session', 'list')) as readonly { readonly session_id: string }[];
    expect(rows.map(({ session_id }) => session_id)).toEqual(['hq-mayor', 'pj-furiosa']);
    await home.gt('session', 'stop', 'furiosa');
    await home.gt('mayor', 'stop');
    await replaceDaemon();
    expect(await home.gtJson('session', 'list')).toEqual([]);
  });

  test('P1: the mayor whose processes vanished is started again, in the same terminal', async () => {
    await home.gt('up');
    const screen = sit('gt mayor attach');
    await screen.shows('🎩 Mayor');
    process.kill(pane('hq-mayor').child.pid, 'SIGKILL');
    await home.until('the next mayor', async () => (pane('hq-mayor').spawn === 2 ? true : undefined));
    await screen.shows('🎩 Mayor', 'bypass permissions on');
  });
});

describe('gt status-line', () => {
  const line = (cwd: string, session = 'hq-mayor') =>
    home.tryGt(['status-line', `--session=${session}`], { cwd, env: { GT_TOWN_ROOT: home.town } });

  test('P14: ends with 0 and without a word of error, whatever is wrong', async () => {
    const nowhere = await home.tryGt(['status-line', '--session=x'], { cwd: home.home });
    expect(nowhere).toMatchObject({ code: 0, stdout: '', stderr: '' });
    writeFileSync(join(home.town, 'mayor/town.json'), '{"broken');
    expect(await line(home.home)).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  test('P16: asks for nothing while what was drawn is fresh, and without a daemon looks itself', async () => {
    expect((await line(home.home)).stdout).toMatch(/🦉 0\/1 \| 🏭 0\/1 \| ⚫proj \|$/);
    const kept = join(home.town, '.runtime/status-bars');
    expect(existsSync(kept)).toBe(true);
    writeFileSync(kept, `${Math.floor(Date.now() / 1000) + 3}\nhq-mayor as kept |\n`);
    writeFileSync(join(home.town, 'mayor/town.json'), '{"broken');
    await home.until('the kept bar', async () =>
      (await line(home.home)).stdout === 'as kept |' ? true : undefined,
    );
  });
});

test('P19: with all keys, menus and colours a person’s own tmux server is byte for byte the same afterwards', async () => {
  const sockets = join(home.home, 'sockets');
  mkdirSync(sockets);
  const env = { ...home.env, TMUX_TMPDIR: sockets };
  const own = (...args: readonly string[]): string => execFileSync('tmux', args, { env, encoding: 'utf8' });
  writeFileSync(
    join(home.home, '.tmux.conf'),
    'set -g prefix C-a\nbind-key n display-message mine\nset -g mouse off\n',
  );
  own('new-session', '-d', '-s', 'hq-mayor', 'sleep', '600');
  try {
    const picture = (): string =>
      [
        ['list-keys'],
        ['show-options', '-g'],
        ['show-options', '-s'],
        ['show-options', '-wg'],
        ['show-options', '-t', 'hq-mayor'],
        ['list-panes', '-a'],
        ['show-environment', '-g'],
        ['show-hooks', '-g'],
      ]
        .map((words) => own(...words))
        .join('\n---\n');
    const before = picture();
    const gt = async (...args: readonly string[]): Promise<string> => {
      const outcome = await home.tryGt(args, { env: { TMUX_TMPDIR: sockets } });
      if (outcome.code !== 0) throw new Error(outcome.stderr);
      return outcome.stdout;
    };
    await gt('up');
    await gt('mayor', 'start');
    await gt('theme', 'forest');
    await gt('theme', 'apply', '--all');
    await gt('agents', 'list');
    await gt('session', 'restart', 'mayor');
    await gt('mayor', 'stop');
    await gt('down');
    expect(picture()).toBe(before);
  } finally {
    own('kill-server');
  }
});
