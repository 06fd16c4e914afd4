import * as z from 'zod/mini';
import { ExternalError, NotFoundError, UnavailableError, messageOf } from '../../core/errors.ts';
import { oneLine } from '../../core/text.ts';
import type { Checks, Forge, ForgePlace, PullRequest } from '../../ports/forge.ts';
import { parseRepository } from './repository.ts';

const API = 'https://api.bitbucket.org/2.0';
const TIMEOUT_MS = 60_000;
const METHODS = { squash: 'squash', merge: 'merge_commit', rebase: 'fast_forward' } as const;

/**
 * Bitbucket Cloud through its REST API 2.0 with BITBUCKET_TOKEN. Its merge takes no expected head, so that is
 * compared immediately before. BITBUCKET_API_URL names another address of the API.
 */
export function createBitbucket(env: Readonly<Record<string, string>>, place: ForgePlace): Forge {
  const base = parseRepository(place.baseUrl);
  const head = parseRepository(place.headUrl);
  const root = `${env['BITBUCKET_API_URL'] ?? API}/repositories/${base.owner}/${base.name}/pullrequests`;
  const call = (path: string, body?: unknown): Promise<unknown> => ask(env, `${root}${path}`, body);
  const search = async (query: string): Promise<readonly Row[]> => {
    const words = new URLSearchParams({ q: query, pagelen: '50', sort: '-id' });
    return parse(z.object({ values: z.array(rowSchema) }), await call(`?${words.toString()}`)).values;
  };
  const whole = async (row: Row): Promise<PullRequest> => {
    const statuses = parse(statusesSchema, await call(`/${row.id}/statuses?pagelen=100`)).values;
    return pullRequestOf(row, checksOf(statuses));
  };
  const view = async (number: number): Promise<PullRequest> =>
    whole(parse(rowSchema, await call(`/${number}`)));
  return {
    async list(target) {
      const rows = await search(`destination.branch.name = ${quoted(target)} AND state = "OPEN"`);
      // A page of a search leaves out who approved.
      return Promise.all(rows.map(({ id }) => view(id)));
    },
    async find(branch, target) {
      const names = `source.branch.name = ${quoted(branch)} AND destination.branch.name = ${quoted(target)}`;
      const states = ['OPEN', 'MERGED', 'DECLINED', 'SUPERSEDED']
        .map((state) => `state = "${state}"`)
        .join(' OR ');
      const [row] = await search(`${names} AND (${states})`);
      return row === undefined ? undefined : view(row.id);
    },
    view,
    async create({ branch, base: target, title, body }) {
      const source = { branch: { name: branch }, repository: { full_name: `${head.owner}/${head.name}` } };
      const destination = { branch: { name: target } };
      return whole(parse(rowSchema, await call('', { title, description: body, source, destination })));
    },
    async merge(number, { head: expected, method, title, body }) {
      const now = await view(number);
      if (now.head === '' || !expected.startsWith(now.head))
        return { accepted: false, why: 'its head has moved' };
      const message = `${title}\n\n${body}`;
      try {
        await call(`/${number}/merge`, { merge_strategy: METHODS[method], message });
        return { accepted: true, why: '' };
      } catch (error) {
        if (error instanceof ExternalError) return { accepted: false, why: messageOf(error) };
        throw error;
      }
    },
    async remarks(number) {
      const { values } = parse(commentsSchema, await call(`/${number}/comments?pagelen=100`));
      return values
        .filter(({ deleted }) => deleted !== true)
        .map(({ user, inline, content }) => ({
          author: user?.display_name ?? '',
          path: inline?.path,
          text: content.raw,
        }))
        .slice(-20);
    },
  };
}

const rowSchema = z.object({
  id: z.int(),
  state: z.string(),
  links: z.object({ html: z.object({ href: z.string() }) }),
  source: z.object({
    branch: z.object({ name: z.string() }),
    commit: z.nullable(z.object({ hash: z.string() })),
  }),
  merge_commit: z.optional(z.nullable(z.object({ hash: z.string() }))),
  participants: z.optional(
    z.array(z.object({ role: z.string(), approved: z.boolean(), state: z.optional(z.nullable(z.string())) })),
  ),
});
const statusesSchema = z.object({
  values: z.array(z.object({ state: z.string(), name: z.optional(z.string()), url: z.optional(z.string()) })),
});
const commentsSchema = z.object({
  values: z.array(
    z.object({
      content: z.object({ raw: z.string() }),
      user: z.optional(z.nullable(z.object({ display_name: z.string() }))),
      inline: z.optional(z.nullable(z.object({ path: z.string() }))),
      deleted: z.optional(z.boolean()),
    }),
  ),
});

type Row = z.infer<typeof rowSchema>;

function pullRequestOf(row: Row, checks: Checks): PullRequest {
  return {
    number: row.id,
    url: row.links.html.href,
    state: row.state === 'OPEN' ? 'open' : row.state === 'MERGED' ? 'merged' : 'closed',
    branch: row.source.branch.name,
    head: row.source.commit?.hash ?? '',
    mergeCommit: row.merge_commit?.hash,
    review: reviewOf(row.participants ?? []),
    checks,
  };
}

/** One who wants changes outweighs those who approve; a reviewer who has not spoken is waited for. */
function reviewOf(participants: NonNullable<Row['participants']>): PullRequest['review'] {
  if (participants.some(({ state }) => state === 'changes_requested')) return 'changes';
  const reviewers = participants.filter(({ role }) => role === 'REVIEWER');
  if (reviewers.some(({ approved }) => approved)) return 'approved';
  return reviewers.length > 0 ? 'required' : 'none';
}

function checksOf(statuses: z.infer<typeof statusesSchema>['values']): Checks {
  const failing = statuses.filter(({ state }) => state === 'FAILED' || state === 'STOPPED');
  const pending = statuses.some(({ state }) => state === 'INPROGRESS');
  const state =
    statuses.length === 0 ? 'none' : failing.length > 0 ? 'failing' : pending ? 'pending' : 'passing';
  return { state, failing: failing.map(({ name = 'check', url = '' }) => `${name} ${url}`.trim()) };
}

/** A text of their query language. */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

async function ask(env: Readonly<Record<string, string>>, url: string, body: unknown): Promise<unknown> {
  const token = env['BITBUCKET_TOKEN'] ?? '';
  if (token === '') {
    throw new NotFoundError({
      code: 'forge.no-tool',
      message: 'BITBUCKET_TOKEN is not set',
      hint: 'Set it in the environment of gt up, or under env in mayor/daemon.json as "$BITBUCKET_TOKEN"',
    });
  }
  const response = await request(url, token, body);
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as unknown;
  const message = `Bitbucket answered ${response.status}: ${oneLine(text, 200)}`;
  throw response.status >= 500 || response.status === 429
    ? new UnavailableError({ code: 'forge.unreachable', message })
    : new ExternalError({ code: 'forge.failed', message, hint: 'Check BITBUCKET_TOKEN and the rig’s URL' });
}

async function request(url: string, token: string, body: unknown): Promise<Response> {
  const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  try {
    return await fetch(url, {
      ...post,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new UnavailableError({
      code: 'forge.unreachable',
      message: `Bitbucket does not answer: ${messageOf(error)}`,
      cause: error,
    });
  }
}

function parse<T extends z.ZodMiniType>(schema: T, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ExternalError({
    code: 'forge.failed',
    message: 'Bitbucket answered with something that cannot be read',
    cause: parsed.error,
  });
}
