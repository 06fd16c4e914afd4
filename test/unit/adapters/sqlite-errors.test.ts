import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { translateError, translateFileError } from '../../../src/adapters/sqlite/errors.ts';

function failureOf(run: (db: DatabaseSync) => void): unknown {
  const db = new DatabaseSync(':memory:');
  try {
    run(db);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    db.close();
  }
}

it('a full disk says so, with the next step', () => {
  const full = failureOf((db) => {
    db.exec('CREATE TABLE t (x); PRAGMA max_page_count = 3');
    db.exec('INSERT INTO t VALUES (zeroblob(100000))');
  });
  expect(translateError(full, 'hq')).toMatchObject({
    code: 'store.disk-full',
    hint: 'Free disk space, then try again',
  });
});

it('a full disk on which the file shared by the readers cannot grow says the same', () => {
  const ioError = Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 4874 });
  expect(translateError(ioError, 'hq')).toMatchObject({ code: 'store.disk-full' });
});

it('a full disk while a database is made says the same', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, open'), { code: 'ENOSPC' });
  expect(translateFileError(full, 'hq')).toMatchObject({ code: 'store.disk-full' });
});

it('a read-only file is the disk refusing, not a bug of ours', () => {
  const readOnly = failureOf((db) => {
    db.exec('CREATE TABLE t (x); PRAGMA query_only = ON');
    db.exec('INSERT INTO t VALUES (1)');
  });
  expect(translateError(readOnly, 'hq')).toMatchObject({ code: 'store.write-failed' });
});

it('SQL that makes no sense is a bug, and an error that is not SQLite’s passes unchanged', () => {
  expect(
    translateError(
      failureOf((db) => db.exec('SELEC')),
      'hq',
    ),
  ).toMatchObject({ code: 'bug.sql' });
  const other = new TypeError('something else');
  expect(translateError(other, 'hq')).toBe(other);
  expect(translateFileError(other, 'hq')).toBe(other);
});
