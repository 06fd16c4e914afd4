import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** A pull request as the stand-ins of both forges keep it, in a JSON file beside the repository. */
export interface StoredPullRequest {
  readonly number: number;
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  state: 'OPEN' | 'MERGED' | 'CLOSED';
  head: string;
  mergeCommit: string;
  review: 'APPROVED' | 'CHANGES_REQUESTED' | 'REVIEW_REQUIRED' | '';
  checks: { readonly name: string; readonly state: 'SUCCESS' | 'FAILURE' | 'PENDING' }[];
  remarks: { readonly author: string; readonly path?: string; readonly text: string }[];
}

/** A bare repository with pull requests, which the stand-ins serve. */
export class ForgeWorld {
  readonly repository: string;
  readonly file: string;

  constructor(repository: string) {
    this.repository = repository;
    this.file = `${repository}.pulls.json`;
  }

  /** With the heads of open ones as the repository has them now. */
  all(): StoredPullRequest[] {
    const stored = existsSync(this.file)
      ? (JSON.parse(readFileSync(this.file, 'utf8')) as StoredPullRequest[])
      : [];
    for (const pull of stored) if (pull.state === 'OPEN') pull.head = this.head(pull.branch) ?? pull.head;
    return stored;
  }

  get(number: number): StoredPullRequest | undefined {
    return this.all().find((pull) => pull.number === number);
  }

  create(spec: Pick<StoredPullRequest, 'branch' | 'base' | 'title' | 'body'>): StoredPullRequest {
    const all = this.all();
    const head = this.head(spec.branch);
    if (head === undefined) throw new Error(`no branch ${spec.branch}`);
    if (all.some(({ branch, state }) => state === 'OPEN' && branch === spec.branch)) {
      throw new Error(`a pull request for branch "${spec.branch}" already exists`);
    }
    const pull: StoredPullRequest = {
      ...spec,
      number: all.length + 1,
      state: 'OPEN',
      head,
      mergeCommit: '',
      review: '',
      checks: [],
      remarks: [],
    };
    this.save([...all, pull]);
    return pull;
  }

  change(number: number, change: (pull: StoredPullRequest) => void): void {
    const all = this.all();
    const pull = all.find((each) => each.number === number);
    if (pull === undefined) throw new Error(`no pull request ${number}`);
    change(pull);
    this.save(all);
  }

  /** Squash onto the base, by the very plumbing a forge uses. */
  merge(number: number, message: string): void {
    this.change(number, (pull) => {
      const base = this.git('rev-parse', `refs/heads/${pull.base}`);
      const tree = this.git('merge-tree', '--write-tree', base, pull.head).split('\n')[0] ?? '';
      pull.mergeCommit = this.git('commit-tree', tree, '-p', base, '-m', message);
      this.git('update-ref', `refs/heads/${pull.base}`, pull.mergeCommit, base);
      pull.state = 'MERGED';
    });
  }

  private head(branch: string): string | undefined {
    try {
      return this.git('rev-parse', '--verify', '-q', `refs/heads/${branch}`);
    } catch {
      return undefined;
    }
  }

  private save(all: readonly StoredPullRequest[]): void {
    writeFileSync(this.file, JSON.stringify(all));
  }

  private git(...words: readonly string[]): string {
    const name = ['-c', 'user.name=Forge', '-c', 'user.email=forge@example.com'];
    return execFileSync('git', ['-C', this.repository, ...name, ...words], { encoding: 'utf8' }).trim();
  }
}
