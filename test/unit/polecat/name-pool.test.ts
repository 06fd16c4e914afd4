import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseWorkerName } from '../../../src/core/names.ts';
import {
  branchFromTemplate,
  branchName,
  fitsTemplate,
  isBranchOf,
  issueOfBranch,
} from '../../../src/polecat/branch.ts';
import { firstFreeName, pickWorker } from '../../../src/polecat/name-pool.ts';
import type { PickFacts } from '../../../src/polecat/name-pool.ts';
import { parseNames } from '../../../src/polecat/themes.ts';
import { NAME_THEMES } from '../../../src/polecat/name-themes.ts';

const pool = { names: ['ace', 'nux', 'max'], size: 3 };
const name = parseWorkerName;

function pick({ taken = [], ...facts }: Partial<PickFacts> & { taken?: readonly string[] }) {
  return pickWorker({ idle: [], used: used(taken), pool, mayGrow: true, ...facts });
}

function used(taken: readonly string[], before: readonly string[] = []) {
  return { taken: new Set(taken), ever: new Set([...taken, ...before]) };
}

function free(taken: readonly string[], before: readonly string[] = [], names = pool) {
  return firstFreeName(names, used(taken, before));
}

describe('names', () => {
  test('are given out in the order of the theme', () => {
    expect(free([])).toBe('ace');
    expect(free(['ace'])).toBe('nux');
  });

  test('go on as numbers after the theme, and no number is used twice', () => {
    expect(free(['ace', 'nux', 'max'])).toBe('4');
    expect(free(['ace', 'nux', 'max', '6'])).toBe('7');
    expect(free(['ace', 'nux', 'max'], ['4', '5'])).toBe('6');
  });

  test('of nuked workers are given out again while the theme lasts', () => {
    expect(free(['ace'], ['nux'])).toBe('nux');
  });

  test('stop early where the rig wants numbers sooner', () => {
    expect(free(['ace'], [], { ...pool, size: 1 })).toBe('2');
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
    expect(pick({ idle, taken: ['ace'] })).toEqual({ kind: 'new', name: 'nux' });
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

describe('a branch by the template of the rig', () => {
  const facts = {
    worker: name('nux'),
    issue: 'gt-a1',
    title: 'Fix: $(rm -rf /) „Größe“ ../..\n and much more text that nobody needs in a name',
    user: 'Ann Müller <ann@x>',
    unixMs: Date.UTC(2026, 1, 3),
  };

  test.each([
    ['{user}/{issue}', 'ann-mu-ller-ann-x/gt-a1'],
    ['{year}/{month}/{name}', '2026/02/nux'],
    ['feature/{issue}-{description}', 'feature/gt-a1-fix-rm-rf-gro-e-and-much-more-text-that'],
    ['{timestamp}', facts.unixMs.toString(36)],
    ['{unknown}/{issue}', undefined],
    ['-{issue}', undefined],
    ['a..{issue}', undefined],
    ['', undefined],
  ])('%s', (template, branch) => {
    const made = branchFromTemplate(template, facts);
    if (branch === undefined) expect(made).toBeUndefined();
    else expect(made).toMatch(/^[a-z0-9/-]+$/);
    if (branch !== undefined && !template.includes('{user}') && !template.includes('{description}')) {
      expect(made).toBe(branch);
    }
  });
});

test.each([
  ['agents/{issue}-{description}', 'agents/pj-1-fix-it', true],
  ['agents/{issue}', 'agents/pj-1-m5x2', true],
  ['agents/{issue}-{description}', 'agents/pj-2-fix-it', false],
  ['agents/{issue}.{name}', 'agents/pj-1xnux', false],
  ['agents/{issue}', 'feature/by-hand', false],
  ['{user}/{description}', 'me/by-hand', false],
])('template %s on pj-1: %s is a branch of its polecat: %s', (template, branch, fits) => {
  expect(fitsTemplate(template, branch, 'pj-1')).toBe(fits);
});

test('a file of names has comments, blank lines and doubles left out', () => {
  expect(parseNames('# birds\nrobin\n\n wren # small\nrobin\n')).toEqual(['robin', 'wren']);
});

test('however workers come and go, no name is in use twice and no number is given out again', () => {
  const step = fc.oneof(fc.constant('hire' as const), fc.nat(30));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const alive: string[] = [];
      const ever: string[] = [];
      for (const each of steps) {
        if (each === 'hire') {
          const next = free(alive, ever);
          expect(alive).not.toContain(next);
          if (/^\d+$/.test(next)) expect(ever).not.toContain(next);
          // A name of the theme is given out before any number.
          if (/^\d+$/.test(next)) expect(pool.names.every((word) => alive.includes(word))).toBe(true);
          alive.push(next);
          ever.push(next);
        } else if (alive.length > 0) alive.splice(each % alive.length, 1);
      }
    }),
  );
});
