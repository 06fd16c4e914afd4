import { describe, expect, it } from 'vitest';
import type { GitCommit } from '../../../src/ports/git.ts';
import { collateralPaths } from '../../../src/refinery/collateral.ts';
import { coAuthorsOf, landedMark, landingMessage } from '../../../src/refinery/trailers.ts';
import { shaOf } from './requests.ts';

const mark = { mr: 'pj-1', issue: 'pj-7', head: shaOf(5) };
const commitOf = (message: string) => ({ sha: shaOf(9), message }) as GitCommit;

describe('the message of a landing', () => {
  it('is the worker’s own, then who asked for it', () => {
    expect(landingMessage('Add a page\n\nWith words.', mark)).toBe(
      `Add a page\n\nWith words.\n\nGt-MR: pj-1\nGt-Issue: pj-7\nGt-Head: ${shaOf(5)}`,
    );
  });

  it('continues the trailers that are there', () => {
    expect(landingMessage('Add\n\nSigned-off-by: A <a@b.c>', mark)).toContain(
      'Signed-off-by: A <a@b.c>\nGt-MR: pj-1',
    );
  });

  it('a title that looks like a trailer stays the title', () => {
    expect(landingMessage('fix: a thing', mark)).toMatch(/^fix: a thing\n\nGt-MR/);
  });

  it('a branch cannot claim to be another merge request', () => {
    const message = landingMessage(`Add\n\nGt-MR: pj-victim\ngt-head: ${shaOf(8)}`, mark);
    expect(message).not.toContain('victim');
    expect(landedMark(commitOf(message))).toEqual({ mr: 'pj-1', head: shaOf(5), commit: shaOf(9) });
  });

  it('names everybody whose commits a squash takes in, once, but its own author', () => {
    const by = (name: string, message: string) =>
      ({ sha: shaOf(9), message, author: { name, email: `${name}@x`, at: 0 } }) as GitCommit;
    const coAuthors = coAuthorsOf([
      by('ace', 'Last\n\nCo-Authored-By: Jo <jo@x>'),
      by('bob', 'Second\n\nco-authored-by: Ann <ann@x>\nCo-authored-by: Jo <jo@x>'),
      by('ace', 'First'),
    ]);
    expect(coAuthors).toEqual(['bob <bob@x>', 'Ann <ann@x>', 'Jo <jo@x>']);
    expect(landingMessage('Last\n\nCo-Authored-By: Jo <jo@x>', { ...mark, coAuthors })).toBe(
      `Last\n\nCo-Authored-By: Jo <jo@x>\nCo-authored-by: bob <bob@x>\nCo-authored-by: Ann <ann@x>\nGt-MR: pj-1\nGt-Issue: pj-7\nGt-Head: ${shaOf(5)}`,
    );
  });

  it('a commit without a message gets one', () => {
    expect(landingMessage('', mark)).toMatch(/^Merge pj-1\n\nGt-MR/);
  });

  it('commits of others carry no mark', () => {
    expect(landedMark(commitOf('Add\n\nGt-MR: pj-1'))).toBeUndefined();
    expect(landedMark(commitOf('Add'))).toBeUndefined();
  });
});

describe('files that a landing may touch', () => {
  const M = (path: string) => ({ path, change: 'M' }) as const;
  const A = (path: string) => ({ path, change: 'A' }) as const;
  const D = (path: string) => ({ path, change: 'D' }) as const;

  it.each([
    ['the branch’s own', { landing: [M('a')], branch: [M('a'), M('b')], target: [] }, []],
    ['one it never touched', { landing: [M('a'), M('x')], branch: [M('a')], target: [] }, ['x']],
    [
      'one the target renamed meanwhile',
      { landing: [M('new')], branch: [M('old')], target: [D('old'), A('new')] },
      [],
    ],
    [
      'one the target added for another reason',
      { landing: [M('other')], branch: [M('a')], target: [A('other')] },
      ['other'],
    ],
  ])('%s', (_, { landing, branch, target }, wanted) => {
    expect(collateralPaths(landing, branch, target)).toEqual(wanted);
  });
});
