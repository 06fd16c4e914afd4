import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDolt } from '../support/dolt.ts';
import { expectRefusal, filesIn } from './support/refusal.ts';
import { createBareRepository, git } from './support/repository.ts';
import { createTestHome } from './support/town.ts';

interface Disk {
  readonly path: string;
  fill(): void;
  free(): void;
}

/** A disk of its own in memory, or undefined where this user may not make one. */
function makeDisk(kilobytes: number): Disk | undefined {
  const path = mkdtempSync(join(tmpdir(), 'gt-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'gt-test', path], { stdio: 'ignore' });
  } catch {
    rmSync(path, { recursive: true });
    return undefined;
  }
  const ballast = join(path, 'ballast');
  return {
    path,
    fill: () => {
      expect(() => writeFileSync(ballast, Buffer.alloc((kilobytes + 1) * 1024))).toThrow('ENOSPC');
    },
    free: () => rmSync(ballast, { force: true }),
  };
}

function removeDisk({ path }: Disk): void {
  execFileSync('umount', ['--lazy', path]);
  rmSync(path, { recursive: true });
}

const disk = makeDisk(4096);
afterAll(() => {
  if (disk !== undefined) removeDisk(disk);
});

describe.skipIf(disk === undefined)('P14: a full disk', () => {
  test('refuses an install, which the next try finishes', async () => {
    if (disk === undefined) throw new Error('skipped');
    const home = createTestHome();
    const town = join(disk.path, 'town');
    try {
      disk.fill();
      expectRefusal(await home.tryGt(['install', town]), /full/);
      disk.free();
      await home.gt('install', town);
      expect((await home.tryGt(['status'], { cwd: town })).code).toBe(0);
    } finally {
      disk.free();
      await home.tryGt(['down'], { cwd: town });
      rmSync(town, { recursive: true, force: true });
      await home.dispose();
    }
  });

  test('refuses what would write, changes nothing, and all goes on when there is space', async () => {
    if (disk === undefined) throw new Error('skipped');
    const home = createTestHome({ under: disk.path });
    const outside = mkdtempSync(join(tmpdir(), 'gt-origin-'));
    const origin = createBareRepository(join(outside, 'origin.git'));
    const beads = (): Promise<unknown> => home.bdJson('-C', 'proj', 'list', '--all', '-n', '0');
    try {
      await home.gt('install', home.town, '--store', 'sqlite');
      await home.gt('config', 'set', 'scheduler.max_polecats', '-1');
      await home.gt('rig', 'add', 'proj', origin, '--prefix', 'pj');
      const { id } = (await home.bdJson('create', 'One', '--rig', 'proj')) as { readonly id: string };
      const before = { beads: await beads(), settings: settingsOf(home.town) };
      const files = filesIn(home.town);
      disk.fill();
      for (const words of [
        ['sling', id, 'proj', '--agent', 'script', '--script', 'true'],
        ['config', 'set', 'scheduler.max_polecats', '3'],
        ['rig', 'add', 'other', origin],
        ['up'],
      ])
        expectRefusal(await home.tryGt(words), /full|disk/);
      expectRefusal(await home.tryBd(['create', 'Two', '--rig', 'proj']), /full|disk/);
      disk.free();
      expect({ beads: await beads(), settings: settingsOf(home.town) }).toEqual(before);
      expect(filesIn(home.town)).toEqual(files);
      await home.bd('create', 'Two', '--rig', 'proj');
    } finally {
      disk.free();
      await home.dispose();
      rmSync(outside, { recursive: true, force: true });
    }
  });
});

function settingsOf(town: string): string {
  return readFileSync(join(town, 'settings/config.json'), 'utf8');
}

describeWithDolt('P14: a port that another program has', () => {
  const server = createServer((socket) => socket.end('not MySQL\n'));
  beforeAll(() => new Promise<void>((ready) => void server.listen(0, '127.0.0.1', () => ready())));
  afterAll(() => void server.close());

  test('an install on Dolt names the holder and leaves no folder', async () => {
    const home = createTestHome();
    try {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const before = filesIn(home.home);
      const outcome = await home.tryGt(['install', home.town, '--store', 'dolt', '--dolt-port', `${port}`]);
      expectRefusal(outcome, new RegExp(`port ${port} is used by \\S+ \\(pid ${process.pid}\\)`));
      expect(outcome.stderr).toContain('--dolt-port');
      expect(filesIn(home.home)).toEqual(before);
    } finally {
      await home.dispose();
    }
  });
});

describe('P14: git knows no name and may not make one up', () => {
  test('agents’ commits and landings carry the agents’ own names; install says what a person must set', async () => {
    const home = createTestHome({ nameless: true });
    try {
      mkdirSync(join(home.home, '.config/git'), { recursive: true });
      writeFileSync(join(home.home, '.config/git/config'), '[user]\n\tuseConfigOnly = true\n');
      const origin = createBareRepository(join(home.home, 'origin.git'));
      expect(await home.gt('install', home.town, '--store', 'sqlite')).toContain('git has no user');
      await home.gt('config', 'set', 'scheduler.max_polecats', '-1');
      await home.gt('rig', 'add', 'proj', origin, '--prefix', 'pj');
      await home.gt('up');
      const { id } = (await home.bdJson('create', 'One', '--rig', 'proj')) as { readonly id: string };
      await home.gt('sling', id, 'proj', '--agent', 'script', '--script', 'echo work > work.md');
      const author = await home.until('landed', async () => {
        const [name = '', subject] = git(origin, 'log', '-1', '--format=%ae%n%s', 'main').split('\n');
        return subject === 'First commit' ? undefined : name;
      });
      expect(author).toMatch(/^proj\.polecats\.\w+@gastown\.local$/);
      await home.gt('down');
    } finally {
      await home.dispose();
    }
  });
});
