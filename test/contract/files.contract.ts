import { beforeEach, describe, expect, it } from 'vitest';
import type { Files } from '../../src/ports/files.ts';
import { BugError, ExternalError, UnreadableError } from '../../src/core/errors.ts';

export interface FilesUnderTest {
  readonly files: Files;
  /** An empty folder. */
  readonly dir: string;
}

/** What every Files promises; run on each implementation. */
export function filesContract(setUp: () => FilesUnderTest): void {
  let files: Files;
  let at: (name: string) => string;
  beforeEach(() => {
    const made = setUp();
    files = made.files;
    at = (name) => `${made.dir}/${name}`;
  });

  describe('reading', () => {
    it('says undefined for what is not there, also below a file', async () => {
      await files.writeAtomic(at('file'), 'x');
      expect(await files.readText(at('no'))).toBeUndefined();
      expect(await files.readText(at('no/deeper'))).toBeUndefined();
      expect(await files.readText(at('file/deeper'))).toBeUndefined();
      expect(await files.list(at('no'))).toBeUndefined();
      expect(await files.list(at('file'))).toBeUndefined();
      expect(await files.stat(at('no'))).toBeUndefined();
      expect(await files.realPath(at('no'))).toBeUndefined();
    });

    it('throws, and does not say undefined, where a folder stands instead of a file', async () => {
      await files.makeDir(at('folder'));
      await expect(files.readText(at('folder'))).rejects.toThrow(UnreadableError);
      await expect(files.readText(at('folder'))).rejects.toMatchObject({ code: 'files.unreadable' });
    });

    it('reads from a byte on, and nothing beyond the end', async () => {
      await files.writeAtomic(at('log'), 'äb\ncd\n');
      expect(await files.readText(at('log'), 4)).toBe('cd\n');
      expect(await files.readText(at('log'), 7)).toBe('');
      expect(await files.readText(at('log'), 99)).toBe('');
    });

    it('lists a folder sorted, with kinds', async () => {
      await files.writeAtomic(at('b'), '');
      await files.makeDir(at('a'));
      await files.link(at('c'), 'b');
      expect(await files.list(at('.'))).toEqual([
        { name: 'a', kind: 'dir' },
        { name: 'b', kind: 'file' },
        { name: 'c', kind: 'link' },
      ]);
    });
  });

  describe('writing', () => {
    it('makes the folders on the way and replaces the content', async () => {
      await files.writeAtomic(at('a/b/file'), 'one');
      await files.writeAtomic(at('a/b/file'), 'two');
      expect(await files.readText(at('a/b/file'))).toBe('two');
      expect(await files.list(at('a/b'))).toHaveLength(1);
    });

    it('writes bytes as they are', async () => {
      await files.writeAtomic(at('bytes'), new Uint8Array([0xff, 0x00, 0x0a]));
      expect((await files.stat(at('bytes')))?.size).toBe(3);
    });

    it('gives the wanted mode, and keeps the mode of a file it replaces', async () => {
      await files.writeAtomic(at('secret'), 'x', { mode: 0o600 });
      await files.writeAtomic(at('secret'), 'y');
      await files.writeAtomic(at('tool'), 'x', { mode: 0o755 });
      expect(await files.stat(at('secret'))).toMatchObject({ kind: 'file', size: 1, mode: 0o600 });
      expect((await files.stat(at('tool')))?.mode).toBe(0o755);
    });

    it('writes through a link, which stays a link', async () => {
      await files.writeAtomic(at('real'), 'one');
      await files.link(at('settings'), at('real'));
      await files.writeAtomic(at('settings'), 'two');
      expect(await files.readText(at('real'))).toBe('two');
      expect((await files.stat(at('settings')))?.kind).toBe('link');
    });

    it('fails where a folder is in the place, and leaves no half file', async () => {
      await files.makeDir(at('folder'));
      await expect(files.writeAtomic(at('folder'), 'x')).rejects.toThrow(ExternalError);
      await expect(files.writeAtomic(at('folder'), 'x')).rejects.toMatchObject({ code: 'files.failed' });
      expect(await files.list(at('.'))).toEqual([{ name: 'folder', kind: 'dir' }]);
    });

    it('fails below a file', async () => {
      await files.writeAtomic(at('file'), 'x');
      await expect(files.writeAtomic(at('file/below'), 'x')).rejects.toMatchObject({ code: 'files.failed' });
      await expect(files.makeDir(at('file/below'))).rejects.toMatchObject({ code: 'files.failed' });
    });
  });

  describe('appending lines', () => {
    it('adds lines to a file it makes', async () => {
      await files.appendLine(at('a/events'), 'one');
      await files.appendLine(at('a/events'), 'zwei ü');
      expect(await files.readText(at('a/events'))).toBe('one\nzwei ü\n');
    });

    it('starts on a new line after a torn one', async () => {
      await files.writeAtomic(at('events'), 'whole\ntorn');
      await files.appendLine(at('events'), 'next');
      expect(await files.readText(at('events'))).toBe('whole\ntorn\nnext\n');
    });

    it('refuses a line with a line break: it would be two', async () => {
      await expect(files.appendLine(at('events'), 'a\nb')).rejects.toThrow(BugError);
      expect(await files.stat(at('events'))).toBeUndefined();
    });
  });

  it('a file is emptied in place: whoever appends goes on in it', async () => {
    await files.appendLine(at('log'), 'one');
    await files.link(at('same'), at('log'));
    await files.empty(at('log'));
    await files.appendLine(at('log'), 'two');
    expect(await files.readText(at('same'))).toBe('two\n');
    await files.empty(at('nothing'));
    expect(await files.stat(at('nothing'))).toBeUndefined();
  });

  describe('folders, links and names', () => {
    it('makes folders with a mode; one that is there is fine', async () => {
      await files.makeDir(at('private/inner'), { mode: 0o700 });
      await files.makeDir(at('private/inner'));
      expect(await files.stat(at('private/inner'))).toMatchObject({ kind: 'dir', mode: 0o700 });
    });

    it('removes files, links and whole folders; absent is fine', async () => {
      await files.writeAtomic(at('folder/deep/file'), 'x');
      await files.link(at('link'), at('folder'));
      await files.remove(at('link'));
      expect(await files.readText(at('folder/deep/file'))).toBe('x');
      await files.remove(at('folder'));
      await files.remove(at('folder'));
      await files.remove(at('folder/never'));
      expect(await files.list(at('.'))).toEqual([]);
    });

    it('renames over a file, not over a folder with content', async () => {
      await files.writeAtomic(at('a'), 'a');
      await files.writeAtomic(at('b'), 'b');
      await files.writeAtomic(at('full/x'), 'x');
      await files.makeDir(at('other'));
      await files.rename(at('a'), at('b'));
      expect(await files.readText(at('b'))).toBe('a');
      expect(await files.readText(at('a'))).toBeUndefined();
      await expect(files.rename(at('other'), at('full'))).rejects.toMatchObject({ code: 'files.failed' });
      await expect(files.rename(at('gone'), at('b'))).rejects.toMatchObject({ code: 'files.failed' });
      await expect(files.rename(at('b'), at('nowhere/b'))).rejects.toMatchObject({ code: 'files.failed' });
    });

    it('moves a whole folder', async () => {
      await files.writeAtomic(at('from/deep/x'), 'x');
      await files.rename(at('from'), at('to'));
      expect(await files.readText(at('to/deep/x'))).toBe('x');
      expect(await files.stat(at('from'))).toBeUndefined();
    });

    it('replaces a link, never a folder', async () => {
      await files.makeDir(at('folder'));
      await files.link(at('link'), at('nowhere'));
      await files.link(at('link'), at('folder'));
      expect(await files.realPath(at('link'))).toBe(at('folder'));
      await expect(files.link(at('folder'), 'x')).rejects.toMatchObject({ code: 'files.failed' });
    });

    it('looks at the link itself with stat and through it with readText and list', async () => {
      await files.writeAtomic(at('folder/file'), 'x');
      await files.link(at('link'), 'folder');
      expect((await files.stat(at('link')))?.kind).toBe('link');
      expect(await files.readText(at('link/file'))).toBe('x');
      expect(await files.list(at('link'))).toEqual([{ name: 'file', kind: 'file' }]);
    });

    it('says that a link to nothing leads nowhere, and that a ring of links cannot be read', async () => {
      await files.link(at('dead'), 'gone');
      await files.link(at('a'), 'b');
      await files.link(at('b'), 'a');
      expect(await files.readText(at('dead'))).toBeUndefined();
      expect(await files.realPath(at('dead'))).toBeUndefined();
      await expect(files.readText(at('a'))).rejects.toMatchObject({ code: 'files.unreadable' });
    });
  });
}
