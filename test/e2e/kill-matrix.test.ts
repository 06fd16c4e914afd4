import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KillTown, stepsOf } from './support/killing.ts';
import { git } from './support/repository.ts';
import type { TestHome } from './support/town.ts';

/**
 * Every named step of dispatch, done and landing, at which the command itself is killed, before and after. One town
 * serves all cases of a table: what one kill leaves must not disturb the others either. The others that may die
 * there: kill-daemon, kill-dolt, kill-session.
 */
let town: KillTown;
let home: TestHome;

beforeEach(async () => {
  town = await KillTown.create('sqlite');
  ({ home } = town);
});

afterEach(async () => {
  await town.dispose();
});

describe('kill -9 at every step', () => {
  test('P6: a sling killed at any step is never slung or fully slung after up, and lands once', async () => {
    const killed = new Map<string, string>();
    for (const stop of stepsOf('F', 1, 7)) {
      const [id = ''] = await town.createBeads([`Killed at ${stop}`]);
      const outcome = await town.sling([id], { GT_TEST_STOP: stop });
      expect(outcome.signal, `${stop}: ${outcome.stderr}`).toBe('SIGKILL');
      killed.set(id, stop);
    }
    await home.gt('up');
    for (const [id, stop] of killed) {
      const row = await town.bead(id);
      const neverSlung = ['F1:before', 'F1:after', 'F2:before', 'F2:after', 'F3:before'].includes(stop);
      if (neverSlung) {
        expect(row, stop).toMatchObject({ status: 'open' });
        expect(row.assignee ?? '', stop).toBe('');
        expect((await town.sling([id])).code, stop).toBe(0);
      } else {
        expect(['hooked', 'in_progress', 'closed'], `${stop} left it ${row.status}`).toContain(row.status);
      }
    }
    await town.untilClosed([...killed.keys()]);
    expect(town.landed()).toEqual([...killed.keys()].toSorted());
  });

  test('P8: a landing killed at any step merges once and closes only what is on the remote', async () => {
    const ids: string[] = [];
    for (const stop of stepsOf('H', 1, 10)) {
      const [id = ''] = await town.createBeads([`Killed at ${stop}`]);
      ids.push(id);
      expect((await town.sling([id])).code).toBe(0);
      await town.untilSubmitted(1);
      const outcome = await home.tryGt(['refinery', 'process', 'proj', '--once'], {
        env: { GT_TEST_STOP: stop },
      });
      expect(outcome.signal, `${stop}: ${outcome.stderr}`).toBe('SIGKILL');
      if ((await town.bead(id)).status === 'closed')
        expect(town.landed(), `${stop} closed it unlanded`).toContain(id);
      await home.until(`${id} lands after ${stop}`, async () => {
        await home.gt('refinery', 'process', 'proj', '--once');
        return (await town.bead(id)).status === 'closed' ? true : undefined;
      });
      expect(town.landed(), stop).toEqual(ids.toSorted());
    }
    // Twenty towns' worth of processes: on a busy machine it takes its time.
  }, 240_000);

  test('P7: a done killed at any step is done or not done, and the work lands once', async () => {
    await home.gt('config', 'agent', 'set', 'sitter', 'sh -c cat');
    await home.gt('up');
    const ids: string[] = [];
    for (const stop of stepsOf('G', 1, 7)) {
      const [id = ''] = await town.createBeads([`Killed at ${stop}`]);
      ids.push(id);
      await home.gt('sling', id, 'proj', '--agent', 'sitter');
      const { assignee = '' } = await town.bead(id);
      const name = assignee.split('/').at(-1) ?? '';
      const worktree = join(home.town, 'proj/polecats', name, 'proj');
      const { spawn, host } = await town.pane(id);
      const env = {
        GT_ROLE: assignee,
        GT_RIG: 'proj',
        GT_POLECAT: name,
        GT_SESSION: `pj-${name}`,
        GT_SPAWN: String(spawn),
      };
      await home.tryGt(['prime', '--hook'], { cwd: worktree, env, input: '{"source":"startup"}' });
      writeFileSync(join(worktree, `file-${id}`), 'work\n');
      git(worktree, 'add', '-A');
      git(worktree, 'commit', '-q', '-m', `Work of ${id}`);
      const outcome = await home.tryGt(['done'], { cwd: worktree, env: { ...env, GT_TEST_STOP: stop } });
      expect(outcome.signal, `${stop}: ${outcome.stderr}`).toBe('SIGKILL');
      if (stop === 'G1:before')
        expect((await home.tryGt(['done'], { cwd: worktree, env })).code, stop).toBe(0);
      else await town.kill(host.pid);
    }
    await town.untilClosed(ids);
    expect(town.landed()).toEqual(ids.toSorted());
  });
});
