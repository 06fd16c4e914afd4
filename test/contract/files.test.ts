import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFiles } from '../../src/adapters/files.ts';
import { createFakeFiles } from '../fakes/files.ts';
import { tempDirs } from '../support/temp-dir.ts';
import { filesContract } from './files.contract.ts';

const tempDir = tempDirs();

describe('files in memory', () => {
  filesContract(() => {
    const files = createFakeFiles();
    files.disk.makeDir('/work');
    return { files, dir: '/work' };
  });

  it('refuses a relative path: code under test must not depend on where it stands', async () => {
    await expect(createFakeFiles().readText('file')).rejects.toMatchObject({ code: 'files.unreadable' });
  });

  it('fails as a full disk does: reads go on, writes do not', async () => {
    const files = createFakeFiles();
    await files.writeAtomic('/town/a', 'x');
    files.disk.break('/town', 'ENOSPC');
    expect(await files.readText('/town/a')).toBe('x');
    await expect(files.writeAtomic('/town/a', 'y')).rejects.toMatchObject({
      code: 'files.failed',
      message: 'cannot write /town/a: the disk is full',
    });
    files.disk.repair('/town');
    await files.writeAtomic('/town/a', 'y');
  });
});

describe('files on disk', () => {
  filesContract(() => ({ files: createFiles(), dir: tempDir() }));

  it.runIf(process.getuid?.() !== 0)('cannot read a folder without permission, and says so', async () => {
    const dir = tempDir();
    chmodSync(dir, 0o000);
    await expect(createFiles().list(dir)).rejects.toMatchObject({ code: 'files.unreadable' });
    chmodSync(dir, 0o700);
  });

  it('P15: a reader sees the old or the new bytes, never half, while a writer is killed again and again', async () => {
    const file = join(tempDir(), 'state.json');
    const versions = ['a', 'b'].map((letter) => letter.repeat(200_000));
    writeFileSync(file, versions[0] ?? '');
    for (let round = 0; round < 8; round += 1) {
      const writer = fork(new URL('./files-writer.ts', import.meta.url), [file], { stdio: 'ignore' });
      await new Promise((resolve) => writer.once('message', resolve));
      for (let reads = 0; reads < 20; reads += 1)
        expect(versions).toContain(await createFiles().readText(file));
      writer.kill('SIGKILL');
      await new Promise((resolve) => writer.once('exit', resolve));
      expect(versions).toContain(await createFiles().readText(file));
    }
  });

  it('P15: lines of many writers stay whole', async () => {
    const file = join(tempDir(), 'events.jsonl');
    const files = createFiles();
    const line = (writer: number): string => JSON.stringify({ writer, text: 'x'.repeat(2000) });
    await Promise.all(Array.from({ length: 200 }, (_, writer) => files.appendLine(file, line(writer))));
    const lines = ((await files.readText(file)) ?? '').trim().split('\n');
    expect(lines.map((text) => JSON.parse(text).writer).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 200 }, (_, writer) => writer),
    );
  });

  it('leaves no temporary file behind', async () => {
    const dir = tempDir();
    const files = createFiles();
    await Promise.all([1, 2, 3].map((n) => files.writeAtomic(join(dir, 'file'), `${n}`)));
    expect(readdirSync(dir)).toEqual(['file']);
  });
});
