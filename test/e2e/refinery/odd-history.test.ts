import { execFileSync } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import { parseSha, type Sha } from '../../../src/core/names.ts';
import { auditQueue } from '../../scenario/refinery/audit.ts';
import type { Submitted } from '../../scenario/refinery/merge-town.ts';
import { oddHistory } from '../../support/odd-history.ts';
import { makeRealTown, type RealTown } from './real-machine.ts';

let town: RealTown;
afterEach(() => town.close());

it('P8: 5,000 odd commits on thirty branches land byte for byte as git merge would have made it of them', async () => {
  town = await makeRealTown();
  await town.set({ test_command: 'true', batch: { max_batch_size: 32 } });
  const history = oddHistory({ branches: 30, length: 140 });
  expect(history.commits).toBeGreaterThan(5000);
  const importing = ['-C', town.origin.url, 'fast-import', '--quiet', '--done', '--force'];
  execFileSync('git', importing, { input: history.script });
  const base = (await town.origin.head('main'))!;
  const all = await submitAll(history.branches);
  const reports = await town.settle();
  expect(reports.flatMap(({ waiting, warnings }) => [...waiting, ...warnings])).toEqual([]);
  expect(await auditQueue(town, all)).toEqual([]);
  const landed = reports.flatMap((report) => report.landed);
  expect(landed).toHaveLength(30);
  const heads = landed.map(({ mr }) => all.find((work) => work.mr === mr)!.head);
  expect(landed.map(({ commit }) => treeOf(commit))).toEqual(mergedByGit(base, heads));
});

async function submitAll(branches: readonly string[]): Promise<readonly Submitted[]> {
  const all: Submitted[] = [];
  for (const branch of branches) {
    const head = (await town.origin.head(branch))!;
    all.push(await town.enqueue(branch.split('/')[1] ?? '', { branch, head }));
  }
  return all;
}

/** The tree after each merge, in a worktree, by what a person would type. */
function mergedByGit(base: Sha, heads: readonly Sha[]): readonly Sha[] {
  const { bare } = town.rig.paths;
  const tree = `${town.home}/by-hand`;
  execFileSync('git', ['clone', '--quiet', '--no-checkout', bare, tree]);
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', tree, '-c', 'user.name=x', '-c', 'user.email=x@example.test', ...args], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  git('fetch', '--quiet', bare, ...heads, base);
  git('checkout', '--quiet', '--detach', base);
  return heads.map((head) => {
    git('-c', 'merge.directoryRenames=false', 'merge', '--quiet', '--squash', head);
    git('commit', '--quiet', '--allow-empty', '--message', 'by hand');
    return parseSha(git('rev-parse', 'HEAD^{tree}'));
  });
}

function treeOf(commit: Sha): Sha {
  return parseSha(
    execFileSync('git', ['-C', town.rig.paths.bare, 'rev-parse', `${commit}^{tree}`], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim(),
  );
}
