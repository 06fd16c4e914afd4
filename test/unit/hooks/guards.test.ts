import { describe, expect, test } from 'vitest';
import { decideGuard } from '../../../src/hooks/guards/decide.ts';
import { simpleCommands } from '../../../src/hooks/guards/shell.ts';

const polecat = { role: 'polecat', branch: 'polecat/nux/gt-a@x' };

function decide(command: string, guard = 'all', facts: { role?: string; branch?: string } = polecat) {
  const input = JSON.stringify({ tool_name: 'Bash', tool_input: { command } });
  return decideGuard({ guard, input, facts: { role: facts.role, branch: facts.branch } });
}

describe('a guard reads a shell line as the commands it would run', () => {
  test.each([
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
    ['ls 2>&1 # sudo x', [['ls']]],
    ['git show HEAD@{1} {a,b}', [['git', 'show', 'HEAD@{1}', '{a,b}']]],
    ['if true; then sudo x; fi', [['true'], ['sudo', 'x'], ['fi']]],
    ['timeout 5m git push', [['git', 'push']]],
    [String.raw`echo \"; x`, [['echo', '"'], ['x']]],
  ])('%s', (line, expected) => {
    expect(simpleCommands(line)).toEqual(expected);
  });

  test('text that never ends is read to its end', () => {
    expect(simpleCommands('echo "abc')).toEqual([['echo', 'abc']]);
    expect(simpleCommands("echo 'abc")).toEqual([['echo', 'abc']]);
    expect(simpleCommands('echo $(ls')).toEqual([['echo', '$'], ['ls']]);
  });
});

describe('P26: guards block what an agent must not run', () => {
  test.each([
    'sudo apt install x',
    'cd . && sudo ls',
    'bash -c "sudo ls"',
    'X=1 apt-get -y install jq',
    'rm -rf ~',
    'rm -fr "$HOME"',
    'rm -r -f /',
    'git push --force origin polecat/nux/gt-a@x',
    'git -C . push -f',
    'git push origin HEAD:main',
    'git push origin +HEAD:polecat/nux/gt-a@x',
    'git push origin main',
    'gh pr create --fill',
    'git checkout -b feature',
    'git -C sub switch -c x',
    'bd init',
  ])('%s is refused', (command) => {
    expect(decide(command)).toMatchObject({ allow: false });
  });

  test.each([
    'git push origin polecat/nux/gt-a@x',
    'git push --force-with-lease origin HEAD:polecat/nux/gt-a@x',
    'git push origin HEAD',
    'git checkout main -- file',
    'echo "use sudo with care"',
    'grep -r "git push --force" .',
    'rm -rf build',
    'apt list --installed',
    'npm install',
    'git commit -m "sudo apt install"',
    'bd create "bd init fails"',
    'for f in *; do echo "$f"; done',
  ])('%s is allowed', (command) => {
    expect(decide(command)).toEqual({ allow: true });
  });

  test('a crew member works like a person: branches and pull requests are theirs', () => {
    expect(decide('gh pr create', 'all', { role: 'crew' })).toEqual({ allow: true });
    expect(decide('git push origin main', 'all', { role: 'crew' })).toEqual({ allow: true });
    expect(decide('sudo ls', 'all', { role: 'crew' })).toMatchObject({ allow: false });
  });

  test('a named guard decides only its own matter', () => {
    expect(decide('sudo ls', 'pr-workflow')).toEqual({ allow: true });
    expect(decide('gh pr create', 'pr-workflow')).toMatchObject({ guard: 'pr-workflow' });
    expect(decide('bd mol pour mol-witness-patrol', 'mol-patrol', { role: 'witness' })).toMatchObject({
      allow: false,
    });
  });

  test.each(['', 'no json', '{}', '{"tool_input":{"file_path":"x"}}', '[1]'])(
    'input %j that says nothing allows',
    (input) => {
      expect(decideGuard({ guard: 'all', input, facts: polecat })).toEqual({ allow: true });
    },
  );
});
