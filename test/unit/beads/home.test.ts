import { describe, expect, test } from 'vitest';
import { findBeadsHome, type BeadsHome } from '../../../src/beads/place/home.ts';
import { createFakeFiles } from '../../fakes/files.ts';

type Tree = Readonly<Record<string, string | object>>;

/** Looks from `cwd` on a disk with these files. */
async function look(tree: Tree, cwd: string, env: Readonly<Record<string, string>> = {}): Promise<BeadsHome> {
  const files = createFakeFiles();
  for (const [path, content] of Object.entries(tree)) {
    await files.writeAtomic(path, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return findBeadsHome({ files, cwd, env });
}

const TOWN: Tree = {
  '/t/mayor/town.json': { type: 'town', version: 2, name: 't' },
  '/t/.beads/metadata.json': { backend: 'gt-sqlite', sqlite_database: 'hq' },
  '/t/proj/.beads/metadata.json': { backend: 'gt-sqlite', sqlite_database: 'proj' },
  '/t/proj/polecats/x/proj/.beads/redirect': '# hook\n../../../.beads\n',
  '/t/proj/polecats/x/proj/README': 'r',
  '/t/proj/notes/n': 'n',
};

describe('in a town', () => {
  test.each([
    ['/t', ['hq'], '/t/.beads'],
    ['/t/proj', ['proj'], '/t/proj/.beads'],
    ['/t/proj/notes', ['proj'], '/t/proj/.beads'],
    ['/t/proj/polecats/x/proj', ['proj'], '/t/proj/.beads'],
  ])('P5: from %s the databases are %j', async (cwd, databases, dir) => {
    const home = await look(TOWN, cwd);
    const own = `${cwd}/.beads`;
    const redirected = cwd.includes('polecats') ? { redirectedFrom: own } : {};
    expect(home).toEqual({ kind: 'town', root: '/t', dir, databases, ...redirected });
  });

  test('from a folder elsewhere the environment leads to the town', async () => {
    expect(await look(TOWN, '/home/me', { GT_TOWN_ROOT: '/t' })).toMatchObject({
      kind: 'town',
      root: '/t',
      dir: undefined,
      databases: [],
    });
  });

  test('the file of its database, named, is the town too: who may do what holds by every way in', async () => {
    const files = createFakeFiles();
    for (const [path, content] of Object.entries({
      ...TOWN,
      '/t/.store/proj.db': 'x',
      '/t/proj/own.db': 'x',
    }))
      await files.writeAtomic(path, typeof content === 'string' ? content : JSON.stringify(content));
    const at = (file: string) => findBeadsHome({ files, cwd: '/', env: {}, file });
    expect(await at('/t/.store/proj.db')).toEqual({
      kind: 'town',
      root: '/t',
      dir: undefined,
      databases: ['proj'],
    });
    expect(await at('/t/proj/own.db')).toMatchObject({ kind: 'sqlite', database: 'own' });
  });

  test('BEADS_DIR counts more than the folder', async () => {
    expect(await look(TOWN, '/home/me', { BEADS_DIR: '/t/proj/.beads' })).toMatchObject({
      kind: 'town',
      root: '/t',
      databases: ['proj'],
    });
  });

  test('the database of the side that redirects comes first', async () => {
    const tree = {
      ...TOWN,
      '/t/other/.beads/redirect': '../proj/.beads',
      '/t/other/.beads/metadata.json': { dolt_database: 'other' },
    };
    // The redirect is relative to the folder that holds .beads.
    expect(await look({ ...tree, '/t/other/.beads/redirect': '../proj/.beads' }, '/t/other')).toMatchObject({
      dir: '/t/proj/.beads',
      databases: ['other', 'proj'],
    });
  });
});

describe('in a linked git worktree without a town', () => {
  const REPO: Tree = {
    '/p/.beads/beads.db': 'x',
    '/p/.git/worktrees/wt/commondir': '../..\n',
    '/wt/.git': 'gitdir: /p/.git/worktrees/wt\n',
    '/wt/src/file': 'x',
  };

  test('the database of the main one is used', async () => {
    expect(await look(REPO, '/wt/src')).toMatchObject({ kind: 'sqlite', dir: '/p/.beads' });
  });

  test('also where git has checked out the settings without the database', async () => {
    const tree = { ...REPO, '/wt/.beads/metadata.json': { backend: 'gt-sqlite', sqlite_path: 'beads.db' } };
    expect(await look(tree, '/wt')).toMatchObject({ dir: '/p/.beads' });
  });

  test('a database of its own counts more', async () => {
    expect(await look({ ...REPO, '/wt/.beads/beads.db': 'x' }, '/wt')).toMatchObject({ dir: '/wt/.beads' });
  });

  test('a submodule is no worktree', async () => {
    const tree = { ...REPO, '/p/sub/.git': 'gitdir: ../.git/modules/sub\n', '/p/.git/modules/sub/HEAD': 'x' };
    expect(await look(tree, '/p/sub')).toMatchObject({ dir: '/p/.beads' });
  });
});

describe('without a town', () => {
  test('the nearest .beads with a database file is used', async () => {
    const tree = { '/p/.beads/beads.db': 'x', '/p/a/b/file': 'x' };
    expect(await look(tree, '/p/a/b')).toEqual({
      kind: 'sqlite',
      dir: '/p/.beads',
      folder: '/p/.beads',
      database: 'beads',
    });
  });

  test('metadata may name another file', async () => {
    const tree = { '/p/.beads/metadata.json': { sqlite_path: '../store/x.db' }, '/p/store/x.db': 'x' };
    expect(await look(tree, '/p')).toMatchObject({ folder: '/p/store', database: 'x' });
  });

  test('a Dolt server is reached where metadata and environment say', async () => {
    const metadata = { backend: 'dolt', dolt_mode: 'server', dolt_server_port: 4000, dolt_database: 'mine' };
    const tree = { '/p/.beads/metadata.json': metadata };
    expect(await look(tree, '/p')).toMatchObject({
      kind: 'dolt',
      host: '127.0.0.1',
      port: 4000,
      user: 'root',
      database: 'mine',
    });
    const env = { BEADS_DOLT_SERVER_PORT: '4001', BEADS_DOLT_PORT: '1', BEADS_DOLT_SERVER_HOST: 'db' };
    expect(await look(tree, '/p', env)).toMatchObject({ host: 'db', port: 4001 });
  });

  test('the port file of a running server comes before metadata, config.yaml after the variables', async () => {
    const metadata = {
      backend: 'dolt',
      dolt_mode: 'server',
      dolt_server_port: 4000,
      dolt_server_user: 'dora',
      dolt_server_tls: true,
      project_id: 'p-1',
    };
    const tree = {
      '/p/.beads/metadata.json': metadata,
      '/p/.beads/config.yaml': 'dolt:\n  host: far\n  port: 4500\n',
      '/p/ca.pem': 'PEM',
    };
    expect(await look(tree, '/p')).toMatchObject({
      host: 'far',
      port: 4500,
      user: 'dora',
      tls: {},
      database: 'beads',
      projectId: 'p-1',
    });
    const started = { ...tree, '/p/.beads/dolt-server.port': '4700\n' };
    expect(await look(started, '/p', { BEADS_DOLT_TLS_CA: '/p/ca.pem' })).toMatchObject({
      port: 4700,
      tls: { ca: 'PEM' },
    });
    await expect(look(started, '/p', { BEADS_DOLT_TLS_CA: '/p/none.pem' })).rejects.toMatchObject({
      code: 'store.no-certificate',
    });
  });

  test('an embedded Dolt database is refused instead of hidden by a second one', async () => {
    const tree = { '/p/.beads/metadata.json': { backend: 'dolt' } };
    await expect(look(tree, '/p')).rejects.toMatchObject({ code: 'beads.embedded-dolt' });
  });

  test.each<[string, Tree]>([
    ['no .beads at all', {}],
    ['a .beads without a database', { '/p/.beads/config.yaml': 'prefix: x' }],
  ])('%s: says what to run', async (_, tree) => {
    await expect(look(tree, '/p')).rejects.toMatchObject({
      code: 'beads.no-database',
      hint: expect.stringContaining('bd init'),
    });
  });

  test('redirects are followed three times, loops end', async () => {
    const hop = (from: string, to: string): Tree => ({ [`/${from}/.beads/redirect`]: `../${to}/.beads` });
    const chain = { ...hop('a', 'b'), ...hop('b', 'c'), ...hop('c', 'd'), ...hop('d', 'e') };
    expect(await look({ ...chain, '/d/.beads/beads.db': 'x' }, '/a')).toMatchObject({ dir: '/d/.beads' });
    const loop = { ...hop('a', 'b'), ...hop('b', 'a'), '/b/.beads/beads.db': 'x' };
    expect(await look(loop, '/a')).toMatchObject({ dir: '/b/.beads' });
  });

  test('unreadable metadata is an error, never "no database"', async () => {
    const tree = { '/p/.beads/metadata.json': '{', '/p/.beads/beads.db': 'x' };
    await expect(look(tree, '/p')).rejects.toMatchObject({ code: 'file.corrupt' });
  });
});
