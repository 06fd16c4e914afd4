import { assert, bigInt, integer, nat, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentHash } from '../../../src/beads/write/content-hash.ts';
import {
  candidateIds,
  childNumber,
  hashId,
  hashLength,
  hierarchyDepth,
} from '../../../src/beads/words/ids.ts';

const SEED = {
  title: 'Fix login',
  description: 'Details',
  actor: 'jane',
  createdNs: 1_700_000_000_000_000_000n,
};

describe('bead ids', () => {
  test.each([
    [3, 'cvz'],
    [4, 'jnib'],
    [5, '3r6cz'],
    [6, 'i3r6cz'],
    [7, 'kqp98fw'],
    [8, '3kqp98fw'],
  ])('the hash of the known bead with %i characters is %s, as real bd makes it', (length, hash) => {
    expect(hashId(SEED, 0, length)).toBe(hash);
  });

  test.each([
    [0, 3],
    [163, 3],
    [164, 4],
    [983, 4],
    [984, 5],
    [5898, 5],
    [5899, 6],
    [1e9, 8],
  ])('among %i ids the hash has %i characters', (count, length) => {
    expect(hashLength(count)).toBe(length);
  });

  test('every hash has its length and only base-36 digits, and nonces give other candidates', () => {
    assert(
      property(
        string(),
        string(),
        bigInt(0n, 2n ** 62n),
        integer({ min: 3, max: 8 }),
        (title, actor, createdNs, length) => {
          const ids = candidateIds('gt-', { title, description: '', actor, createdNs }, length);
          expect(ids).toHaveLength(10);
          for (const id of ids) expect(id).toMatch(new RegExp(`^gt-[0-9a-z]{${length}}$`));
          expect(new Set(ids).size).toBeGreaterThan(1);
        },
      ),
    );
  });

  test('only direct children of a bead have a child number', () => {
    expect(childNumber('gt-a', 'gt-a.12')).toBe(12);
    for (const id of ['gt-a', 'gt-a.1.2', 'gt-a.x', 'gt-ab.1', 'gt-a.']) {
      expect(childNumber('gt-a', id), id).toBeUndefined();
    }
    assert(
      property(nat(1e9 - 1), (n) => {
        expect(childNumber('gt-a.1', `gt-a.1.${n}`)).toBe(n);
      }),
    );
  });

  test('depth counts the dots', () => {
    expect(['gt-a', 'gt-a.1', 'gt-a.1.2.3'].map(hierarchyDepth)).toEqual([0, 1, 3]);
  });
});

describe('content hash', () => {
  test.each([
    [
      { title: 'Fix login', description: 'Details', owner: 'jane@example.com', created_by: 'jane' },
      '0feee3db4162dc94c6b651846e40f8c42dc425e8b31c34eae6fcdce3fd1319fd',
    ],
    // A row that real bd wrote.
    [
      { title: 'Recorded create', owner: 't@e.x', created_by: 'alice' },
      '4b002c2833b2355602ae4054b366500d226a5892075a49ff9afeb2be9675c8fe',
    ],
  ])('of %j is what real bd stores', (row, hash) => {
    expect(contentHash({ status: 'open', priority: 2, issue_type: 'task', ...row }, '')).toBe(hash);
  });

  test('every part of the content changes it', () => {
    const row = { title: 't', status: 'open', priority: 2, issue_type: 'task' };
    const hashes = [
      contentHash(row, ''),
      contentHash(row, '{}'),
      contentHash({ ...row, title: 'u' }, ''),
      contentHash({ ...row, pinned: 1 }, ''),
      contentHash({ ...row, is_template: 1 }, ''),
      contentHash({ ...row, assignee: 'a' }, ''),
      contentHash({ ...row, timeout_ns: 5 }, ''),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
