import { UnavailableError } from '../../src/core/errors.ts';
import type { Sha } from '../../src/core/names.ts';
import type { Forge, NewPullRequest, PullRequest, PullRequestMerge, Remark } from '../../src/ports/forge.ts';

/** The repository behind a forge. */
export interface ForgeRepo {
  head(branch: string): Sha | undefined;
  /** Puts the changes of `branch` onto `base` as one commit with this message, and returns it. */
  merge(branch: string, base: string, message: string): Sha;
}

export interface FakeForge extends Forge {
  readonly created: readonly NewPullRequest[];
  readonly merges: readonly PullRequestMerge[];
  /** What people and machines there say about the pull request of a branch. */
  review(branch: string, review: PullRequest['review'], ...remarks: readonly Remark[]): void;
  checks(branch: string, checks: PullRequest['checks']): void;
  /** Somebody merges or closes it there by hand. */
  mergeByHand(branch: string): void;
  close(branch: string): void;
  /** How merges that follow are answered; default: made and said so. */
  onMerge(trick: 'refuse' | 'make and deny' | 'accept only' | undefined): void;
  goOffline(): void;
  goOnline(): void;
}

interface Record {
  readonly spec: NewPullRequest;
  number: number;
  state: PullRequest['state'];
  mergeCommit: Sha | undefined;
  head: Sha | undefined;
  review: PullRequest['review'];
  checks: PullRequest['checks'];
  remarks: readonly Remark[];
}

/** A forge in memory; its pull requests follow the heads of their branches while they are open. */
export function createFakeForge(repo: ForgeRepo): FakeForge {
  const all: Record[] = [];
  const created: NewPullRequest[] = [];
  const merges: PullRequestMerge[] = [];
  let offline = false;
  let trick: Parameters<FakeForge['onMerge']>[0];

  const view = (record: Record): PullRequest => ({
    number: record.number,
    url: `https://forge.test/pull/${record.number}`,
    state: record.state,
    branch: record.spec.branch,
    head: (record.state === 'open' ? repo.head(record.spec.branch) : record.head) ?? record.head ?? '',
    mergeCommit: record.mergeCommit,
    review: record.review,
    checks: record.checks,
  });
  const ofBranch = (branch: string): Record => {
    const found = all.findLast(({ spec }) => spec.branch === branch);
    if (found === undefined) throw new Error(`no pull request of ${branch}`);
    return found;
  };
  const numbered = (number: number): Record => {
    const found = all.find((record) => record.number === number);
    if (found === undefined) throw new Error(`no pull request ${number}`);
    return found;
  };
  const ask = async <T>(answer: () => T): Promise<T> => {
    if (!offline) return answer();
    throw new UnavailableError({ code: 'forge.unreachable', message: 'the forge does not answer' });
  };
  const makeMerge = (record: Record, message: string): void => {
    record.head = repo.head(record.spec.branch);
    record.mergeCommit = repo.merge(record.spec.branch, record.spec.base, message);
    record.state = 'merged';
  };

  return {
    created,
    merges,
    list: (base) =>
      ask(() => all.filter(({ spec, state }) => spec.base === base && state === 'open').map(view)),
    find: (branch, base) =>
      ask(() => {
        const found = all.findLast(({ spec }) => spec.branch === branch && spec.base === base);
        return found === undefined ? undefined : view(found);
      }),
    view: (number) => ask(() => view(numbered(number))),
    create: (spec) =>
      ask(() => {
        const open = all.find((record) => record.state === 'open' && record.spec.branch === spec.branch);
        if (open !== undefined) throw new Error(`there is a pull request of ${spec.branch} already`);
        created.push(spec);
        const record: Record = {
          spec,
          number: all.length + 1,
          state: 'open',
          mergeCommit: undefined,
          head: repo.head(spec.branch),
          review: 'none',
          checks: { state: 'none', failing: [] },
          remarks: [],
        };
        all.push(record);
        return view(record);
      }),
    merge: (number, spec) =>
      ask(() => {
        merges.push(spec);
        const record = numbered(number);
        if (view(record).head !== spec.head) return { accepted: false, why: 'head moved' };
        if (trick === 'refuse') return { accepted: false, why: 'not mergeable' };
        if (trick !== 'accept only') makeMerge(record, `${spec.title}\n\n${spec.body}`);
        return trick === 'make and deny' ? { accepted: false, why: 'timeout' } : { accepted: true, why: '' };
      }),
    remarks: (number) => ask(() => numbered(number).remarks),
    review: (branch, review, ...remarks) => {
      Object.assign(ofBranch(branch), { review, remarks });
    },
    checks: (branch, checks) => {
      ofBranch(branch).checks = checks;
    },
    mergeByHand: (branch) => makeMerge(ofBranch(branch), `Merge pull request of ${branch}`),
    close: (branch) => {
      const record = ofBranch(branch);
      record.head = repo.head(branch);
      record.state = 'closed';
    },
    onMerge: (next) => void (trick = next),
    goOffline: () => void (offline = true),
    goOnline: () => void (offline = false),
  };
}
