import { randomUUID } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createClock } from '../../src/adapters/clock.ts';
import { createSqliteStore } from '../../src/adapters/sqlite/store.ts';
import { bd } from '../../src/cli/bd-program.ts';
import { gt } from '../../src/cli/registry.ts';
import { digestDatabase } from '../../src/beads/content/digest.ts';
import { runBd } from '../interop/run-bd.ts';
import { runGt } from '../unit/cli/run-gt.ts';

/*
 * Whoever is not who it says, or not any more, changes nothing: for each command by which an agent writes. The same
 * commands by the agent itself change something, so that "nothing" means the refusal.
 */

type Env = Readonly<Record<string, string>>;

let home: string;
let town: string;
let other: string;

beforeEach(async () => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'gt-strangers-')));
  town = join(home, 'town');
  other = join(home, 'other');
  await makeTown(town);
  await makeTown(other);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const ACE = 'proj/polecats/ace';
const DESK = 'proj/polecats/ace/proj';
const SPAWN = 5;

/** The agent's own environment. */
function own(root: string): Env {
  return {
    GT_ROLE: ACE,
    GT_RIG: 'proj',
    GT_POLECAT: 'ace',
    GT_TOWN_ROOT: root,
    GT_ROOT: root,
    GT_SESSION: 'fx-ace',
    GT_SPAWN: String(SPAWN),
    BD_ACTOR: ACE,
    BEADS_ACTOR: '',
  };
}

interface Stranger {
  readonly who: string;
  readonly cwd: (root: string) => string;
  readonly env: (root: string) => Env;
}

const STRANGERS: readonly Stranger[] = [
  { who: 'in the home of another', cwd: (root) => join(root, 'proj/polecats/nux/proj'), env: own },
  {
    who: 'whose session was replaced',
    cwd: (root) => join(root, DESK),
    env: (root) => ({ ...own(root), GT_SPAWN: String(SPAWN - 1) }),
  },
  { who: 'of another town', cwd: (root) => join(root, DESK), env: () => own(other) },
  {
    who: 'in the session of another',
    cwd: (root) => join(root, DESK),
    env: (root) => ({ ...own(root), GT_SESSION: 'fx-nux' }),
  },
  {
    who: 'whose .gt-agent was carried to another home',
    cwd: (root) => join(root, 'proj/crew/ann'),
    env: () => ({ BEADS_ACTOR: '' }),
  },
];

/** Command lines by which agents write; of a command that is not there yet, nothing is asked. */
const WRITES: readonly (readonly [program: 'gt' | 'bd', ...words: readonly string[]])[] = [
  ['gt', 'prime', '--hook'],
  ['gt', 'mail', 'check', '--inject'],
  ['gt', 'signal', 'stop'],
  ['gt', 'done', '--status', 'DEFERRED', '--reason', 'have to go to lunch'],
  ['gt', 'hook', 'fx-free'],
  ['gt', 'hook', 'attach', 'fx-free'],
  ['gt', 'hook', 'clear', '--force'],
  ['gt', 'unsling', 'fx-held', '--force'],
  ['gt', 'release', 'fx-held'],
  ['gt', 'sling', 'fx-free', 'proj'],
  ['gt', 'handoff', '-s', 'later', '-m', 'go on', '--yes'],
  ['gt', 'checkpoint', 'write'],
  ['gt', 'close', 'fx-free', '--reason', 'was done before'],
  ['gt', 'mail', 'send', 'mayor/', '-s', 'hi', '-m', 'there'],
  ['gt', 'escalate', 'help', '-s', 'low'],
  ['gt', 'nudge', 'proj/nux', 'hello', '--mode=queue'],
  ['gt', 'broadcast', 'hello'],
  ['gt', 'dnd', 'on'],
  ['gt', 'mq', 'submit', '--branch', 'x'],
  ['gt', 'mol', 'attach', 'fx-free', 'mol-x'],
  ['gt', 'crew', 'add', 'joe', '--rig', 'proj'],
  ['gt', 'config', 'set', 'cli_theme', 'dark'],
  ['gt', 'rig', 'settings', 'set', 'proj', 'agent', 'codex'],
  ['bd', 'create', 'New one'],
  ['bd', 'update', 'fx-free', '--status', 'in_progress'],
  ['bd', 'close', 'fx-free', '-r', 'done'],
  ['bd', 'comments', 'add', 'fx-free', 'hello'],
  ['bd', 'label', 'add', 'fx-free', 'x'],
  ['bd', 'dep', 'add', 'fx-free', 'fx-held'],
];

const THERE = WRITES.filter(([program, ...words]) =>
  (program === 'gt' ? gt : bd).commands.some(
    ({ path, load }) => load !== undefined && words.join(' ').startsWith(path),
  ),
);

describe.each(STRANGERS)('P18: an agent $who', ({ cwd, env }) => {
  test('changes nothing by any command that writes, and is told why', async () => {
    const place = { home, cwd: cwd(town), env: env(town) };
    const before = await everything(town);
    for (const [program, ...words] of THERE) {
      const line = `${program} ${words.join(' ')}`;
      const answer = await (program === 'gt' ? runGt(place, words) : runBd(place, words));
      expect(await everything(town), line).toEqual(before);
      expect(answer.stderr, line).toMatch(/says|belongs to|newer session/);
      expect([line, answer.code]).toEqual([line, /^gt (?:prime|mail check|signal)/.test(line) ? 0 : 1]);
    }
  });

  test('may look', async () => {
    const place = { home, cwd: cwd(town), env: env(town) };
    const before = await everything(town);
    for (const words of [['hook', 'show'], ['whoami'], ['polecat', 'list']]) {
      const answer = await runGt(place, words);
      expect(answer).toMatchObject({ code: 0 });
      if (place.env['GT_ROLE'] !== undefined) expect(answer.stderr).toMatch(/says|belongs to|newer session/);
    }
    expect(await everything(town)).toEqual(before);
  });
});

describe('the agent itself', () => {
  test.each([
    ['gt', 'prime', '--hook'],
    ['gt', 'mail', 'check', '--inject'],
    ['gt', 'signal', 'stop'],
    ['gt', 'dnd', 'on'],
    ['bd', 'create', 'New one'],
    ['bd', 'update', 'fx-free', '--status', 'in_progress'],
  ] as const)('changes something by %s %s %s', async (program, ...words) => {
    const before = await everything(town);
    const place = { home, cwd: join(town, DESK), env: own(town) };
    const answer = await (program === 'gt' ? runGt(place, words) : runBd(place, words));
    expect(answer).toMatchObject({ code: 0, stderr: '' });
    expect(await everything(town)).not.toEqual(before);
  });

  test('a heartbeat of an older start says nothing about the newer one', async () => {
    const file = join(town, '.runtime/heartbeats/fx-ace.json');
    const beat = async (spawn: number) => {
      await runGt({ home, cwd: join(town, DESK), env: { ...own(town), GT_SPAWN: String(spawn) } }, [
        'whoami',
      ]);
      return JSON.parse(readFileSync(file, 'utf8')) as unknown;
    };
    const newest = await beat(SPAWN);
    expect(newest).toMatchObject({ spawn: SPAWN });
    expect(await beat(SPAWN - 1)).toEqual(newest);
  });
});

async function makeTown(root: string): Promise<void> {
  const put = (path: string, content: string | object): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const projects = { hq: randomUUID(), proj: randomUUID() };
  const store = createSqliteStore({ dir: join(root, '.store'), clock: createClock(), durability: 'none' });
  await store.create('hq', { prefix: 'hq', projectId: projects.hq });
  await store.create('proj', { prefix: 'fx', projectId: projects.proj });
  await store.close();
  put('mayor/town.json', { type: 'town', version: 2, name: 't', store: { kind: 'sqlite' } });
  const beads = { prefix: 'fx' };
  put('mayor/rigs.json', { version: 1, rigs: { proj: { git_url: '/none.git', beads } } });
  put('proj/config.json', { type: 'rig', version: 1, name: 'proj', default_branch: 'main', beads });
  put('.beads/routes.jsonl', '{"prefix":"hq-","path":"."}\n{"prefix":"fx-","path":"proj"}\n');
  const metadata = (database: 'hq' | 'proj') => ({
    backend: 'gt-sqlite',
    database: 'gt-sqlite',
    sqlite_database: database,
    project_id: projects[database],
  });
  put('.beads/metadata.json', metadata('hq'));
  put('proj/.beads/metadata.json', metadata('proj'));
  for (const name of ['ace', 'nux']) put(`proj/polecats/${name}/proj/.beads/redirect`, '../../../.beads\n');
  put('proj/crew/ann/.git/HEAD', 'ref: refs/heads/main\n');
  put('proj/crew/ann/.beads/redirect', '../../.beads\n');
  put('proj/crew/ann/.gt-agent', { role: 'crew', rig: 'proj', name: 'joe' });
  await fill(root);
  const gone = { pid: 999_999_999, start: '1' };
  const at = '2026-01-01T00:00:00Z';
  for (const name of ['ace', 'nux']) {
    const session = `fx-${name}`;
    const state = { session, spawn: SPAWN, host: gone, state: 'busy', since: at, started: at };
    const rest = { attached: false, runtime: 'claude', wasReady: true };
    put(`.runtime/panes/${session}.state.json`, { ...state, ...rest });
    const nudge = { sender: 'overseer', message: 'look', priority: 'normal', timestamp: at };
    put(`.runtime/nudge_queue/${session}/1-00000000.json`, nudge);
  }
}

/** One free bead, one on the agent's hook, and the agent's row. */
async function fill(root: string): Promise<void> {
  const at = { cwd: root, env: { BEADS_ACTOR: 'overseer' } };
  const run = async (...words: readonly string[]): Promise<void> => {
    const answer = await runBd(at, words);
    if (answer.code !== 0) throw new Error(`bd ${words.join(' ')}: ${answer.stderr}`);
  };
  await run('create', 'Free', '--id', 'fx-free', '--rig', 'proj');
  await run('create', 'Held', '--id', 'fx-held', '--rig', 'proj');
  await run('update', 'fx-held', '--status', 'hooked', '--assignee', ACE);
  const row = `role_type: polecat\nrig: proj\nagent_state: spawning\nspawn: ${SPAWN}`;
  await run('create', 'Polecat', '--id', 'fx-proj-polecat-ace', '-t', 'agent', '-l', 'gt:agent', '-d', row);
}

/** Every row, and every file but those that any command may touch: locks, logs, the database files themselves. */
async function everything(root: string): Promise<unknown> {
  const store = createSqliteStore({ dir: join(root, '.store'), clock: createClock(), durability: 'none' });
  const { tables } = await store.admin();
  const rows = {
    hq: await digestDatabase(await store.open('hq'), tables),
    proj: await digestDatabase(await store.open('proj'), tables),
  };
  await store.close();
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/\/(?:\.store|logs|\.runtime\/locks)\//.test(path))
    .map((path) => `${relative(root, path)} ${readFileSync(path, 'utf8')}`)
    .sort();
  return { rows, files };
}
