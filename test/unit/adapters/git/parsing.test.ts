import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { gitEnv } from '../../../../src/adapters/git/env.ts';
import { outcomeOf } from '../../../../src/adapters/git/push.ts';
import { unquotePath } from '../../../../src/adapters/git/quoted.ts';
import { parseHeads } from '../../../../src/adapters/git/remotes.ts';
import { lastLine } from '../../../../src/adapters/git/run.ts';
import { parseStatus } from '../../../../src/adapters/git/status.ts';
import { parseListing } from '../../../../src/adapters/git/worktree-tree.ts';
import { parseWorktrees } from '../../../../src/adapters/git/worktrees.ts';
import type { RunResult } from '../../../../src/ports/processes.ts';

const SHA = '1edc495d1cc560a3bec4ffa6c359aa392f1f0ff6';
const OTHER = '983cf95dbb44140631737242a9d746946c5d49ae';

describe('the end of a push', () => {
  const ended = (code: number, stdout: string, stderr = ''): RunResult => ({
    stdout,
    stderr,
    ms: 1,
    end: 'exit',
    code,
  });
  const line = (summary: string): string => `To /r.git\n!\t${SHA}:refs/heads/main\t${summary}\nDone\n`;

  it.each([
    ['[rejected] (stale info)', 'stale'],
    ['[rejected] (fetch first)', 'stale'],
    ['[rejected] (non-fast-forward)', 'stale'],
    ['[rejected] (already exists)', 'stale'],
    ['[remote rejected] (atomic transaction failed)', 'stale'],
    ['[remote rejected] (failed to update ref)', 'stale'],
    ["[remote rejected] (cannot lock ref 'refs/heads/main': is at a but expected b)", 'stale'],
    ['[remote rejected] (incorrect old value provided)', 'stale'],
    ['[remote rejected] (pre-receive hook declined)', 'rejected'],
    ['[remote rejected] (protected branch hook declined)', 'rejected'],
    ['[remote rejected] (branch is currently checked out)', 'rejected'],
    ['[remote rejected] (deletion of the current branch prohibited)', 'rejected'],
  ])('%s is %s', (summary, cause) => expect(outcomeOf(ended(1, line(summary)))).toMatchObject({ cause }));

  it('takes the ref that is at fault, not those that only failed with it', () => {
    const both = `!\ta:refs/heads/x\t[rejected] (atomic push failed)\n!\tb:refs/heads/main\t[remote rejected] (hook declined)\n`;
    expect(outcomeOf(ended(1, both))).toMatchObject({
      cause: 'rejected',
      why: '[remote rejected] (hook declined)',
    });
  });

  it.each([
    ["fatal: '/none.git' does not appear to be a git repository", 'unreachable'],
    ['fatal: unable to access ’https://h/r/’: Could not resolve host: h', 'unreachable'],
    ['ssh: connect to host h port 22: Connection timed out', 'unreachable'],
    ['remote: Permission to o/r.git denied to me.', 'rejected'],
    ["fatal: unable to access 'https://h/r/': The requested URL returned error: 403", 'rejected'],
    ["fatal: could not read Username for 'https://h': terminal prompts disabled", 'rejected'],
  ])('without an answer, “%s” is %s', (stderr, cause) =>
    expect(outcomeOf(ended(128, '', stderr))).toMatchObject({ cause }),
  );

  it('has no verdict of a push that was broken off', () => {
    expect(outcomeOf({ stdout: '', stderr: '', ms: 1, end: 'timeout' })).toMatchObject({ cause: 'timeout' });
    expect(outcomeOf({ stdout: '', stderr: '', ms: 1, end: 'signal', signal: 'SIGKILL' })).toMatchObject({
      pushed: false,
    });
  });
});

describe('what git prints', () => {
  it('as status: paths with blanks, conflicts, a detached head, none yet', () => {
    const text = [
      '# branch.oid (initial)',
      '# branch.head (detached)',
      `1 .M N... 100644 100644 100644 ${SHA} ${SHA} a file with blanks`,
      `u UU N... 100644 100644 100644 100644 ${SHA} ${SHA} ${SHA} both`,
      '? new\nline',
      '! ignored',
      '',
    ].join('\0');
    expect(parseStatus(text)).toEqual({
      head: undefined,
      branch: undefined,
      changed: ['a file with blanks', 'both'],
      untracked: ['new\nline'],
    });
  });

  it('as listing for a snapshot: modes on disk, quoted names as they are', () => {
    const text = [
      `1 .D N... 100644 100644 000000 ${SHA} ${SHA} gone`,
      `1 AM N... 000000 100644 100755 ${SHA} ${SHA} "odd\\tname"`,
      `u UU N... 100644 100644 100644 100644 ${SHA} ${SHA} ${SHA} both sides`,
      '? inner/',
      '',
    ].join('\n');
    expect(parseListing(text)).toEqual([
      { path: 'gone', mode: '000000' },
      { path: '"odd\\tname"', mode: '100755' },
      { path: 'both sides', mode: '100644' },
      { path: 'inner/', mode: undefined },
    ]);
  });

  it('as worktrees: without the bare repository, with those that have no commit or no branch', () => {
    const text = [
      'worktree /r/.repo.git\0bare\0\0',
      `worktree /r/a b\0HEAD ${SHA}\0branch refs/heads/polecat/n/x\0\0`,
      `worktree /r/c\0HEAD ${OTHER}\0detached\0locked why\0\0`,
      `worktree /r/d\0HEAD ${'0'.repeat(40)}\0branch refs/heads/main\0\0`,
    ].join('');
    expect(parseWorktrees(text)).toEqual([
      { path: '/r/a b', head: SHA, branch: 'polecat/n/x' },
      { path: '/r/c', head: OTHER, branch: undefined },
      { path: '/r/d', head: undefined, branch: 'main' },
    ]);
  });

  it('as heads of a remote', () => {
    const text = `ref: refs/heads/trunk\tHEAD\n${SHA}\tHEAD\n${SHA}\trefs/heads/trunk\n${OTHER}\trefs/heads/a/b\n`;
    expect(parseHeads(text)).toEqual({
      defaultBranch: 'trunk',
      heads: new Map([
        ['trunk', SHA],
        ['a/b', OTHER],
      ]),
    });
    expect(parseHeads(`${SHA}\tHEAD\n`)).toEqual({ defaultBranch: undefined, heads: new Map() });
  });

  it('as trouble: the line that says what it is', () => {
    expect(lastLine('warning: x\nfatal: not a git repository\nhint: y\n')).toBe('not a git repository');
    expect(lastLine('ssh: cannot\n\n')).toBe('ssh: cannot');
    expect(lastLine('ssh: connect: refused\nfatal: Could not read from remote repository.\n\nPlease\n')).toBe(
      'ssh: connect: refused',
    );
    expect(lastLine('')).toBe('');
  });
});

describe('quoted names', () => {
  it('are the bytes they stand for', () => {
    expect(unquotePath('plain ü')).toEqual(Buffer.from('plain ü'));
    expect(unquotePath('"a\\tb\\n\\"\\\\\\303\\244\\351"')).toEqual(
      Buffer.concat([Buffer.from('a\tb\n"\\ä'), Buffer.from([0xe9])]),
    );
  });

  it('of any bytes come back (git quotes them in octal)', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        const quoted = [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
        expect(unquotePath(`"${quoted}"`)).toEqual(Buffer.from(bytes));
      }),
    );
  });
});

it('the environment of git keeps ways to reach remotes and drops what names another repository', () => {
  const env = gitEnv({
    PATH: '/bin',
    GIT_DIR: '/x',
    GIT_INDEX_FILE: '/y',
    GIT_SSH_COMMAND: 'ssh -i k',
    GIT_TRACE: '1',
    LC_ALL: 'de_DE',
  });
  expect(env).toMatchObject({
    PATH: '/bin',
    GIT_SSH_COMMAND: 'ssh -i k',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  });
  for (const name of ['GIT_DIR', 'GIT_INDEX_FILE', 'GIT_TRACE']) expect(env).not.toHaveProperty(name);
});
