import { describe, expect, test } from 'vitest';
import { parseSha } from '../../../src/core/names.ts';
import { excludePattern } from '../../../src/hooks/furnish.ts';
import { submodulePaths } from '../../../src/hooks/submodules.ts';
import { withExcludes } from '../../../src/rig/excludes.ts';
import { planWorktree } from '../../../src/hooks/worktree-plan.ts';
import type { WorktreeFacts } from '../../../src/hooks/worktree-plan.ts';

const start = parseSha('a'.repeat(40));
const other = parseSha('b'.repeat(40));
const goal = { dispatch: 'D1', branch: 'polecat/nux/gt-a@1', start };

function steps(facts: Partial<WorktreeFacts>): readonly string[] {
  const all = {
    place: 'absent',
    flat: false,
    listed: false,
    finishedFor: undefined,
    branchTip: undefined,
    ...facts,
  } as const;
  return planWorktree(goal, all).map((step) => step.do);
}

describe('making a worktree ready', () => {
  test.each<readonly [string, Partial<WorktreeFacts>, readonly string[]]>([
    ['nothing there', {}, ['add', 'switch']],
    ['its folder was deleted by hand', { listed: true }, ['forget', 'add', 'switch']],
    ['its creation was killed at once', { place: 'empty' }, ['remove-empty', 'add', 'switch']],
    [
      'killed after git had noted it',
      { place: 'empty', listed: true },
      ['remove-empty', 'forget', 'add', 'switch'],
    ],
    ['foreign files', { place: 'foreign' }, ['set-aside', 'add', 'switch']],
    ['a worktree of the first layout around it', { flat: true }, ['remove-flat', 'add', 'switch']],
    [
      'an earlier bead’s worktree',
      { place: 'worktree', listed: true, finishedFor: 'D0' },
      ['clean', 'switch'],
    ],
    ['killed before it was whole', { place: 'worktree', listed: true }, ['clean', 'switch']],
    ['the branch of an earlier try stands elsewhere', { branchTip: other }, ['add', 'move-branch', 'switch']],
    ['the branch stands right', { branchTip: start }, ['add', 'switch']],
  ])('%s', (_what, facts, expected) => {
    expect(steps(facts)).toEqual(expected);
  });

  test('P2: one that is whole for this dispatch is never touched', () => {
    expect(steps({ place: 'worktree', listed: true, finishedFor: 'D1', branchTip: other })).toEqual(['keep']);
  });

  test('one that was whole and is gone is made again', () => {
    expect(steps({ place: 'absent', listed: true, finishedFor: 'D1' })).toEqual(['forget', 'add', 'switch']);
  });
});

describe('P29: the exclude file', () => {
  test('keeps the user’s own lines, before and after ours', () => {
    const once = withExcludes('mine\n', ['/.beads/']);
    expect(once.startsWith('mine\n')).toBe(true);
    const edited = `${once}later\n`;
    const again = withExcludes(edited, ['/.beads/', '/x']);
    expect(again).toContain('mine\n');
    expect(again).toContain('later\n');
    expect(again.match(/\/\.beads\//g)).toHaveLength(1);
    expect(again).toContain('/x\n');
  });

  test('does not change when it says all already', () => {
    const once = withExcludes('', ['/a', '/b']);
    expect(withExcludes(once, ['/b'])).toBe(once);
  });

  test.each([
    ['.env', '/.env'],
    ['a b/*.txt', String.raw`/a\ b/\*.txt`],
    ['[x]?', String.raw`/\[x]\?`],
  ])('means exactly the file %s', (file, pattern) => {
    expect(excludePattern(file)).toBe(pattern);
  });
});

describe('submodules of a .gitmodules file', () => {
  test('are its paths, but none that leads out of the worktree', () => {
    const text =
      '[submodule "a"]\n\tpath = libs/a\n\turl = ../a\n[submodule "b"]\n path="b c"\n[x]\npath = ../../etc\npath = /abs\n';
    expect(submodulePaths(text)).toEqual(['libs/a', 'b c']);
  });
});
