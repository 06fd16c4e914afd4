import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { expectRefusal, filesIn } from './support/refusal.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';

/** What every machine has; git and the like are linked or faked by each case. */
const BASICS = 'sh cat env find readlink dirname uname sed grep mkdir rm sleep';

let home: TestHome;
let tools: string;

beforeEach(() => {
  home = createTestHome();
  tools = join(home.home, 'tools');
  mkdirSync(tools);
  for (const name of [...BASICS.split(' '), 'git', 'tmux']) link(name);
});
afterEach(() => home.dispose());

function link(name: string): void {
  symlinkSync(
    execFileSync('sh', ['-c', 'command -v "$0"', name], { encoding: 'utf8' }).trim(),
    join(tools, name),
  );
}

/** Another program of that name, or none. */
function shadow(name: string, body: string | undefined): void {
  rmSync(join(tools, name), { force: true });
  if (body === undefined) return;
  writeFileSync(join(tools, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(tools, name), 0o755);
}

const env = (): Record<string, string> => ({ PATH: tools });

interface Case {
  readonly tool: string;
  readonly is: string;
  /** undefined = it is missing. */
  readonly body: string | undefined;
  readonly says: RegExp;
  readonly store?: 'dolt';
}

const GIT = /git 2\.38 or newer/;
const TMUX = /tmux 3\.2 or newer/;
const DOLT = /dolt 1\.82\.4 or newer/;

const CASES: readonly Case[] = [
  { tool: 'git', is: 'missing', body: undefined, says: GIT },
  {
    tool: 'git',
    is: 'too old',
    body: 'echo "usage: git merge-tree <base> <a> <b>" >&2; exit 129',
    says: GIT,
  },
  { tool: 'git', is: 'another program', body: 'echo hello', says: GIT },
  { tool: 'git', is: 'broken', body: 'kill -SEGV $$', says: GIT },
  { tool: 'tmux', is: 'too old', body: 'echo tmux 2.9a', says: TMUX },
  { tool: 'tmux', is: 'another program', body: 'echo "hello 3.4"', says: TMUX },
  { tool: 'tmux', is: 'broken', body: 'exit 127', says: TMUX },
  { tool: 'dolt', is: 'missing', body: undefined, says: DOLT, store: 'dolt' },
  { tool: 'dolt', is: 'too old', body: 'echo dolt version 1.43.0', says: DOLT, store: 'dolt' },
  { tool: 'dolt', is: 'another program', body: 'echo "hello 2.0"', says: DOLT, store: 'dolt' },
];

function expectAdvice(outcome: Parameters<typeof expectRefusal>[0], { tool, body, says }: Case): void {
  expectRefusal(
    outcome,
    body === undefined ? /is not installed/ : new RegExp(`${join(tools, tool)} is too old`),
  );
  expect(outcome.stderr).toMatch(says);
}

describe.each(CASES)('P13: $tool is $is', (each) => {
  test('gt install says what to do and makes nothing', async () => {
    shadow(each.tool, each.body);
    const before = filesIn(home.home);
    const store = each.store === undefined ? [] : ['--store', each.store];
    expectAdvice(await home.tryGt(['install', home.town, ...store], { env: env() }), each);
    expect(filesIn(home.home)).toEqual(before);
  });

  if (each.store !== undefined) return;

  test('gt up of a town that was well says the same and starts nothing', async () => {
    await home.gt('install', home.town, '--store', 'sqlite');
    const before = filesIn(home.town);
    shadow(each.tool, each.body);
    expectAdvice(await home.tryGt(['up'], { env: env() }), each);
    expect(filesIn(home.town)).toEqual(before);
    expect(await home.gtJson('daemon', 'status')).toMatchObject({ running: false });
  });
});

describe('P13: what may be missing', () => {
  test('without tmux a town is made and comes up: its agents run detached', async () => {
    shadow('tmux', undefined);
    const made = await home.tryGt(['install', home.town, '--store', 'sqlite'], { env: env() });
    expect(made).toMatchObject({ code: 0 });
    expect(made.stdout).toContain('tmux is not installed');
    expect((await home.tryGt(['up'], { env: env() })).code).toBe(0);
  });

  test('without an agent program work is refused in one line before anything of it began', async () => {
    await home.gt('install', home.town, '--store', 'sqlite');
    const origin = join(home.home, 'origin.git');
    execFileSync('git', ['init', '-q', '--bare', '-b', 'main', origin]);
    const blob = execFileSync('git', ['-C', origin, 'mktree'], { input: '', encoding: 'utf8' }).trim();
    const commit = execFileSync('git', ['-C', origin, 'commit-tree', '-m', 'First', blob], {
      env: { ...home.env },
      encoding: 'utf8',
    }).trim();
    execFileSync('git', ['-C', origin, 'update-ref', 'refs/heads/main', commit]);
    await home.gt('rig', 'add', 'proj', origin, '--prefix', 'pj');
    await home.gt('config', 'set', 'scheduler.max_polecats', '-1');
    const { id } = (await home.bdJson('create', 'One', '--rig', 'proj')) as { readonly id: string };
    const outcome = await home.tryGt(['sling', id, 'proj'], { env: env() });
    expectRefusal(outcome, /claude.* is not installed|no program 'claude'/);
    expect(await home.bdJson('show', id)).toMatchObject([{ status: 'open' }]);
    expect(readdirSync(join(home.town, '.runtime/panes'))).toEqual([]);
  });
});
