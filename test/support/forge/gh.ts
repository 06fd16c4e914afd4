/**
 * Stands in for GitHub's program: `gh pr list|view|create|merge` and `gh api …/reviews|comments` on a ForgeWorld.
 * FAKE_GH_WORLD names its repository, FAKE_GH_FAIL is what to say instead of answering.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ForgeWorld } from './world.ts';
import type { StoredPullRequest } from './world.ts';

const world = new ForgeWorld(process.env['FAKE_GH_WORLD'] ?? '');
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    repo: { type: 'string' },
    head: { type: 'string' },
    base: { type: 'string' },
    state: { type: 'string' },
    limit: { type: 'string' },
    json: { type: 'string' },
    title: { type: 'string' },
    subject: { type: 'string' },
    'body-file': { type: 'string' },
    'match-head-commit': { type: 'string' },
    hostname: { type: 'string' },
    squash: { type: 'boolean' },
    rebase: { type: 'boolean' },
    merge: { type: 'boolean' },
  },
});

function row(pull: StoredPullRequest): unknown {
  return {
    number: pull.number,
    url: `https://github.com/acme/proj/pull/${pull.number}`,
    state: pull.state,
    headRefName: pull.branch,
    headRefOid: pull.head,
    headRepositoryOwner: { login: 'acme' },
    baseRefName: pull.base,
    mergeCommit: pull.mergeCommit === '' ? null : { oid: pull.mergeCommit },
    reviewDecision: pull.review,
    statusCheckRollup: pull.checks.map(({ name, state }) =>
      state === 'PENDING'
        ? { __typename: 'CheckRun', name, status: 'IN_PROGRESS', conclusion: '' }
        : {
            __typename: 'CheckRun',
            name,
            status: 'COMPLETED',
            conclusion: state,
            detailsUrl: `https://ci.test/${name}`,
          },
    ),
  };
}

function body(): string {
  return values['body-file'] === '-' ? readFileSync(0, 'utf8') : '';
}

function list(): unknown {
  return world
    .all()
    .filter(({ state }) => values.state === 'all' || state === 'OPEN')
    .filter(({ branch }) => values.head === undefined || branch === values.head)
    .filter(({ base }) => values.base === undefined || base === values.base)
    .map(row);
}

function view(number: number): StoredPullRequest {
  const pull = world.get(number);
  if (pull === undefined) throw new Error(`Could not resolve to a PullRequest with the number of ${number}.`);
  return pull;
}

function merge(number: number): void {
  const pull = view(number);
  if (pull.head !== values['match-head-commit'])
    throw new Error('Head branch was modified. Review and try the merge again.');
  world.merge(number, `${values.subject ?? ''}\n\n${body()}`);
}

function api(path: string): unknown {
  const [, number = '', what = ''] = /pulls\/(\d+)\/(reviews|comments)/.exec(path) ?? [];
  const { remarks, review } = view(Number(number));
  return remarks
    .filter((remark) => (remark.path === undefined) === (what === 'reviews'))
    .map(({ author, path: file, text }) => ({
      user: { login: author },
      body: text,
      path: file,
      state: review,
    }));
}

try {
  const failing = process.env['FAKE_GH_FAIL'] ?? '';
  if (failing !== '') throw new Error(failing);
  const [noun = '', verb = '', number = ''] = positionals;
  if (noun === 'api') process.stdout.write(JSON.stringify(api(verb)));
  else if (verb === 'list') process.stdout.write(JSON.stringify(list()));
  else if (verb === 'view') process.stdout.write(JSON.stringify(row(view(Number(number)))));
  else if (verb === 'create') {
    const { head = '', base = '', title = '' } = values;
    const made = world.create({ branch: head, base, title, body: body() });
    process.stdout.write(`https://github.com/acme/proj/pull/${made.number}\n`);
  } else if (verb === 'merge') merge(Number(number));
  else throw new Error(`unknown command ${noun} ${verb}`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
