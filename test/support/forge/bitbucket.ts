import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { ForgeWorld } from './world.ts';
import type { StoredPullRequest } from './world.ts';

/** The part of Bitbucket's REST API 2.0 that pull requests need, on loopback, over a ForgeWorld. */
export async function serveBitbucket(world: ForgeWorld, token: string) {
  const server = createServer((request, response) => {
    void answer(world, token, request).then(({ code, body }) => {
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return { url: `http://127.0.0.1:${port}/2.0`, close: () => server.close() };
}

interface Answer {
  readonly code: number;
  readonly body: unknown;
}

async function answer(world: ForgeWorld, token: string, request: IncomingMessage): Promise<Answer> {
  if (request.headers.authorization !== `Bearer ${token}`)
    return { code: 401, body: { error: 'unauthorized' } };
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [, rest = ''] = /^\/2\.0\/repositories\/acme\/proj\/pullrequests\/?(.*)$/.exec(url.pathname) ?? [];
  const [number = '', what = ''] = rest.split('/');
  try {
    const body = request.method === 'POST' ? (JSON.parse(await textOf(request)) as NewBody) : undefined;
    if (number === '')
      return body === undefined ? search(world, url) : { code: 201, body: row(create(world, body)) };
    const pull = world.get(Number(number));
    if (pull === undefined) return { code: 404, body: { error: 'no such pull request' } };
    if (what === 'statuses') return { code: 200, body: { values: pull.checks.map(statusOf) } };
    if (what === 'comments') return { code: 200, body: { values: pull.remarks.map(commentOf) } };
    if (what === 'merge') world.merge(pull.number, body?.message ?? '');
    return { code: 200, body: row(world.get(pull.number) ?? pull) };
  } catch (error) {
    return { code: 400, body: { error: String(error) } };
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString();
}

interface NewBody {
  readonly title?: string;
  readonly message?: string;
  readonly description?: string;
  readonly source?: { readonly branch: { readonly name: string } };
  readonly destination?: { readonly branch: { readonly name: string } };
}

function create(
  world: ForgeWorld,
  { title = '', description = '', source, destination }: NewBody,
): StoredPullRequest {
  const [branch = '', base = ''] = [source?.branch.name, destination?.branch.name];
  return world.create({ branch, base, title, body: description });
}

function search(world: ForgeWorld, url: URL): Answer {
  const query = url.searchParams.get('q') ?? '';
  const named = (side: string): string | undefined =>
    new RegExp(`${side}\\.branch\\.name = "([^"]*)"`).exec(query)?.[1];
  const states = [...query.matchAll(/state = "(\w+)"/g)].map(([, state]) => state);
  const found = world
    .all()
    .filter(({ base }) => base === named('destination'))
    .filter(({ branch }) => named('source') === undefined || branch === named('source'))
    .filter((pull) => states.includes(stateOf(pull)))
    .toReversed();
  return { code: 200, body: { values: found.map(row) } };
}

function stateOf({ state }: StoredPullRequest): string {
  return state === 'CLOSED' ? 'DECLINED' : state;
}

/** Ids are twelve letters long there. */
function row(pull: StoredPullRequest): unknown {
  const people = {
    APPROVED: { approved: true },
    CHANGES_REQUESTED: { approved: false, state: 'changes_requested' },
  };
  const person =
    pull.review === 'REVIEW_REQUIRED'
      ? { approved: false }
      : pull.review === ''
        ? undefined
        : people[pull.review];
  return {
    id: pull.number,
    state: stateOf(pull),
    links: { html: { href: `https://bitbucket.org/acme/proj/pull-requests/${pull.number}` } },
    source: { branch: { name: pull.branch }, commit: { hash: pull.head.slice(0, 12) } },
    destination: { branch: { name: pull.base } },
    merge_commit: pull.mergeCommit === '' ? null : { hash: pull.mergeCommit.slice(0, 12) },
    participants: person === undefined ? [] : [{ role: 'REVIEWER', ...person }],
  };
}

function statusOf({ name, state }: StoredPullRequest['checks'][number]): unknown {
  const words = { SUCCESS: 'SUCCESSFUL', FAILURE: 'FAILED', PENDING: 'INPROGRESS' };
  return { name, state: words[state], url: `https://ci.test/${name}` };
}

function commentOf({ author, path, text }: StoredPullRequest['remarks'][number]): unknown {
  return {
    content: { raw: text },
    user: { display_name: author },
    ...(path === undefined ? {} : { inline: { path } }),
  };
}
