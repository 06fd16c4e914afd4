import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClock } from '../../src/adapters/clock.ts';
import { createSqliteStore } from '../../src/adapters/sqlite/store.ts';
import { describeWithDolt, freePort } from '../support/dolt.ts';
import { fillLedger } from '../support/random-ledger.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';

/* `gt store migrate` in a real town, with a process killed at every step of the way. */

let home: TestHome;
let port: string;

beforeEach(async () => {
  home = createTestHome();
  port = String(await freePort());
  await home.gt('install', home.town);
  await home.gt('config', 'set', 'dolt.port', port);
  const store = createSqliteStore({
    dir: join(home.town, '.store'),
    clock: createClock(),
    durability: 'none',
  });
  await fillLedger(
    await store.create('proj', { prefix: 'fx', projectId: 'p-1' }),
    (await store.admin()).tables,
    7,
  );
  await store.close();
  mkdirSync(join(home.town, 'proj/.beads'), { recursive: true });
  const metadata = {
    backend: 'gt-sqlite',
    database: 'gt-sqlite',
    sqlite_database: 'proj',
    project_id: 'p-1',
  };
  writeFileSync(join(home.town, 'proj/.beads/metadata.json'), JSON.stringify(metadata));
  const routes = join(home.town, '.beads/routes.jsonl');
  writeFileSync(routes, `${readFileSync(routes, 'utf8')}{"prefix":"fx-","path":"proj"}\n`);
});
afterEach(async () => {
  await home.dispose();
});

/** What bd says of all beads, in short. */
async function dump(): Promise<string> {
  const parts = await Promise.all(
    ['hq', 'proj'].map((database) => home.bd('export', '--all', '-C', database === 'hq' ? '.' : 'proj')),
  );
  return parts
    .map((part) => `${part.split('\n').length} lines ${createHash('sha256').update(part).digest('hex')}`)
    .join(', ');
}

function storeInForce(): string {
  return (JSON.parse(readFileSync(join(home.town, 'mayor/town.json'), 'utf8')) as { store: { kind: string } })
    .store.kind;
}

function backendOf(folder: string): unknown {
  return (
    JSON.parse(readFileSync(join(home.town, folder, '.beads/metadata.json'), 'utf8')) as { backend: unknown }
  ).backend;
}

const STEPS = [
  'store-copy:after',
  'store-mark:before',
  'store-switch:before',
  'store-switch:after',
  'store-aside:after',
];

describeWithDolt('a town that moves its ledger', () => {
  test('goes to Dolt and back with every row, and keeps the old data under another name', async () => {
    const before = await dump();
    const plan = (await home.gtJson('store', 'migrate', '--to', 'dolt', '--dry-run')) as {
      databases: unknown[];
    };
    expect(plan.databases).toHaveLength(2);
    expect(storeInForce()).toBe('sqlite');
    const moved = (await home.gtJson('store', 'migrate', '--to', 'dolt')) as { old_data: string };
    expect(existsSync(join(moved.old_data, 'proj.db'))).toBe(true);
    expect(existsSync(join(home.town, '.store'))).toBe(false);
    expect([storeInForce(), backendOf('.'), backendOf('proj')]).toEqual(['dolt', 'dolt', 'dolt']);
    expect(await dump()).toBe(before);

    await home.bd('create', 'Made on Dolt', '-C', 'proj');
    const changed = await dump();
    const back = await home.gt('store', 'migrate', '--to', 'sqlite');
    expect(back).toContain('stays behind: the version history');
    expect([storeInForce(), backendOf('.'), backendOf('proj')]).toEqual(['sqlite', 'gt-sqlite', 'gt-sqlite']);
    expect(await dump()).toBe(changed);
    expect(readdirSync(home.town).filter((name) => name.includes('.moved-'))).toHaveLength(2);
    expect(await home.gt('store', 'migrate', '--to', 'sqlite')).toContain('already');
  });

  test('killed at any step, what is in force is whole, and the same command finishes it: both ways', async () => {
    const before = await dump();
    for (const to of ['dolt', 'sqlite']) {
      for (const step of STEPS) {
        const killed = await home.tryGt(['store', 'migrate', '--to', to], { env: { GT_TEST_STOP: step } });
        const isSwitched = storeInForce() === to;
        expect(killed.signal, `${to} ${step}: ${killed.stderr}`).toBe('SIGKILL');
        expect(isSwitched).toBe(STEPS.indexOf(step) >= STEPS.indexOf('store-switch:after'));
        expect(await dump(), `${to} ${step}`).toBe(before);
        if (!isSwitched) continue;
        expect(await home.gt('store', 'migrate', '--to', to)).toContain('Finished an interrupted move');
        expect([backendOf('.'), backendOf('proj')]).toEqual(
          to === 'dolt' ? ['dolt', 'dolt'] : ['gt-sqlite', 'gt-sqlite'],
        );
        if (step !== STEPS.at(-1))
          await home.gt('store', 'migrate', '--to', to === 'dolt' ? 'sqlite' : 'dolt');
      }
    }
    expect(await dump()).toBe(before);
  }, 300_000);

  test('is refused while the daemon runs, and over databases that are not its own', async () => {
    await home.gt('up');
    const busy = await home.tryGt(['store', 'migrate', '--to', 'dolt']);
    expect(busy).toMatchObject({ code: 1, stdout: '' });
    expect(busy.stderr).toContain('gt daemon stop');
    await home.gt('daemon', 'stop');
    await home.gt('store', 'migrate', '--to', 'dolt');
    const [aside = ''] = readdirSync(home.town).filter((name) => name.startsWith('.store.moved-'));
    const store = createSqliteStore({ dir: join(home.town, '.store'), clock: createClock() });
    await store.create('hq', { prefix: 'hq', projectId: 'somebody' });
    await store.close();
    const taken = await home.tryGt(['store', 'migrate', '--to', 'sqlite']);
    expect(taken).toMatchObject({ code: 1, stdout: '' });
    expect(taken.stderr).toContain('.store');
    expect(storeInForce()).toBe('dolt');
    expect(existsSync(join(home.town, aside, 'hq.db'))).toBe(true);

    rmSync(join(home.town, '.store'), { recursive: true });
    await home.gt('store', 'migrate', '--to', 'sqlite');
    const [old = ''] = readdirSync(home.town).filter((name) => name.startsWith('.dolt-data.moved-'));
    renameSync(join(home.town, old), join(home.town, '.dolt-data'));
    for (const _again of [1, 2]) {
      const refused = await home.tryGt(['store', 'migrate', '--to', 'dolt']);
      expect(refused.stderr).toContain('has databases of these names already: hq, proj');
    }
    expect(storeInForce()).toBe('sqlite');
  });
});
