import { describe, expect, test } from 'vitest';
import { findBeadsHome } from '../../../src/beads/home.ts';
import type { BeadsHome } from '../../../src/beads/home.ts';
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
    expect(home).toEqual({ kind: 'town', root: '/t', dir, databases });
  });

  test('from a folder elsewhere the environment leads to the town', async () => {
    expect(await look(TOWN, '/home/me', { GT_TOWN_ROOT: '/t' })).toMatchObject({
      kind: 'town',
      root: '/t',
      dir: undefined,
      databases: [],
    });
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
