import { mkdirSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createArchives } from '../../src/adapters/archives.ts';
import type { Archives, WantedLines } from '../../src/ports/archives.ts';
import { createFakeArchives } from '../fakes/archives.ts';
import { createFakeFiles } from '../fakes/files.ts';
import { tempDirs } from '../support/temp-dir.ts';

const tempDir = tempDirs();

interface UnderTest {
  readonly archives: Archives;
  readonly dir: string;
  write(path: string, text: string): Promise<void>;
  database(path: string, sql: string): void;
}

function archivesContract(setUp: () => UnderTest): void {
  let under: UnderTest;
  let file: string;
  beforeEach(() => {
    under = setUp();
    file = join(under.dir, 'talk.jsonl');
  });
  const read = async (wanted: WantedLines = {}): Promise<readonly string[]> => {
    const lines: string[] = [];
    await under.archives.lines(file, wanted, (some) => lines.push(...some) > 0);
    return lines;
  };

  it('hands over every line, the one that is being written too', async () => {
    await under.write(file, 'one\n\nzwölf\nto');
    expect(await read()).toEqual(['one', '', 'zwölf', 'to']);
  });

  it('tells a file that is not there from an empty one', async () => {
    await under.write(file, '');
    expect(await under.archives.lines(file, {}, () => true)).toBe(true);
    expect(await under.archives.lines(`${file}.no`, {}, () => true)).toBe(false);
    expect(await read()).toEqual([]);
  });

  it('picks the lines that hold a text, whatever the case of its letters and its other characters', async () => {
    await under.write(file, 'a Needle.*\nhay\nnéedle needle.* twice needle.*\n');
    expect(await read({ holding: 'needle.*' })).toEqual(['a Needle.*', 'néedle needle.* twice needle.*']);
  });

  it('begins at the first whole line after a byte', async () => {
    await under.write(file, 'one\ntwo\nthree\n');
    expect(await read({ from: 4 })).toEqual(['two', 'three']);
    expect(await read({ from: 5 })).toEqual(['three']);
    expect(await read({ from: 99 })).toEqual([]);
  });

  it('refuses to look for what bytes cannot tell', async () => {
    await under.write(file, 'x\n');
    await expect(read({ holding: 'ä' })).rejects.toMatchObject({ code: 'bug.bad-needle' });
  });

  it('asks an SQLite file, and says what is wrong with the question', async () => {
    const path = join(under.dir, 'x.db');
    under.database(path, "create table t (a text); insert into t values ('x'), ('y')");
    expect(await under.archives.rows(path, 'select a from t where a > ?', ['x'])).toEqual([{ a: 'y' }]);
    expect(await under.archives.rows(`${path}.no`, 'select 1', [])).toBeUndefined();
    await expect(under.archives.rows(path, 'select a from u', [])).rejects.toMatchObject({
      code: 'files.unreadable',
    });
  });
}

describe('archives in memory', () => {
  archivesContract(() => {
    const files = createFakeFiles();
    const archives = createFakeArchives({ files });
    files.disk.makeDir('/work');
    return {
      archives,
      dir: '/work',
      write: (path, text) => files.writeAtomic(path, text),
      database: (path, sql) => archives.database(path, sql),
    };
  });
});

describe('archives on disk', () => {
  archivesContract(() => ({
    archives: createArchives(),
    dir: tempDir(),
    write: async (path, text) => writeFileSync(path, text),
    database(path, sql) {
      const database = new DatabaseSync(path);
      database.exec(sql);
      database.close();
    },
  }));

  it('stops when it is told to', async () => {
    const file = join(tempDir(), 'long');
    writeFileSync(file, 'some line\n'.repeat(400_000));
    let calls = 0;
    await createArchives().lines(file, {}, () => (calls += 1) < 2);
    expect(calls).toBe(2);
  });

  it('P16: lines that cross the pieces it reads stay whole, and one without end is left out', async () => {
    const file = join(tempDir(), 'long');
    const lines = Array.from({ length: 50 }, (_, n) => `${n}:${'ü'.repeat(n * 9000)}`);
    writeFileSync(file, [...lines, 'x'.repeat(34 * 1024 * 1024), 'last'].join('\n'));
    const seen: string[] = [];
    await createArchives().lines(file, {}, (some) => seen.push(...some) > 0);
    expect(seen).toEqual([...lines, 'last']);
    const held: string[] = [];
    await createArchives().lines(file, { holding: '49:' }, (some) => held.push(...some) > 0);
    expect(held).toEqual([lines[49]]);
  });

  it('"could not look" is not "is not there"', async () => {
    const folder = join(tempDir(), 'folder');
    mkdirSync(folder);
    await expect(createArchives().lines(folder, {}, () => true)).rejects.toMatchObject({
      code: 'files.unreadable',
    });
    writeFileSync(join(folder, 'no.db'), 'this is no database, whatever its name says '.repeat(40));
    await expect(createArchives().rows(join(folder, 'no.db'), 'select 1 from x', [])).rejects.toMatchObject({
      code: 'files.unreadable',
    });
  });
});
