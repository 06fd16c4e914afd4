import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createClock } from '../../src/adapters/clock.ts';
import { createRandom } from '../../src/adapters/random.ts';
import { createDoltStore } from '../../src/adapters/dolt/store.ts';
import { dropForeignOrders, readOrders } from '../../src/beads/forms/foreign-orders.ts';
import { upgradeLedger } from '../../src/beads/place/upgrade.ts';
import { beadChanges, beadHistory } from '../../src/beads/read/history.ts';
import type { Database, SqlSession, Store } from '../../src/ports/store.ts';
import type { StoreVersions } from '../../src/ports/store-versions.ts';
import { describeWithDolt, startTestTown, type TestTown } from '../support/dolt.ts';
import { startForeignDolt, type ForeignDolt } from '../support/dolt-remote.ts';
import { IDENTITY, insertIssue } from './store-rows.ts';

describeWithDolt('versions of a Dolt database', () => {
  let town: TestTown;
  let store: Store;
  let versions: StoreVersions;
  let made = 0;
  let name = '';
  let db: Database;
  beforeAll(async () => {
    town = await startTestTown();
    store = createDoltStore({ ...town.storeOptions, clock: createClock(), author: 'Ann <ann@example.com>' });
    versions = await store.versions();
  });
  afterAll(async () => {
    await store.close();
    await town.dispose();
  });
  beforeEach(async () => {
    name = `vc${(made += 1)}`;
    db = await store.create(name, IDENTITY);
    await insertIssue(db, 'gt-1');
    await store.commitVersion(name, 'one');
  });

  const titled = (on: Database, title: string) =>
    on.run("UPDATE issues SET title = ? WHERE id = 'gt-1'", [title]);
  const setMetadata = (on: Database, id: string, metadata: string) =>
    on.run('UPDATE issues SET metadata = ? WHERE id = ?', [metadata, id]);
  const titleIn = async (on: Database) =>
    (await on.query("SELECT title FROM issues WHERE id = 'gt-1'"))[0]?.['title'];
  const fileRemote = (): string => {
    const folder = join(town.root, `remote-${name}`);
    mkdirSync(folder);
    return pathToFileURL(folder).href;
  };
  /** A second copy of the database, both with the remote `origin`. */
  async function withCopy(url: string): Promise<Database> {
    await versions.addRemote(name, { name: 'origin', url });
    await versions.push(name, { remote: 'origin', mode: 'normal' });
    await versions.clone(url, `${name}_copy`);
    await upgradeLedger({ store, clock: createClock(), random: createRandom() }, `${name}_copy`);
    return store.open(`${name}_copy`);
  }

  it('history has each version with its author, newest first; a diff has both sides', async () => {
    await titled(db, 'Second');
    expect((await versions.status(name)).changed).toEqual(['issues']);
    await store.commitVersion(name, 'two');
    const history = await beadHistory(db, 'gt-1');
    expect(history.map(({ bead, committer }) => [bead.title, committer])).toEqual([
      ['Second', 'Ann'],
      ['a title', 'Ann'],
    ]);
    expect(await beadHistory(db, 'gt-1', 1)).toHaveLength(1);
    const changes = await beadChanges(db, 'HEAD~1', 'HEAD');
    expect(changes.map(({ kind, before, after }) => [kind, before?.title, after?.title])).toEqual([
      ['modified', 'a title', 'Second'],
    ]);
    await titled(db, 'Third');
    expect(await beadChanges(db, 'HEAD', 'WORKING')).toMatchObject([{ after: { title: 'Third' } }]);
    await expect(beadChanges(db, 'nowhere', 'HEAD')).rejects.toMatchObject({ code: 'versions.not-found' });
  });

  it('a branch keeps what was there; names that look like options are refused', async () => {
    await versions.createBranch(name, 'before');
    await titled(db, 'Later');
    await store.commitVersion(name, 'two');
    expect(await beadChanges(db, 'before', 'main')).toMatchObject([{ kind: 'modified' }]);
    expect(await versions.branches(name)).toEqual(['before', 'main']);
    await expect(versions.createBranch(name, 'before')).rejects.toMatchObject({ code: 'versions.exists' });
    await expect(versions.createBranch(name, '--force')).rejects.toMatchObject({ code: 'versions.bad-name' });
  });

  it('remotes are named once and forgotten on request; one that is not there says so', async () => {
    const url = fileRemote();
    await versions.addRemote(name, { name: 'origin', url });
    expect(await versions.remotes(name)).toEqual([{ name: 'origin', url }]);
    await expect(versions.addRemote(name, { name: 'origin', url })).rejects.toMatchObject({
      code: 'versions.exists',
    });
    await versions.removeRemote(name, 'origin');
    const gone = { code: 'versions.not-found' };
    await expect(versions.removeRemote(name, 'origin')).rejects.toMatchObject(gone);
    await expect(versions.push(name, { remote: 'origin', mode: 'normal' })).rejects.toMatchObject(gone);
    await expect(versions.pull(name, { remote: 'origin' })).rejects.toMatchObject(gone);
  });

  it('push, clone and pull over file:// carry the beads both ways', async () => {
    const copy = await withCopy(fileRemote());
    await titled(copy, 'Changed in the copy');
    await store.commitVersion(copy.name, 'theirs');
    await versions.push(copy.name, { remote: 'origin', mode: 'normal' });
    await versions.pull(name, { remote: 'origin' });
    expect(await titleIn(db)).toBe('Changed in the copy');
    await expect(versions.clone('file:///nowhere', copy.name)).rejects.toMatchObject({
      code: 'store.database-exists',
    });
  });

  it.each([
    ['normally', undefined],
    ['where both sides changed the bead', 'theirs'],
  ] as const)('a pull lets no command of the remote in: %s', async (_, winner) => {
    const order = (cmd: string) => JSON.stringify({ script: { cmd, by: 'overseer', at: 'now' }, other: cmd });
    await setMetadata(db, 'gt-1', order('make ours'));
    await insertIssue(db, 'gt-2');
    await store.commitVersion(name, 'ours');
    const copy = await withCopy(fileRemote());
    await setMetadata(copy, 'gt-1', order('rm -rf theirs'));
    await setMetadata(
      copy,
      'gt-2',
      JSON.stringify({ exec_wrapper: { argv: ['evil'], by: 'overseer', at: 'now' } }),
    );
    if (winner !== undefined) await titled(copy, 'Theirs');
    await store.commitVersion(copy.name, 'theirs');
    await versions.push(copy.name, { remote: 'origin', mode: 'normal' });
    if (winner !== undefined) {
      await titled(db, 'Ours');
      await store.commitVersion(name, 'ours again');
    }
    let foreign: readonly string[] = [];
    const around = async (sql: SqlSession) => {
      const known = await readOrders(sql);
      return async () => void (foreign = await dropForeignOrders(sql, known));
    };
    await versions.pull(name, { remote: 'origin', around, ...(winner === undefined ? {} : { winner }) });
    const rows = await db.query('SELECT id, metadata FROM issues ORDER BY id');
    expect(rows.map((row) => JSON.parse(String(row['metadata'])))).toEqual([
      { script: { cmd: 'make ours', by: 'overseer', at: 'now' }, other: 'rm -rf theirs' },
      {},
    ]);
    expect([foreign, await titleIn(db)]).toEqual([
      ['gt-1', 'gt-2'],
      winner === undefined ? 'a title' : 'Theirs',
    ]);
  });

  it('a push onto versions that are not here is refused, and changes nothing', async () => {
    const copy = await withCopy(fileRemote());
    await titled(copy, 'Theirs');
    await store.commitVersion(copy.name, 'theirs');
    await versions.push(copy.name, { remote: 'origin', mode: 'normal' });
    await insertIssue(db, 'gt-2');
    await store.commitVersion(name, 'ours');
    await expect(versions.push(name, { remote: 'origin', mode: 'normal' })).rejects.toMatchObject({
      code: 'versions.diverged',
    });
    await versions.pull(name, { remote: 'origin' });
    expect([await titleIn(db), (await db.query('SELECT id FROM issues')).length]).toEqual(['Theirs', 2]);
    await versions.push(name, { remote: 'origin', mode: 'normal' });
    await versions.pull(copy.name, { remote: 'origin' });
    expect(await copy.query('SELECT id FROM issues ORDER BY id')).toEqual([{ id: 'gt-1' }, { id: 'gt-2' }]);
  });

  it.each([
    ['ours', 'Ours'],
    ['theirs', 'Theirs'],
  ] as const)('a conflict changes nothing until a side is to win: %s', async (winner, title) => {
    const copy = await withCopy(fileRemote());
    await titled(copy, 'Theirs');
    await store.commitVersion(copy.name, 'theirs');
    await versions.push(copy.name, { remote: 'origin', mode: 'normal' });
    await titled(db, 'Ours');
    await store.commitVersion(name, 'ours');
    await expect(versions.pull(name, { remote: 'origin' })).rejects.toMatchObject({
      code: 'versions.conflict',
    });
    expect([await titleIn(db), (await versions.status(name)).changed]).toEqual(['Ours', []]);
    await versions.pull(name, { remote: 'origin', winner });
    expect([await titleIn(db), (await versions.status(name)).changed]).toEqual([title, []]);
    await versions.push(name, { remote: 'origin', mode: 'normal' });
  });

  it('two pushes at once both end well', async () => {
    await versions.addRemote(name, { name: 'origin', url: fileRemote() });
    const push = () => versions.push(name, { remote: 'origin', mode: 'normal' });
    await Promise.all([push(), push(), push()]);
  });
});

describeWithDolt('a remotesapi server', () => {
  let town: TestTown;
  let remote: ForeignDolt;
  beforeAll(async () => {
    remote = await startForeignDolt({ user: 'carl', password: "pass'word", transport: 'plain' });
    town = await startTestTown({ env: { DOLT_REMOTE_PASSWORD: "pass'word" } });
  });
  afterAll(async () => {
    await town.dispose();
    await remote.dispose();
  });

  it('takes a push and gives a clone and a pull, with user and password', async () => {
    const store = createDoltStore({ ...town.storeOptions, clock: createClock() });
    const versions = await store.versions();
    const user = 'carl';
    const db = await store.create('mine', IDENTITY);
    await insertIssue(db, 'gt-1');
    await store.commitVersion('mine', 'one');
    await versions.addRemote('mine', { name: 'origin', url: remote.url });
    await versions.push('mine', { remote: 'origin', mode: 'force', user });
    await versions.clone(remote.url, 'other', user);
    await upgradeLedger({ store, clock: createClock(), random: createRandom() }, 'other');
    const other = await store.open('other');
    await insertIssue(other, 'gt-2');
    await store.commitVersion('other', 'two');
    await versions.push('other', { remote: 'origin', mode: 'normal', user });
    await versions.pull('mine', { remote: 'origin', user });
    expect(await db.query('SELECT id FROM issues ORDER BY id')).toEqual([{ id: 'gt-1' }, { id: 'gt-2' }]);
    await store.close();
  });
});

describeWithDolt('a server that wants TLS and a password', () => {
  let server: ForeignDolt;
  const user = 'dora';
  const password = 'p@ss "word"';
  beforeAll(async () => {
    server = await startForeignDolt({ user, password, transport: 'tls' });
  });
  afterAll(() => server.dispose());

  const openWith = (options: {
    readonly password?: string;
    readonly tls?: { readonly ca?: string };
  }): Store =>
    createDoltStore({
      host: '127.0.0.1',
      port: server.port,
      user,
      password,
      clock: createClock(),
      connectWaitMs: 0,
      ...options,
    });

  it('is used over TLS, its certificate proven', async () => {
    const store = openWith({ tls: { ca: server.ca ?? '' } });
    const db = await store.create('far', IDENTITY);
    await insertIssue(db, 'gt-1', 'ünïcode 🎉');
    expect(await db.query('SELECT title FROM issues')).toEqual([{ title: 'ünïcode 🎉' }]);
    await store.commitVersion('far', 'one');
    await store.close();
  });

  it.each([
    ['in the clear', () => ({})],
    ['without trusting its authority', () => ({ tls: {} })],
    ['with a wrong password', () => ({ password: 'guess', tls: { ca: server.ca ?? '' } })],
  ])('is not used %s', async (_how, options) => {
    const store = openWith(options());
    await expect(store.list()).rejects.toMatchObject({ code: 'store.unavailable' });
    await store.close();
  });
});
