import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createBareRepository, git } from './support/repository.ts';
import { createTestHome } from './support/town.ts';
import type { Outcome, TestHome } from './support/town.ts';

/**
 * Every named step of dispatch, done and landing, killed before and after. One town serves all cases of a
 * table: what one kill leaves must not disturb the others either.
 */
const WHENS = ['before', 'after'] as const;

function casesOf(letter: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${letter}${index + 1}`).flatMap((step) =>
    WHENS.map((when) => `${step}:${when}`),
  );
}

let home: TestHome;
let origin: string;

beforeEach(async () => {
  home = createTestHome();
  origin = createBareRepository(join(home.home, 'origin.git'));
  await home.gt('install', home.town, '--store', 'sqlite');
  await home.gt('config', 'set', 'scheduler.max_polecats', '-1');
  await home.gt('rig', 'add', 'proj', origin, '--prefix', 'pj');
  await home.gt('rig', 'settings', 'set', 'proj', 'merge_queue.test_command', 'true');
});

afterEach(async () => {
  await home.dispose();
});

interface BeadRow {
  readonly id: string;
  readonly status: string;
  readonly assignee?: string;
}

async function createBead(title: string): Promise<string> {
  return ((await home.bdJson('create', title, '--rig', 'proj')) as BeadRow).id;
}

async function bead(id: string): Promise<BeadRow> {
  const row = ((await home.bdJson('show', id)) as BeadRow[])[0];
  if (row === undefined) throw new Error(`no bead ${id}`);
  return row;
}

function sling(id: string, stop?: string): Promise<Outcome> {
  const env = stop === undefined ? {} : { GT_TEST_STOP: stop };
  return home.tryGt(['sling', id, 'proj', '--agent', 'script', '--script', `echo work > file-${id}`], {
    env,
  });
}

function landed(): readonly string[] {
  return git(origin, 'log', '--format=%(trailers:key=Gt-Issue,valueonly,separator=%x2C)', 'main')
    .split('\n')
    .filter((line) => line !== '')
    .toSorted();
}

async function untilClosed(ids: readonly string[]): Promise<void> {
  await home.until(`closed: ${ids.join(' ')}`, async () => {
    const rows = (await home.bdJson('-C', 'proj', 'list', '--all', '-n', '0', '-t', 'task')) as BeadRow[];
    return ids.every((id) => rows.find((row) => row.id === id)?.status === 'closed') ? true : undefined;
  });
}

describe('kill -9 at every step', () => {
  test('P6: a sling killed at any step is never slung or fully slung after up, and lands once', async () => {
    const killed = new Map<string, string>();
    for (const stop of casesOf('F', 7)) {
      const id = await createBead(`Killed at ${stop}`);
      const outcome = await sling(id, stop);
      expect(outcome.signal, `${stop}: ${outcome.stderr}`).toBe('SIGKILL');
      killed.set(id, stop);
    }
    await home.gt('up');
    for (const [id, stop] of killed) {
      const row = await bead(id);
      const neverSlung = ['F1:before', 'F1:after', 'F2:before', 'F2:after', 'F3:before'].includes(stop);
      if (neverSlung) {
        expect(row, stop).toMatchObject({ status: 'open' });
        expect(row.assignee ?? '', stop).toBe('');
        expect((await sling(id)).code, stop).toBe(0);
      } else {
        expect(['hooked', 'in_progress', 'closed'], `${stop} left it ${row.status}`).toContain(row.status);
      }
    }
    await untilClosed([...killed.keys()]);
    expect(landed()).toEqual([...killed.keys()].toSorted());
  });

  test('P8: a landing killed at any step merges once and closes only what is on the remote', async () => {
    const ids: string[] = [];
    for (const stop of casesOf('H', 10)) {
      const id = await createBead(`Killed at ${stop}`);
      ids.push(id);
      expect((await sling(id)).code).toBe(0);
      await home.until(`merge request of ${id}`, async () =>
        ((await home.gtJson('mq', 'list', 'proj')) as unknown[]).length > 0 ? true : undefined,
      );
      const outcome = await home.tryGt(['refinery', 'process', 'proj', '--once'], {
        env: { GT_TEST_STOP: stop },
      });
      expect(outcome.signal, `${stop}: ${outcome.stderr}`).toBe('SIGKILL');
      if ((await bead(id)).status === 'closed') expect(landed(), `${stop} closed it unlanded`).toContain(id);
      await home.until(`${id} lands after ${stop}`, async () => {
        await home.gt('refinery', 'process', 'proj', '--once');
        return (await bead(id)).status === 'closed' ? true : undefined;
      });
      expect(landed(), stop).toEqual(ids.toSorted());
    }
  });

  test('P7: a done killed at any step is done or not done, and the work lands once', async () => {
    await home.gt('config', 'agent', 'set', 'sitter', 'sh -c cat');
    await home.gt('up');
    const ids: string[] = [];
    for (const stop of casesOf('G', 7)) {
      const id = await createBead(`Killed at ${stop}`);
      ids.push(id);
      await home.gt('sling', id, 'proj', '--agent', 'sitter');
      const { assignee = '' } = await bead(id);
      const name = assignee.split('/').at(-1) ?? '';
      const worktree = join(home.town, 'proj/polecats', name, 'proj');
      const state = await home.until(`session of ${name}`, async () => sessionState(name));
      const env = {
        GT_ROLE: assignee,
        GT_RIG: 'proj',
        GT_POLECAT: name,
        GT_SESSION: `pj-${name}`,
        GT_SPAWN: String(state.spawn),
      };
      await home.tryGt(['prime', '--hook'], { cwd: worktree, env, input: '{"source":"startup"}' });
      writeFileSync(join(worktree, `file-${id}`), 'work\n');
      git(worktree, 'add', '-A');
      git(worktree, 'commit', '-q', '-m', `Work of ${id}`);
      const outcome = await home.tryGt(['done'], { cwd: worktree, env: { ...env, GT_TEST_STOP: stop } });
      expect(outcome.signal, `${stop}: ${outcome.stderr}`).toBe('SIGKILL');
      if (stop === 'G1:before')
        expect((await home.tryGt(['done'], { cwd: worktree, env })).code, stop).toBe(0);
      else killSession(name);
    }
    await untilClosed(ids);
    expect(landed()).toEqual(ids.toSorted());
  });
});

interface SessionState {
  readonly spawn: number;
  readonly state: string;
  readonly host: { readonly pid: number };
}

async function sessionState(name: string): Promise<SessionState | undefined> {
  const dir = join(home.town, '.runtime/panes');
  const file = `pj-${name}.state.json`;
  if (!readdirSync(dir).includes(file)) return undefined;
  const state = JSON.parse(readFileSync(join(dir, file), 'utf8')) as SessionState;
  return state.state === 'exited' ? undefined : state;
}

function killSession(name: string): void {
  const state = JSON.parse(
    readFileSync(join(home.town, '.runtime/panes', `pj-${name}.state.json`), 'utf8'),
  ) as SessionState;
  try {
    process.kill(state.host.pid, 'SIGKILL');
  } catch {
    // It has ended by itself: done asks for that.
  }
}
