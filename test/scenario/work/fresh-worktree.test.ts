import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createFiles } from '../../../src/adapters/files.ts';
import { createProcesses } from '../../../src/adapters/processes.ts';
import { parseSha } from '../../../src/core/names.ts';
import { writeExcludes } from '../../../src/rig/excludes.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { GIT_ENV, realGitWorld, sh } from '../../support/git-worlds.ts';
import type { Remote } from '../../support/git-worlds.ts';
import { tempDirs } from '../../support/temp-dir.ts';
import { makeTownOn } from './town.ts';
import type { AnyTown } from './town.ts';

const tempDir = tempDirs();
const open: AnyTown[] = [];
afterEach(async () => {
  for (const town of open.splice(0)) await town.close();
});

interface Project {
  readonly files?: Readonly<Record<string, string>>;
  readonly sparse?: readonly string[];
  /** Somebody works in a clone of it before the town is made. */
  readonly prepare?: (desk: string, dir: string) => void;
}

async function townOf({ files = {}, sparse = [], prepare }: Project): Promise<AnyTown> {
  const dir = tempDir();
  const world = realGitWorld(dir);
  const remote = world.remote('proj.git', { files: { 'README.md': '# Project\n', ...files } });
  if (prepare !== undefined) editProject(dir, remote, prepare);
  const disk = createFiles();
  const processes = createProcesses();
  const town = await makeTownOn({
    root: `${dir}/town`,
    url: remote.url,
    clock: createFakeClock(),
    files: disk,
    git: world.git,
    run: (spec) => processes.run({ ...spec, env: { ...spec.env, PATH: GIT_ENV['PATH'] ?? '' } }),
  });
  open.push(town);
  if (sparse.length > 0) {
    const { configFile } = town.rig.paths;
    const config = JSON.parse(readFileSync(configFile, 'utf8')) as Readonly<Record<string, unknown>>;
    await disk.writeAtomic(configFile, JSON.stringify({ ...config, sparse_checkout: sparse }));
  }
  return town;
}

function editProject(dir: string, remote: Remote, prepare: NonNullable<Project['prepare']>): void {
  const desk = join(dir, 'project-desk');
  sh(dir, 'clone', '--quiet', remote.url, desk);
  prepare(desk, dir);
  sh(desk, 'add', '--all');
  sh(desk, 'commit', '--quiet', '-m', 'As the project is');
  sh(desk, 'push', '--quiet', 'origin', 'main');
}

/** The mayor's clone, where people keep what git ignores. */
async function mayorClone(town: AnyTown, files: Readonly<Record<string, string>>): Promise<void> {
  const { mayorClone: clone, bare } = town.rig.paths;
  const urls = await town.git.remotes.urls(bare, 'origin');
  await town.git.remotes.clone(urls?.fetch ?? '', clone, { branch: 'main' });
  await writeExcludes(town.files, join(clone, '.git'));
  for (const [file, text] of Object.entries(files))
    await town.files.writeAtomic(join(clone, file), text, { mode: 0o640 });
}

async function freshWorktree(town: AnyTown): Promise<string> {
  const bead = await town.create();
  return (await town.dispatch(bead.id)).worktree;
}

const PROJECTS: Readonly<Record<string, Project>> = {
  'is plain': {},
  'has a submodule': {
    prepare: (desk, dir) => {
      const library = realGitWorld(dir).remote('lib.git', { files: { lib: 'lib\n' } });
      sh(desk, 'submodule', '--quiet', 'add', library.url, 'vendor/lib');
    },
  },
  'is checked out in part': { files: { 'in/x': 'x\n', 'out/y': 'y\n' }, sparse: ['in'] },
  'wants CRLF line ends': {
    files: { '.gitattributes': '* text=auto eol=crlf\n*.sh eol=lf\n', 'a.txt': 'a\nb\n', 'b.sh': 'x\n' },
  },
  'mixes line ends': { files: { 'dos.txt': 'a\r\nb\r\n', 'mixed.txt': 'a\r\nb\n' } },
  'tracks .beads': { files: { '.beads/issues.jsonl': '{}\n', '.beads/config.yaml': 'prefix: x\n' } },
  'tracks CLAUDE.md and AGENTS.md': { files: { 'CLAUDE.md': '# Rules\n', 'AGENTS.md': '# Rules\n' } },
  'tracks .claude': { files: { '.claude/settings.json': '{}\n', '.claude/commands/done.md': 'x\n' } },
  'tracks folders called like ours deeper down': {
    files: { 'src/.runtime/x': 'x\n', 'docs/mail/y': 'y\n', 'lib/.claude/z': 'z\n' },
  },
};

describe('P29: git shows nothing in a fresh worktree of a project that', () => {
  test.each(Object.keys(PROJECTS))('%s', async (what) => {
    const project = PROJECTS[what] ?? {};
    const town = await townOf(project);
    await town.files.writeAtomic(`${town.rig.paths.overlayDir}/.env.agents`, 'KEY=1\n');
    const worktree = await freshWorktree(town);
    expect(sh(worktree, 'status', '--porcelain', '--untracked-files=all', '--ignore-submodules=none')).toBe(
      '',
    );
    expect(readFileSync(join(worktree, '.env.agents'), 'utf8')).toBe('KEY=1\n');
    for (const [file, text] of Object.entries(project.files ?? {})) {
      if (project.sparse !== undefined && file.startsWith('out/')) continue;
      expect(sh(worktree, 'show', `:${file}`), file).toBe(text.replace(/\n$/, ''));
    }
  });

  test('has a submodule: it is there, at the commit it should be', async () => {
    const town = await townOf(PROJECTS['has a submodule'] ?? {});
    expect(readFileSync(join(await freshWorktree(town), 'vendor/lib/lib'), 'utf8')).toBe('lib\n');
  });

  test('is checked out in part: only the wanted folders are there, also for the next bead', async () => {
    const town = await townOf(PROJECTS['is checked out in part'] ?? {});
    const worktree = await freshWorktree(town);
    const files = ['.beads', '.git', 'README.md', 'in'];
    expect(readdirSync(worktree).sort()).toEqual(files);
    const tip = sh(worktree, 'rev-parse', 'HEAD');
    await town.git.worktrees.checkout(worktree, { commit: parseSha(tip), branch: 'next' });
    expect(readdirSync(worktree).sort()).toEqual(files);
    expect(sh(worktree, 'status', '--porcelain')).toBe('');
  });
});

describe('.worktreeinclude', () => {
  const project: Project = {
    files: {
      '.gitignore': '.env*\nlocal/\n*.pem\n',
      '.worktreeinclude':
        '# what agents need\n.env\nlocal/**\n!local/big.bin\nREADME.md\nnotes.txt\n.beads/**\n',
    },
  };
  const ignored = {
    '.env': 'SECRET=1\n',
    '.env.production': 'no\n',
    'local/cache/deep': 'd\n',
    'local/big.bin': 'no\n',
    'key.pem': 'no\n',
    'notes.txt': 'not ignored\n',
  };

  test('names ignored files that come along from the mayor’s clone, and nothing else', async () => {
    const town = await townOf(project);
    await mayorClone(town, ignored);
    const worktree = await freshWorktree(town);
    expect(readFileSync(join(worktree, '.env'), 'utf8')).toBe('SECRET=1\n');
    expect(statSync(join(worktree, '.env')).mode & 0o777).toBe(0o640);
    expect(readFileSync(join(worktree, 'local/cache/deep'), 'utf8')).toBe('d\n');
    for (const file of ['.env.production', 'local/big.bin', 'key.pem', 'notes.txt'])
      expect(existsSync(join(worktree, file)), file).toBe(false);
    expect(sh(worktree, 'status', '--porcelain', '--untracked-files=all')).toBe('');
  });

  test('never writes over a file of the overlay, and is no trouble without a clone', async () => {
    const town = await townOf(project);
    expect(existsSync(await freshWorktree(town))).toBe(true);
    await mayorClone(town, ignored);
    await town.files.writeAtomic(`${town.rig.paths.overlayDir}/.env`, 'OVERLAY=1\n');
    expect(readFileSync(join(await freshWorktree(town), '.env'), 'utf8')).toBe('OVERLAY=1\n');
  });
});
