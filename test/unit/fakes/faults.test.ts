import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../src/core/errors.ts';
import { Stop, createFaults } from '../../fakes/faults.ts';
import { createFakeFiles } from '../../fakes/files.ts';
import { createFakeGit } from '../../fakes/git.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { createFakeLocks } from '../../fakes/locks.ts';
import { createFakeStore } from '../../fakes/store.ts';

const GONE = new UnavailableError({ code: 'test.gone', message: 'gone' });

describe('faults', () => {
  it('count the calls of all wrapped ports in order, ports inside a port by their whole name', async () => {
    const faults = createFaults();
    const files = faults.wrap('files', createFakeFiles());
    const git = faults.wrap('git', createFakeGit());
    await files.writeAtomic('/a', 'x');
    await expect(git.objects.resolve('/none', 'HEAD')).rejects.toMatchObject({ code: 'git.failed' });
    await files.readText('/a');
    expect(faults.calls).toEqual(['files.writeAtomic', 'git.objects.resolve', 'files.readText']);
  });

  it('let one call fail, by its number or as the nth of a method, without making it', async () => {
    const faults = createFaults();
    const real = createFakeFiles();
    const files = faults.wrap('files', real);
    faults.failAt(2, GONE);
    faults.failOn('files.writeAtomic', 3, GONE);
    await files.writeAtomic('/a', '1');
    await expect(files.writeAtomic('/a', '2')).rejects.toBe(GONE);
    await expect(files.writeAtomic('/a', '3')).rejects.toBe(GONE);
    expect(await real.readText('/a')).toBe('1');
    await files.writeAtomic('/a', '4');
    expect(await real.readText('/a')).toBe('4');
  });

  it('stop the process before or after a call, and everything that follows', async () => {
    for (const [when, content] of [
      ['before', 'old'],
      ['after', 'new'],
    ] as const) {
      const faults = createFaults();
      const real = createFakeFiles();
      await real.writeAtomic('/a', 'old');
      const files = faults.wrap('files', real);
      faults.stopOn('files.writeAtomic', 1, when);
      await expect(files.writeAtomic('/a', 'new')).rejects.toThrow(Stop);
      await expect(files.remove('/a')).rejects.toThrow(Stop);
      expect([await real.readText('/a'), faults.stopped]).toEqual([content, true]);
      faults.restart();
      await files.remove('/a');
      expect([await real.readText('/a'), faults.calls]).toEqual([undefined, ['files.remove']]);
    }
  });

  it('reach every place of a piece of work: stop at call n for all n', async () => {
    const work = async (faults: ReturnType<typeof createFaults>): Promise<readonly string[]> => {
      const real = createFakeFiles();
      const files = faults.wrap('files', real);
      try {
        for (const name of ['/1', '/2', '/3']) await files.writeAtomic(name, 'x');
      } catch (error) {
        if (!(error instanceof Stop)) throw error;
      }
      return real.disk.walk('/');
    };
    const faults = createFaults();
    await work(faults);
    const places = faults.calls.length;
    const left: (readonly string[])[] = [];
    for (let n = 1; n <= places; n += 1) {
      faults.restart();
      faults.stopAt(n, 'after');
      left.push(await work(faults));
    }
    expect(left).toEqual([['1'], ['1', '2'], ['1', '2', '3']]);
  });

  it('reach inside a transaction, which is then rolled back, and after its commit, which holds', async () => {
    const store = createFakeStore();
    await store.create('demo', { prefix: 'gt', projectId: '5b0e5a51-5f5c-4f9e-9d38-0a2c31c9a6f7' });
    const insert = async (faults: ReturnType<typeof createFaults>, key: string): Promise<void> => {
      const database = await faults.wrap('store', store).open('demo');
      await database.transaction(async (sql) => {
        await sql.run('INSERT INTO config (`key`, value) VALUES (?, ?)', [key, '1']);
      });
    };
    const inside = createFaults();
    inside.stopOn('store.open().transaction(0).run', 1, 'after');
    await expect(insert(inside, 'inside')).rejects.toThrow(Stop);
    const after = createFaults();
    after.stopOn('store.open().transaction', 1, 'after');
    await expect(insert(after, 'after')).rejects.toThrow(Stop);
    const rows = await (await store.open('demo')).query('SELECT `key` FROM config WHERE value = ?', ['1']);
    expect(rows.map((row) => row['key'])).toEqual(['after']);
    await store.close();
  });

  it('leave methods that answer at once as they are, and disposal uncounted', async () => {
    const faults = createFaults();
    const clock = faults.wrap('clock', createFakeClock());
    faults.failOn('clock.now', 2, GONE);
    expect(clock.now()).toBeGreaterThan(0);
    expect(() => clock.now()).toThrow(GONE);
    const locks = faults.wrap('locks', createFakeLocks({ clock: createFakeClock() }));
    {
      await using held = await locks.acquire('config', { waitMs: 0, purpose: 'test' });
      expect(held.name).toBe('config');
    }
    expect(await locks.holder('config')).toBeUndefined();
    expect(faults.calls).toEqual(['clock.now', 'clock.now', 'locks.acquire', 'locks.holder']);
  });
});
