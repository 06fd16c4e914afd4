import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseSha, type Sha } from '../../src/core/names.ts';
import type { MergeOutcome } from '../../src/ports/git.ts';
import { createFakeGit } from '../fakes/git.ts';
import { GIT_ENV, realGitWorld, sh } from '../support/git-worlds.ts';
import { tempDirs } from '../support/temp-dir.ts';

const tempDir = tempDirs();
const CASES = 250;

/** Content of a few files; absent = no such file. */
type Files = Readonly<Record<string, readonly string[]>>;

/** One change of a file: a run of lines is replaced by new ones (none: deleted; an empty run: inserted). */
interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: readonly string[];
}

const BASE: Files = {
  a: Array.from({ length: 8 }, (_, n) => `a${n}`),
  'dir/b': Array.from({ length: 4 }, (_, n) => `b${n}`),
};

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(8),
  remove: fc.nat(2),
  // Few words, so that both sides often write the same.
  insert: fc.array(fc.constantFrom('new', 'other'), { maxLength: 2 }),
});
const side = fc.record({
  a: fc.oneof(
    { weight: 8, arbitrary: fc.array(edit, { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
  b: fc.oneof(
    { weight: 4, arbitrary: fc.array(edit, { maxLength: 1 }) },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
  added: fc.option(fc.array(fc.constantFrom('x', 'y'), { minLength: 1, maxLength: 2 })),
});

function apply(lines: readonly string[], edits: readonly Edit[]): readonly string[] {
  return edits.reduce<readonly string[]>(
    (now, { at, remove, insert }) => now.toSpliced(Math.min(at, now.length), remove, ...insert),
    lines,
  );
}

function filesOf(changes: {
  a: readonly Edit[] | null;
  b: readonly Edit[] | null;
  added: readonly string[] | null;
}): Files {
  return {
    ...(changes.a === null ? {} : { a: apply(BASE['a'] ?? [], changes.a) }),
    ...(changes.b === null ? {} : { 'dir/b': apply(BASE['dir/b'] ?? [], changes.b) }),
    ...(changes.added === null ? {} : { new: changes.added }),
  };
}

it('merges in memory end as merges by git do: the same tree, or a conflict in the same files', async () => {
  const pairs = fc
    .sample(fc.tuple(side, side), { numRuns: CASES, seed: 20260101 })
    .map((pair) => pair.map(filesOf));
  const real = await mergeAll(pairs, realRepository);
  const fake = await mergeAll(pairs, fakeRepository);
  const kinds = new Set(real.map((outcome) => outcome.merged));
  expect(kinds).toEqual(new Set([true, false]));
  expect([real.length, fake.length]).toEqual([CASES, CASES]);
  for (const [at, outcome] of real.entries())
    expect({ case: pairs[at], outcome: fake[at] }).toEqual({ case: pairs[at], outcome });
});

type Repository = (pairs: readonly (readonly Files[])[]) => Promise<{
  readonly merge: (ours: Sha, theirs: Sha) => Promise<MergeOutcome>;
  readonly sides: readonly (readonly Sha[])[];
}>;

async function mergeAll(
  pairs: readonly (readonly Files[])[],
  open: Repository,
): Promise<readonly MergeOutcome[]> {
  const { merge, sides } = await open(pairs);
  const outcomes: MergeOutcome[] = [];
  for (const [ours, theirs] of sides) {
    if (ours !== undefined && theirs !== undefined) outcomes.push(await merge(ours, theirs));
  }
  return outcomes;
}

const realRepository: Repository = async (pairs) => {
  const dir = tempDir();
  sh(dir, 'init', '--quiet', '--bare', 'repo.git');
  const repo = `${dir}/repo.git`;
  // One process makes all commits.
  const marks = pairs.flatMap((pair, at) => pair.map((_, index) => `refs/heads/${at}-${index}`));
  const stream = [
    commitStream('refs/heads/base', BASE, undefined),
    ...pairs.flatMap((pair, at) =>
      pair.map((files, index) => commitStream(`refs/heads/${at}-${index}`, files, 'refs/heads/base')),
    ),
  ];
  execFileSync('git', ['-C', repo, 'fast-import', '--quiet'], {
    input: stream.join(''),
    env: { PATH: GIT_ENV['PATH'] },
  });
  const ids = sh(repo, 'for-each-ref', '--format=%(refname) %(objectname)')
    .split('\n')
    .map((line) => line.split(' '));
  const idOf = new Map(ids.map(([ref = '', sha = '']) => [ref, parseSha(sha)]));
  const tips = marks.flatMap((ref) => idOf.get(ref) ?? []);
  const { git } = realGitWorld(dir);
  return {
    merge: (ours, theirs) => git.objects.mergeTree(repo, ours, theirs),
    sides: pairs.map((_, at) => tips.slice(at * 2, at * 2 + 2)),
  };
};

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function commitStream(ref: string, files: Files, from: string | undefined): string {
  const head = [
    `commit ${ref}`,
    'committer t <t@t> 1700000000 +0000',
    'data 0',
    ...(from === undefined ? [] : [`from ${from}`]),
    'deleteall',
  ];
  const bodies = Object.entries(files).map(([path, lines]) => {
    const text = textOf(lines);
    return `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
  });
  return `${head.join('\n')}\n${bodies.join('')}\n`;
}

const fakeRepository: Repository = async (pairs) => {
  const git = createFakeGit();
  const base = Object.fromEntries(Object.entries(BASE).map(([path, lines]) => [path, textOf(lines)]));
  const remote = git.createRemote('/r/origin.git', { files: base });
  const first = remote.head('main');
  const sides = pairs.map((pair, at) =>
    pair.map((files, index) => {
      remote.setBranch(`${at}-${index}`, first);
      const gone = Object.keys(BASE).filter((path) => !(path in files));
      const changes = Object.entries(files).map(([path, lines]) => [path, textOf(lines)] as const);
      return remote.commit(
        `${at}-${index}`,
        Object.fromEntries([...gone.map((path) => [path, null] as const), ...changes]),
      );
    }),
  );
  return { merge: (ours, theirs) => git.objects.mergeTree('/r/origin.git', ours, theirs), sides };
};
