import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideGuard } from '../../../src/hooks/guards/decide.ts';
import type { GuardFacts } from '../../../src/hooks/guards/facts.ts';
import { listGuards } from '../../../src/hooks/guards/names.ts';
import { parseToolUse } from '../../../src/hooks/guards/payload.ts';
import { simpleCommands } from '../../../src/hooks/guards/shell.ts';
import { FORBIDDEN, INNOCENT } from './guard-corpus.ts';

const WORKTREE = '/home/ann/gt/proj/polecats/nux/proj';
const polecat: GuardFacts = {
  role: 'polecat',
  branch: 'polecat/nux/gt-a@x',
  worktree: WORKTREE,
  town: '/home/ann/gt',
  cwd: WORKTREE,
  home: '/home/ann',
  scratch: ['/run/tmp'],
};

function decide(command: string, guard = 'all', facts: Partial<GuardFacts> = {}) {
  const input = JSON.stringify({ tool_name: 'Bash', tool_input: { command } });
  return decideGuard({ guard, use: parseToolUse(input), facts: { ...polecat, ...facts } });
}

describe('a guard reads a shell line as the commands it would run', () => {
  test.each<readonly [string, readonly (readonly string[])[]]>([
    ['a && b -x | c; d', [['a'], ['b', '-x'], ['c'], ['d']]],
    ['X=1 env -i Y=2 /usr/bin/git push', [['git', 'push']]],
    [
      'echo "$(git push --force)"',
      [
        ['echo', '$'],
        ['git', 'push', '--force'],
      ],
    ],
    [
      "bash -lc 'sudo ls'",
      [
        ['bash', '-lc', 'sudo ls'],
        ['sudo', 'ls'],
      ],
    ],
    ['cat > f <<EOF\nsudo rm -rf /\nEOF\nls', [['cat'], ['ls']]],
    ['cat <<A; cat <<B\nsudo a\nA\nsudo b\nB\nls', [['cat'], ['cat'], ['ls']]],
    ['cat <<EOF\n$(sudo x)\nEOF', [['cat'], ['sudo', 'x']]],
    ["cat <<'EOF'\n$(sudo x)\nEOF", [['cat']]],
    ['bash <<EOF\nsudo x\nEOF', [['bash'], ['sudo', 'x']]],
    ['bash script.sh <<EOF\nsudo x\nEOF', [['bash', 'script.sh']]],
    ['sh <<< "sudo x"', [['sh'], ['sudo', 'x']]],
    [
      'echo "sudo x" | sh -e',
      [
        ['echo', 'sudo x'],
        ['sh', '-e'],
        ['sudo', 'x'],
      ],
    ],
    ['ls 2>&1 # sudo x', [['ls']]],
    ['ls &>log', [['ls']]],
    ['git show HEAD@{1} {a,b}', [['git', 'show', 'HEAD@{1}', '{a,b}']]],
    ['if true; then sudo x; fi', [['true'], ['sudo', 'x'], ['fi']]],
    ['timeout -k 5 5m git push', [['git', 'push']]],
    ['xargs -n 1 -I {} rm -rf {}', [['rm', '-rf', '{}']]],
    [
      'find . -exec rm -rf {} +',
      [
        ['find', '.', '-exec', 'rm', '-rf', '{}', '+'],
        ['rm', '-rf', '{}'],
      ],
    ],
    ['command -v sudo', [['command', '-v', 'sudo']]],
    [
      'diff <(sudo a) b',
      [
        ['diff', '$', 'b'],
        ['sudo', 'a'],
      ],
    ],
    ['echo $((1 << 2)) x', [['echo', '$', 'x']]],
    ['(( i << 2 )); ls', [['$'], ['ls']]],
    ['${X:-$(sudo a)}', [['${X:-$(sudo a)}'], ['sudo', 'a']]],
    ["echo $'a\\'b' c", [['echo', "a'b", 'c']]],
    [
      'echo $(echo ")" ; sudo x) y',
      [
        ['echo', '$', 'y'],
        ['echo', ')'],
        ['sudo', 'x'],
      ],
    ],
    ['s"u"do ls', [['sudo', 'ls']]],
    [String.raw`echo \"; x`, [['echo', '"'], ['x']]],
    ['echo "abc', [['echo', 'abc']]],
    ["echo 'abc", [['echo', 'abc']]],
    ['echo $(ls', [['echo', '$'], ['ls']]],
  ])('%s', (line, expected) => {
    expect(simpleCommands(line)).toEqual(expected);
  });

  test('any text is read without an error, and soon', () => {
    const marks = "$( ` \" ' <<EOF EOF \\ { } (( )) | && ; # <<< <( > 2>&1 ${ $'".split(' ');
    const pieces = fc.constantFrom(
      ...marks,
      ' ',
      '\n',
      ...'git push -f bash -c eval xargs find -exec'.split(' '),
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        for (const words of simpleCommands(text))
          expect(words.every((word) => typeof word === 'string')).toBe(true);
        decide(text);
      }),
      { numRuns: 2000 },
    );
  });

  test('what it takes grows with the text, not with how deep it nests', () => {
    const deep = `${'$('.repeat(3000)}sudo x${')'.repeat(3000)}`;
    const quoted = `bash -c "${'bash -c \\"'.repeat(500)}`;
    for (const text of [deep, quoted, '`'.repeat(5001), '<<A '.repeat(2000)]) simpleCommands(text);
  });
});

describe('P26: guards block what an agent must not run', () => {
  test.each(FORBIDDEN)('%s is refused', (command) => {
    expect(decide(command)).toMatchObject({ allow: false });
  });

  test.each(INNOCENT)('%s is allowed', (command) => {
    expect(decide(command)).toEqual({ allow: true });
  });

  /** Ways of writing the same command that a shell reads alike. */
  const DISGUISES: readonly ((command: string) => string)[] = [
    (command) => `cd . && ${command}`,
    (command) => `ls | head; ${command}`,
    (command) => `X=1 Y="a b" ${command}`,
    (command) => `env -u Z ${command}`,
    (command) => `(${command})`,
    (command) => `{ ${command}; }`,
    (command) => `if true; then ${command}; fi`,
    (command) => `for i in 1 2; do ${command}; done`,
    (command) => `f() { ${command}; }; f`,
    (command) => `! ${command} || true`,
    (command) => `echo "$(${command})"`,
    (command) => `bash -c ${quoted(command)}`,
    (command) => `sh -ec ${quoted(command)} || echo $?`,
    (command) => `eval ${quoted(command)}`,
    (command) => `nohup ${command} > log 2>&1 &`,
    (command) => `timeout 60 ${command}`,
    (command) => `bash <<'EOF'\n${command}\nEOF`,
    (command) => `cat notes.txt\n\n  ${command}`,
  ];

  test('however they are wrapped', () => {
    const commands = FORBIDDEN.filter((command) => !command.includes('\n'));
    fc.assert(
      fc.property(fc.constantFrom(...commands), fc.constantFrom(...DISGUISES), (command, wrap) => {
        expect(decide(wrap(command)), wrap(command)).toMatchObject({ allow: false });
      }),
      { numRuns: 600 },
    );
  });

  test('and none of that makes an innocent one forbidden', () => {
    const commands = INNOCENT.filter((command) => !command.includes('\n'));
    fc.assert(
      fc.property(fc.constantFrom(...commands), fc.constantFrom(...DISGUISES), (command, wrap) => {
        expect(decide(wrap(command)), wrap(command)).toEqual({ allow: true });
      }),
      { numRuns: 600 },
    );
  });

  test('a reason names the way to go, never one around the guard', () => {
    for (const command of FORBIDDEN) {
      const verdict = decide(command);
      expect(verdict.allow ? '' : verdict.reason).not.toMatch(
        /no-verify|hooksPath|GT_|bypass|disable|unset/i,
      );
    }
  });

  test('a crew member works like a person: branches and pull requests are theirs', () => {
    const crew = { role: 'crew', branch: undefined, worktree: undefined };
    for (const command of [
      'gh pr create',
      'git push origin main',
      'git checkout -b x',
      'rm -rf ../other/build',
    ])
      expect(decide(command, 'all', crew)).toEqual({ allow: true });
    for (const command of ['sudo ls', 'git push -f origin main', 'rm -rf ~', 'git worktree remove x'])
      expect(decide(command, 'all', crew), command).toMatchObject({ allow: false });
  });

  test('a named guard decides only its own matter', () => {
    expect(decide('sudo ls', 'pr-workflow')).toEqual({ allow: true });
    expect(decide('gh pr create', 'pr-workflow')).toMatchObject({ guard: 'pr-workflow' });
    expect(decide('bd init', 'bd-init')).toMatchObject({ guard: 'bd-init' });
    const patrol = 'bd mol pour mol-witness-patrol';
    expect(decide(patrol, 'mol-patrol', { role: 'witness' })).toMatchObject({ allow: false });
    expect(decide(patrol, 'mol-patrol')).toEqual({ allow: true });
    expect(listGuards().map(({ name }) => name)).toEqual([
      'dangerous-command',
      'pr-workflow',
      'bd-init',
      'mol-patrol',
      'worktree-only',
    ]);
  });

  test('where a command would run is where the hook says, and where cd leads', () => {
    const input = (cwd: string) =>
      JSON.stringify({ tool_name: 'Bash', cwd, tool_input: { command: 'rm -rf proj' } });
    const verdict = (cwd: string) =>
      decideGuard({ guard: 'all', use: parseToolUse(input(cwd)), facts: polecat });
    expect(verdict('/home/ann/gt/proj/polecats/nux')).toMatchObject({ allow: false });
    expect(verdict('/tmp/x')).toEqual({ allow: true });
    expect(decide('cd .. && rm -rf proj')).toMatchObject({ allow: false });
    expect(decide('cd /tmp && rm -rf proj')).toEqual({ allow: true });
    expect(decide('cd "$SOMEWHERE" && rm -rf proj')).toEqual({ allow: true });
  });
});

describe('P26: a polecat’s editing tools write in its own worktree', () => {
  const edit = (path: string, facts: Partial<GuardFacts> = {}, tool = 'Write') => {
    const key = tool === 'NotebookEdit' ? 'notebook_path' : 'file_path';
    const input = JSON.stringify({ tool_name: tool, tool_input: { [key]: path, content: 'x' } });
    return decideGuard({ guard: 'all', use: parseToolUse(input), facts: { ...polecat, ...facts } });
  };

  test.each([
    '/home/ann/.bashrc',
    '/etc/hosts',
    '/home/ann/gt/proj/polecats/slit/proj/a.ts',
    `${WORKTREE}/../other.ts`,
    `${WORKTREE}x/a.ts`,
    `${WORKTREE}/.git`,
    `${WORKTREE}/sub/.git/hooks/pre-push`,
    '../../other.ts',
  ])('%s is refused', (path) => {
    for (const tool of ['Write', 'Edit', 'MultiEdit', 'NotebookEdit'])
      expect(edit(path, {}, tool)).toMatchObject({ allow: false, guard: 'worktree-only' });
  });

  test.each([`${WORKTREE}/a.ts`, `${WORKTREE}/.github/x.yml`, 'src/a.ts', '/tmp/notes.md', '/run/tmp/x'])(
    '%s is allowed',
    (path) => {
      expect(edit(path)).toEqual({ allow: true });
    },
  );

  test('a town among the temporary files is no scratch', () => {
    const facts = { town: '/tmp/gt', worktree: '/tmp/gt/proj/polecats/nux/proj' };
    expect(edit('/tmp/gt/mayor/town.json', facts)).toMatchObject({ allow: false });
    expect(edit('/tmp/gt/proj/polecats/nux/proj/a.ts', facts)).toEqual({ allow: true });
    expect(edit('/tmp/notes.md', facts)).toEqual({ allow: true });
  });

  test('reading tools, other agents and an unknown worktree are not its matter', () => {
    expect(edit('/etc/hosts', {}, 'Read')).toEqual({ allow: true });
    expect(edit('/etc/hosts', { role: 'crew' })).toEqual({ allow: true });
    expect(edit('/etc/hosts', { worktree: undefined })).toEqual({ allow: true });
  });
});

describe('what a hook sends', () => {
  test.each([
    '',
    'no json',
    '{}',
    '{"tool_input":{"file_path":"x"}}',
    '[1]',
    '{"tool_input":{"command":7}}',
    'null',
  ])('%j says nothing, and nothing is allowed', (input) => {
    expect(decideGuard({ guard: 'all', use: parseToolUse(input), facts: polecat })).toEqual({ allow: true });
  });

  test.each([
    [{ tool_name: 'run_shell_command', tool_input: { command: 'sudo x' } }],
    [{ command: 'sudo x', cwd: '/' }],
  ])('%j is a shell command', (payload) => {
    const use = parseToolUse(JSON.stringify(payload));
    expect(decideGuard({ guard: 'all', use, facts: polecat })).toMatchObject({ allow: false });
  });
});

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
