import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { swapDatabases } from '../../src/beads/backup/swap.ts';
import { createAppContext } from '../../src/context.ts';
import { describeWithDolt, freePort } from '../support/dolt.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';
import { SILENT } from '../support/silent-streams.ts';

/* `bd backup` and `bd restore` in a real town, as a person uses them. */

let home: TestHome;
beforeEach(() => {
  home = createTestHome();
});
afterEach(async () => {
  await home.dispose();
});

async function titles(): Promise<readonly string[]> {
  return ((await home.bdJson('list')) as { title: string }[]).map(({ title }) => title).toSorted();
}

describe('a town on SQLite', () => {
  test('a ledger that was damaged comes back from its backup, and what was there is kept', async () => {
    await home.gt('install', home.town);
    await home.bd('q', 'Kept');
    await home.bd('backup', 'sync');
    await home.bd('q', 'Made later');
    const file = join(home.town, '.store/hq.db');
    const bytes = readFileSync(file);
    writeFileSync(file, Buffer.concat([Buffer.alloc(4096, 'x'), bytes.subarray(4096)]));
    expect((await home.tryBd(['list'])).code).toBe(1);
    expect(await home.bd('restore')).toContain('cannot be read');
    expect(await home.bd('restore', '--yes')).toContain('is kept as');
    expect(await titles()).toEqual(['Kept']);
    expect(await home.bd('restore', '--confirm')).toContain('Removed: hq__before_');
  });

  test('while the daemon runs it is refused, with the next step, and nothing changed', async () => {
    await home.gt('install', home.town);
    await home.bd('q', 'Kept');
    await home.bd('backup', 'sync');
    await home.bd('q', 'Made later');
    await home.gt('up');
    const refused = await home.tryBd(['restore', '--yes']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('gt daemon stop');
    expect(await titles()).toEqual(['Kept', 'Made later']);
    expect(await home.bdJson('backup', 'status')).toMatchObject({ count: 1, kept_databases: [] });
  });
});

describeWithDolt('a town on Dolt', () => {
  test('is restored with its history; killed in the middle of the swap, the same command finishes it', async () => {
    await home.gt('install', home.town, '--store', 'dolt', '--dolt-port', String(await freePort()));
    await home.bd('q', 'Kept');
    await home.bd('backup', 'sync');
    await home.bd('q', 'Made later');
    const killed = await home.tryBd(['restore', '--yes'], { env: { GT_TEST_STOP: 'restore-swap:before' } });
    expect(killed.signal).toBe('SIGKILL');
    await home.bd('restore', '--yes');
    expect(await titles()).toEqual(['Kept']);
    const status = (await home.bdJson('backup', 'status')) as { kept_databases: string[] };
    expect(status.kept_databases).toHaveLength(1);
    await home.bd('q', 'After');
    expect(await titles()).toEqual(['After', 'Kept']);
    await home.bd('restore', '--confirm');
    expect(await home.bdJson('backup', 'status')).toMatchObject({ kept_databases: [] });
  });

  test('of two restores at once the second is refused and takes nothing from the first', async () => {
    await home.gt('install', home.town, '--store', 'dolt', '--dolt-port', String(await freePort()));
    await home.bd('q', 'Kept');
    await home.bd('backup', 'sync');
    await home.bd('q', 'Made later');
    const hold = join(home.home, 'holds/restore-swap:before');
    mkdirSync(dirname(hold));
    writeFileSync(hold, '');
    const first = home.tryBd(['restore', '--yes']);
    await home.until('the first is in the middle', async () => existsSync(`${hold}.held`) || undefined);
    const second = await home.tryBd(['restore']);
    expect([second.code, second.stderr]).toEqual([1, expect.stringContaining('bd restore')]);
    rmSync(`${hold}.held`);
    expect(await first).toMatchObject({ code: 0 });
    expect(await titles()).toEqual(['Kept']);
  });

  test('P2: a swap whose second half fails puts the database in use back, and the server serves it', async () => {
    await home.gt('install', home.town, '--store', 'dolt', '--dolt-port', String(await freePort()));
    await home.bd('q', 'Kept');
    const { app, close } = createAppContext({ env: home.env, cwd: home.town, streams: SILENT });
    const town = await app.townAt(home.town);
    const request = {
      store: town.ports.store,
      town,
      database: 'hq',
      fresh: 'hq__gone',
      aside: 'hq__before_1',
    };
    await expect(swapDatabases(request)).rejects.toThrow();
    await close();
    expect(await titles()).toEqual(['Kept']);
    expect(await home.bdJson('backup', 'status')).toMatchObject({ kept_databases: [] });
  });
});
