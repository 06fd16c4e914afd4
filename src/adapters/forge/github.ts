import * as z from 'zod/mini';
import { ExternalError, NotFoundError, UnavailableError } from '../../core/errors.ts';
import { lastLines } from '../../core/text.ts';
import type { Checks, Forge, ForgePlace, NewPullRequest, PullRequest, Remark } from '../../ports/forge.ts';
import type { Processes, RunResult } from '../../ports/processes.ts';
import { parseRepository, type ForgeRepository } from './repository.ts';

const TIMEOUT_MS = 60_000;
const FIELDS =
  'number,url,state,headRefName,headRefOid,headRepositoryOwner,mergeCommit,reviewDecision,statusCheckRollup';

export interface GitHubDeps {
  readonly processes: Processes;
  readonly env: Readonly<Record<string, string>>;
}

/** GitHub through its own program `gh`, which keeps the login. Texts go by argument or standard input, never a shell. */
export function createGitHub(deps: GitHubDeps, place: ForgePlace): Forge {
  const base = parseRepository(place.baseUrl);
  const owner = parseRepository(place.headUrl).owner;
  const repo = [
    '--repo',
    base.host === 'github.com' ? `${base.owner}/${base.name}` : `${base.host}/${base.owner}/${base.name}`,
  ];
  const gh = (words: readonly string[], input?: string): Promise<string> => answer(deps, words, input);
  const listed = async (words: readonly string[]): Promise<readonly PullRequest[]> => {
    const rows = parse(z.array(rowSchema), await gh(['pr', 'list', ...repo, ...words, '--json', FIELDS]));
    return rows.filter((row) => (row.headRepositoryOwner?.login ?? owner) === owner).map(pullRequestOf);
  };
  const find = async (branch: string, target: string): Promise<PullRequest | undefined> => {
    const found = await listed(['--head', branch, '--base', target, '--state', 'all', '--limit', '30']);
    return found.toSorted((a, b) => b.number - a.number)[0];
  };
  return {
    list: (target) => listed(['--base', target, '--state', 'open', '--limit', '500']),
    find,
    view: async (number) =>
      pullRequestOf(parse(rowSchema, await gh(['pr', 'view', String(number), ...repo, '--json', FIELDS]))),
    async create(spec) {
      await gh(['pr', 'create', ...repo, ...headWords(base, owner, spec)], spec.body);
      const made = await find(spec.branch, spec.base);
      if (made !== undefined) return made;
      throw new ExternalError({
        code: 'forge.failed',
        message: `no pull request of ${spec.branch} can be read back`,
      });
    },
    async merge(number, { head, method, title, body }) {
      const texts = method === 'rebase' ? [] : ['--subject', title, '--body-file', '-'];
      const words = [
        'pr',
        'merge',
        String(number),
        ...repo,
        `--${method}`,
        '--match-head-commit',
        head,
        ...texts,
      ];
      const result = await run(deps, words, body);
      return {
        accepted: result.end === 'exit' && result.code === 0,
        why: lastLines(result.stderr, 1)[0] ?? '',
      };
    },
    remarks: async (number) => readRemarks(gh, base, number),
  };
}

function headWords(base: ForgeRepository, owner: string, spec: NewPullRequest): readonly string[] {
  const head = owner === base.owner ? spec.branch : `${owner}:${spec.branch}`;
  return ['--head', head, '--base', spec.base, '--title', spec.title, '--body-file', '-'];
}

const rowSchema = z.object({
  number: z.int(),
  url: z.string(),
  state: z.enum(['OPEN', 'MERGED', 'CLOSED']),
  headRefName: z.string(),
  headRefOid: z.string(),
  headRepositoryOwner: z.optional(z.nullable(z.object({ login: z.string() }))),
  mergeCommit: z.optional(z.nullable(z.object({ oid: z.string() }))),
  reviewDecision: z.optional(z.nullable(z.string())),
  statusCheckRollup: z.optional(z.nullable(z.array(z.record(z.string(), z.unknown())))),
});

type Row = z.infer<typeof rowSchema>;

function pullRequestOf(row: Row): PullRequest {
  const states = { OPEN: 'open', MERGED: 'merged', CLOSED: 'closed' } as const;
  const reviews = {
    APPROVED: 'approved',
    CHANGES_REQUESTED: 'changes',
    REVIEW_REQUIRED: 'required',
  } as const;
  const decision = Object.entries(reviews).find(([word]) => word === row.reviewDecision)?.[1];
  return {
    number: row.number,
    url: row.url,
    state: states[row.state],
    branch: row.headRefName,
    head: row.headRefOid,
    mergeCommit: row.mergeCommit?.oid,
    review: decision ?? 'none',
    checks: checksOf(row.statusCheckRollup ?? []),
  };
}

const GOOD = new Set(['SUCCESS', 'NEUTRAL', 'SKIPPED']);
const WAITING = new Set(['PENDING', 'EXPECTED', 'QUEUED', 'IN_PROGRESS', 'WAITING', 'REQUESTED', '']);

/** Check runs tell `status` and `conclusion`, commit statuses `state`. */
function checksOf(rollup: readonly Readonly<Record<string, unknown>>[]): Checks {
  const said = (value: unknown): string => (typeof value === 'string' ? value : '');
  const word = (value: unknown): string => said(value).toUpperCase();
  const states = rollup.map((check) => ({
    name: said(check['name']) || said(check['context']) || 'check',
    page: said(check['detailsUrl']) || said(check['targetUrl']),
    state: word(check['conclusion']) || word(check['state']) || word(check['status']),
  }));
  const failing = states.filter(({ state }) => !GOOD.has(state) && !WAITING.has(state));
  const state =
    states.length === 0
      ? 'none'
      : failing.length > 0
        ? 'failing'
        : states.some((check) => WAITING.has(check.state))
          ? 'pending'
          : 'passing';
  return { state, failing: failing.map(({ name, page }) => `${name} ${page}`.trim()) };
}

const reviewSchema = z.array(
  z.object({
    state: z.string(),
    body: z.nullable(z.string()),
    user: z.nullable(z.object({ login: z.string() })),
  }),
);
const commentSchema = z.array(
  z.object({
    body: z.string(),
    path: z.optional(z.string()),
    user: z.nullable(z.object({ login: z.string() })),
  }),
);

async function readRemarks(
  gh: (words: readonly string[]) => Promise<string>,
  { host, owner, name }: ForgeRepository,
  number: number,
): Promise<readonly Remark[]> {
  const api = async (path: string): Promise<string> =>
    gh(['api', '--hostname', host, `repos/${owner}/${name}/pulls/${number}/${path}?per_page=100`]);
  const reviews = parse(reviewSchema, await api('reviews'))
    .filter(({ state, body }) => state === 'CHANGES_REQUESTED' && (body ?? '') !== '')
    .map(({ user, body }) => ({ author: user?.login ?? '', path: undefined, text: body ?? '' }));
  const comments = parse(commentSchema, await api('comments')).map(({ user, path, body }) => ({
    author: user?.login ?? '',
    path,
    text: body,
  }));
  return [...reviews, ...comments].slice(-20);
}

async function answer(deps: GitHubDeps, words: readonly string[], input?: string): Promise<string> {
  const result = await run(deps, words, input);
  if (result.end === 'exit' && result.code === 0) return result.stdout;
  throw failure(words, result);
}

/** `gh` asks nobody and colours nothing. */
function run({ processes, env }: GitHubDeps, words: readonly string[], input = ''): Promise<RunResult> {
  return processes.run({
    argv: ['gh', ...words],
    env: { ...env, GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1', NO_COLOR: '1' },
    input,
    timeoutMs: TIMEOUT_MS,
  });
}

const NETWORK = /could not resolve|connect|timed? ?out|timeout|network|EOF|5\d\d\b|rate limit/i;

function failure(words: readonly string[], result: RunResult): Error {
  const what = `gh ${words.slice(0, 2).join(' ')}`;
  if (result.end === 'not-started') {
    return new NotFoundError({
      code: 'forge.no-tool',
      message: `${what}: ${result.why}`,
      hint: 'Install the GitHub program gh and log in: gh auth login',
    });
  }
  const why =
    lastLines(result.stderr, 1)[0] ?? `ended by ${result.end === 'exit' ? result.code : result.end}`;
  if (result.end !== 'exit' || NETWORK.test(why)) {
    return new UnavailableError({ code: 'forge.unreachable', message: `${what}: ${why}` });
  }
  const hint = /auth|login|token|credential/i.test(why) ? { hint: 'Log in: gh auth login' } : {};
  return new ExternalError({ code: 'forge.failed', message: `${what}: ${why}`, ...hint });
}

function parse<T extends z.ZodMiniType>(schema: T, text: string): z.infer<T> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new ExternalError({
      code: 'forge.failed',
      message: 'gh answered with something that cannot be read',
      hint: 'It may be too old: gh --version (2.30 or later)',
      cause: error,
    });
  }
}
