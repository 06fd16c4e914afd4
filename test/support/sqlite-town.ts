import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createClock } from '../../src/adapters/clock.ts';
import { createSqliteStore } from '../../src/adapters/sqlite/store.ts';

/** A town on SQLite with the rigs `proj` (`fx-…`) and `other` (`ot-…`) and one worktree, as the files on disk say it. */
export interface SqliteTown {
  readonly root: string;
  put(path: string, content: string | object): void;
  remove(): void;
}

const RIGS = { hq: 'hq', proj: 'fx', other: 'ot' } as const;

export async function makeSqliteTown(): Promise<SqliteTown> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'gt-town-')));
  const put: SqliteTown['put'] = (path, content) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const store = createSqliteStore({ dir: join(root, '.store'), clock: createClock(), durability: 'none' });
  for (const [name, prefix] of Object.entries(RIGS)) {
    const projectId = randomUUID();
    await store.create(name, { prefix, projectId });
    const metadata = {
      backend: 'gt-sqlite',
      database: 'gt-sqlite',
      sqlite_database: name,
      project_id: projectId,
    };
    put(join(name === 'hq' ? '' : name, '.beads/metadata.json'), metadata);
    if (name !== 'hq')
      put(join(name, 'config.json'), { type: 'rig', version: 1, name, default_branch: 'main' });
  }
  await store.close();
  put('mayor/town.json', { type: 'town', version: 2, name: 't', store: { kind: 'sqlite' } });
  const rig = (prefix: string) => ({ git_url: '/r.git', beads: { prefix } });
  put('mayor/rigs.json', { version: 1, rigs: { proj: rig('fx'), other: rig('ot') } });
  const routes = Object.entries(RIGS).map(([name, prefix]) => ({
    prefix: `${prefix}-`,
    path: name === 'hq' ? '.' : name,
  }));
  put('.beads/routes.jsonl', routes.map((route) => `${JSON.stringify(route)}\n`).join(''));
  put('proj/polecats/toast/proj/.beads/redirect', '../../../.beads\n');
  put('proj/crew/ann/README', '');
  return { root, put, remove: () => rmSync(root, { recursive: true, force: true }) };
}
