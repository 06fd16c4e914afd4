import { describe, expect, test } from 'vitest';
import { parseWorkerName } from '../../../src/core/names.ts';
import { branchName, isBranchOf, issueOfBranch } from '../../../src/polecat/branch.ts';
import { firstFreeName, pickWorker } from '../../../src/polecat/name-pool.ts';
import type { PickFacts } from '../../../src/polecat/name-pool.ts';
import { NAME_THEMES } from '../../../src/polecat/name-themes.ts';

const pool = { names: ['ace', 'nux', 'max'], size: 3 };
const name = parseWorkerName;

function pick(facts: Partial<PickFacts>) {
  return pickWorker({ idle: [], taken: new Set(), pool, mayGrow: true, ...facts });
}

describe('names', () => {
  test('are given out in the order of the theme', () => {
    expect(firstFreeName(pool, new Set())).toBe('ace');
    expect(firstFreeName(pool, new Set(['ace']))).toBe('nux');
  });

  test('go on as numbers after the theme, the lowest free one first', () => {
    expect(firstFreeName(pool, new Set(['ace', 'nux', 'max']))).toBe('4');
    expect(firstFreeName(pool, new Set(['ace', 'nux', 'max', '4', '6']))).toBe('5');
  });

  test('stop early where the rig wants numbers sooner', () => {
    expect(firstFreeName({ ...pool, size: 1 }, new Set(['ace']))).toBe('2');
  });

  test.each(Object.entries(NAME_THEMES))('of theme %s are fifty different, usable ones', (_theme, names) => {
    expect(new Set(names).size).toBe(50);
    expect(names.map(name)).toEqual(names);
  });
});

describe('the worker for the next bead', () => {
  test('is the lowest idle one that is clean', () => {
    const idle = [
      { name: name('51'), clean: true },
      { name: name('ace'), clean: false },
      { name: name('nux'), clean: true },
    ];
    expect(pick({ idle })).toEqual({ kind: 'reuse', name: '51' });
    expect(pick({ idle: idle.slice(1) })).toEqual({ kind: 'reuse', name: 'nux' });
  });

  test('is the one that had the bead before, when it is idle', () => {
    const idle = [
      { name: name('ace'), clean: true },
      { name: name('nux'), clean: false },
    ];
    expect(pick({ idle, preferred: 'nux' })).toEqual({ kind: 'reuse', name: 'nux' });
    expect(pick({ idle, preferred: 'max' })).toEqual({ kind: 'reuse', name: 'ace' });
  });

  test('is a new one rather than one whose worktree has something in it', () => {
    const idle = [{ name: name('ace'), clean: false }];
    expect(pick({ idle, taken: new Set(['ace']) })).toEqual({ kind: 'new', name: 'nux' });
  });

  test('is one with something in it when there is no room for more folders', () => {
    const idle = [{ name: name('ace'), clean: false }];
    expect(pick({ idle, mayGrow: false })).toEqual({ kind: 'reuse', name: 'ace' });
  });

  test('is nobody when every folder is in use', () => {
    expect(pick({ mayGrow: false })).toEqual({ kind: 'full' });
  });
});

describe('a branch', () => {
  test('tells worker and issue', () => {
    const branch = branchName(name('nux'), 'gt-abc.2', 1_700_000_000_000);
    expect(branch).toBe('polecat/nux/gt-abc.2@loyw3v28');
    expect(issueOfBranch(branch)).toBe('gt-abc.2');
    expect(isBranchOf(branch, name('nux'))).toBe(true);
    expect(isBranchOf('polecat/nuxus/gt-a@1', name('nux'))).toBe(false);
  });

  test.each(['main', 'polecat/nux-123', 'feature/polecat/nux/gt-a'])('%s belongs to no issue', (branch) => {
    expect(issueOfBranch(branch)).toBeUndefined();
  });
});
