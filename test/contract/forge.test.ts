import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createForge } from '../../src/adapters/forge.ts';
import { createProcesses } from '../../src/adapters/processes.ts';
import { parseSha } from '../../src/core/names.ts';
import type { Forge, ForgeKind } from '../../src/ports/forge.ts';
import { createBareRepository, git } from '../e2e/support/repository.ts';
import { serveBitbucket } from '../support/forge/bitbucket.ts';
import { ForgeWorld } from '../support/forge/world.ts';
import { tempDirs } from '../support/temp-dir.ts';

const tempDir = tempDirs();
const GH = resolve(import.meta.dirname, '../support/forge/gh.ts');

let folder: string;
let world: ForgeWorld;
let stops: (() => unknown)[];
beforeEach(() => {
  folder = tempDir();
  stops = [];
  world = new ForgeWorld(createBareRepository(join(folder, 'proj.git')));
  branch('work', 'new.txt');
});
afterEach(async () => {
  for (const stop of stops) await stop();
});

function branch(name: string, file: string): string {
  const seed = `${world.repository}.seed`;
  git(seed, 'checkout', '-q', '-B', name, 'main');
  writeFileSync(join(seed, file), `${name}\n`);
  git(seed, 'add', '.');
  git(seed, 'commit', '-q', '-m', `Work on ${name}`);
  git(seed, 'push', '-q', '-f', world.repository, name);
  return git(seed, 'rev-parse', name);
}

async function open(kind: ForgeKind, env: Readonly<Record<string, string>> = {}): Promise<Forge> {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'gh'), `#!/bin/sh\nexec "${process.execPath}" "${GH}" "$@"\n`);
  chmodSync(join(bin, 'gh'), 0o755);
  const server = await serveBitbucket(world, 'secret');
  stops.push(() => server.close());
  const all = {
    PATH: `${bin}:/usr/bin:/bin`,
    GT_TEST_RUN: process.env['GT_TEST_RUN'] ?? '',
    FAKE_GH_WORLD: world.repository,
    BITBUCKET_API_URL: server.url,
    BITBUCKET_TOKEN: 'secret',
    ...env,
  };
  const host = kind === 'github' ? 'github.com' : 'bitbucket.org';
  const url = `https://${host}/acme/proj.git`;
  return createForge({ processes: createProcesses(), env: all }, { kind, baseUrl: url, headUrl: url });
}

const SPEC = {
  branch: 'work',
  base: 'main',
  title: "It's $(hostile) `text`",
  body: '--body\n"quoted" $HOME\n',
};

describe.each(['github', 'bitbucket'] as const)('pull requests on %s', (kind) => {
  it('are created with the words as they are, listed, found and viewed', async () => {
    const forge = await open(kind);
    expect(await forge.find('work', 'main')).toBeUndefined();
    expect(await forge.list('main')).toEqual([]);
    const made = await forge.create(SPEC);
    expect(made).toMatchObject({ number: 1, state: 'open', branch: 'work', review: 'none' });
    expect(made.checks).toEqual({ state: 'none', failing: [] });
    expect(world.get(1)).toMatchObject({ base: 'main', title: SPEC.title, body: SPEC.body });
    expect(world.get(1)?.head.startsWith(made.head)).toBe(true);
    for (const found of [
      await forge.find('work', 'main'),
      await forge.view(1),
      (await forge.list('main'))[0],
    ]) {
      expect(found).toEqual(made);
    }
    expect(await forge.list('other')).toEqual([]);
  });

  it('tell what reviewers and checks say', async () => {
    const forge = await open(kind);
    await forge.create(SPEC);
    const says = async (review: 'APPROVED' | 'CHANGES_REQUESTED' | 'REVIEW_REQUIRED') => {
      world.change(1, (pull) => (pull.review = review));
      return (await forge.view(1)).review;
    };
    expect(await says('REVIEW_REQUIRED')).toBe('required');
    expect(await says('CHANGES_REQUESTED')).toBe('changes');
    expect(await says('APPROVED')).toBe('approved');
    world.change(1, (pull) => (pull.checks = [{ name: 'unit', state: 'PENDING' }]));
    expect((await forge.view(1)).checks.state).toBe('pending');
    world.change(1, (pull) => pull.checks.push({ name: 'lint', state: 'FAILURE' }));
    expect((await forge.view(1)).checks).toEqual({
      state: 'failing',
      failing: ['lint https://ci.test/lint'],
    });
    world.change(1, (pull) => (pull.checks = [{ name: 'unit', state: 'SUCCESS' }]));
    expect((await forge.view(1)).checks.state).toBe('passing');
    world.change(1, (pull) => {
      pull.review = 'CHANGES_REQUESTED';
      pull.remarks = [
        { author: 'ann', text: 'please rename' },
        { author: 'bob', path: 'new.txt', text: 'here' },
      ];
    });
    expect(await forge.remarks(1)).toEqual([
      { author: 'ann', path: undefined, text: 'please rename' },
      { author: 'bob', path: 'new.txt', text: 'here' },
    ]);
  });

  it('merge exactly the head that was asked for', async () => {
    const forge = await open(kind);
    await forge.create(SPEC);
    const old = parseSha(world.get(1)?.head ?? '');
    const head = parseSha(branch('work', 'newer.txt'));
    const spec = { method: 'squash', title: 'Title', body: 'Gt-MR: pj-1' } as const;
    expect(await forge.merge(1, { ...spec, head: old })).toMatchObject({ accepted: false });
    expect(await forge.view(1)).toMatchObject({ state: 'open' });
    expect(await forge.merge(1, { ...spec, head })).toMatchObject({ accepted: true });
    const merged = await forge.view(1);
    expect(merged.state).toBe('merged');
    const tip = git(world.repository, 'rev-parse', 'main');
    expect(tip.startsWith(merged.mergeCommit ?? 'none')).toBe(true);
    expect(git(world.repository, 'log', '-1', '--format=%B', 'main')).toContain('Gt-MR: pj-1');
    expect(await forge.list('main')).toEqual([]);
    expect(await forge.find('work', 'main')).toMatchObject({ number: 1, state: 'merged' });
  });

  it('that were closed are found closed', async () => {
    const forge = await open(kind);
    await forge.create(SPEC);
    world.change(1, (pull) => (pull.state = 'CLOSED'));
    expect(await forge.find('work', 'main')).toMatchObject({ state: 'closed' });
  });
});

describe('a forge that cannot be asked', () => {
  it('is told apart from one that refuses and from a missing tool', async () => {
    const offline = await open('github', { FAKE_GH_FAIL: 'error connecting to api.github.com' });
    await expect(offline.list('main')).rejects.toMatchObject({ code: 'forge.unreachable' });
    const refusing = await open('github', {
      FAKE_GH_FAIL: 'To get started with GitHub CLI, please run: gh auth login',
    });
    await expect(refusing.list('main')).rejects.toMatchObject({
      code: 'forge.failed',
      hint: 'Log in: gh auth login',
    });
    const missing = await open('github', { PATH: '/nowhere' });
    await expect(missing.list('main')).rejects.toMatchObject({ code: 'forge.no-tool' });
    const silent = await open('bitbucket', { BITBUCKET_API_URL: 'http://127.0.0.1:9/2.0' });
    await expect(silent.list('main')).rejects.toMatchObject({ code: 'forge.unreachable' });
    const wrong = await open('bitbucket', { BITBUCKET_TOKEN: 'wrong' });
    await expect(wrong.list('main')).rejects.toMatchObject({ code: 'forge.failed' });
    const without = await open('bitbucket', { BITBUCKET_TOKEN: '' });
    await expect(without.list('main')).rejects.toMatchObject({ code: 'forge.no-tool' });
  });

  it('is refused for a URL that names none', () => {
    const deps = { processes: createProcesses(), env: {} };
    for (const url of ['/srv/proj.git', 'https://host/only', 'file:///x/y']) {
      expect(() => createForge(deps, { kind: 'github', baseUrl: url, headUrl: url })).toThrow(
        'names no repository',
      );
    }
  });
});
