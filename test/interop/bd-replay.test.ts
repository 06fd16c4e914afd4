import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Clock } from '../../src/ports/clock.ts';
import { mustBd, runBd, type BdPlace } from './run-bd.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures/bd-1.0.5');
const NOW = Date.parse('2026-11-22T12:25:14Z');

/** All times are equal, as in the recording they nearly are: order then follows from the other keys. */
const clock: Clock = {
  now: () => NOW,
  monotonic: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

let place: BdPlace;

beforeAll(async () => {
  place = { cwd: mkdtempSync(join(tmpdir(), 'gt-bd-')), clock };
  await mustBd(place, ['init', '--prefix', 'fx']);
  for (const words of STATE) await mustBd(place, words);
});
afterAll(() => rmSync(place.cwd, { recursive: true, force: true }));

/** The ledger as it was before the recording began. */
const STATE: readonly (readonly string[])[] = [
  ['create', 'Epic: payment flow', '--id', 'fx-7ep', '-t', 'epic', '-p', '1', '-d', 'All of it'],
  [
    'create',
    'Parse card numbers',
    '--parent',
    'fx-7ep',
    '-p',
    '1',
    '-d',
    `Luhn & co; "quotes" and 'single' — ünïcode 漢字`,
  ],
  ['create', 'Charge the card', '--parent', 'fx-7ep', '-t', 'feature', '-p', 'P0', '-l', 'gate'],
  ['dep', 'add', 'fx-7ep.1', 'fx-7ep.2'],
  ['create', 'Fix rounding', '--id', 'fx-nek', '-t', 'bug', '-l', 'money,urgent'],
  ['update', 'fx-nek', '--claim'],
  ['comment', 'fx-nek', 'seen in prod'],
  ['create', 'Docs', '--id', 'fx-pca', '-t', 'chore', '-p', '4', '--deps', 'fx-nek'],
  ['update', 'fx-pca', '--status', 'deferred', '--defer', '2030-01-01'],
  ['create', 'Heartbeat', '--id', 'fx-wisp-tx1', '--ephemeral'],
  ['create', 'fx-mayor', '--id', 'fx-proj-witness', '-t', 'agent', '-l', 'gt:agent', '--ephemeral'],
  ['config', 'set', 'kv.memory.always-run-make-lint', 'always run make lint'],
  ['config', 'unset', 'status.custom'],
];

/** Recorded lines lost their quotes: these arguments were one word. */
const QUOTED: Readonly<Record<string, readonly string[]>> = {
  create: ['create', 'Recorded create', '-t', 'task', '--json'],
  'create-child': ['create', 'Recorded child', '--parent', 'fx-7ep', '--json'],
};

/** Reads first, then the writes in the order in which they were recorded. */
const READS = [
  'list',
  'list-all',
  'ready',
  'blocked',
  'show-epic',
  'show-two',
  'show-missing',
  'dep-list',
  'dep-tree',
  'dep-cycle',
  'label-list',
  'comments',
  'search',
  'query',
  'stale',
  'claim-taken',
  'close-blocked',
  'create-bad-priority',
  'config-list',
  'kv',
  'memories',
];
const WRITES = [
  'create',
  'create-child',
  'epic-status',
  'children',
  'count',
  'sql',
  'close',
  'reopen',
  'update',
  'delete',
];

/** Recorded answers that are compared in another way, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {
  stats: 'counts and times of another moment: keys and their order are compared',
  version: 'another version and build: keys and their order are compared',
  where: 'another folder: keys and their order are compared',
  'create-dup-flagtitle': 'the recorded hint names a way round the refusal, ours does not',
  export: 'one line per bead: compared line by line in bd-files.test.ts, on the recorded database',
  history: 'SQLite has no versions: compared in bd-files.test.ts, on the recorded database',
  'gate-list': 'recorded as null; a list without members is []',
  'formula-list': 'recorded as null, because that bd had no formulas; ours come with the program',
  info: 'recorded as prose in spite of --json; ours is a document',
};

test('every recorded answer is replayed, or it is said why not', () => {
  const recorded = readdirSync(FIXTURES).flatMap((file) =>
    file.endsWith('.cmd') ? [file.slice(0, -4)] : [],
  );
  expect([...READS, ...WRITES, ...Object.keys(OTHERWISE)].toSorted()).toEqual(recorded.toSorted());
});

test.each([...READS, ...WRITES])(
  'bd answers %s as the recorded bd did: same text, keys, order and exit',
  async (name) => {
    const { env, words } = parseCommand(name);
    const answer = await runBd({ ...place, env }, words);
    expect(answer.code).toBe(Number(read(name, 'exit')));
    expect(normalized(answer.stdout)).toBe(normalized(read(name, 'stdout.json')));
    expect(withoutOwnKeys(answer.stderr)).toBe(withoutOwnKeys(read(name, 'stderr')));
  },
);

test.each(['stats', 'version', 'where'])(
  'bd answers %s with the recorded keys in their order',
  async (name) => {
    const answer = await runBd(place, parseCommand(name).words);
    expect(answer.code).toBe(0);
    expect(keysOf(JSON.parse(answer.stdout))).toEqual(keysOf(JSON.parse(read(name, 'stdout.json'))));
  },
);

test('where the recorded bd printed null or prose for --json, ours prints a list or a document', async () => {
  const answer = async (name: string): Promise<unknown> =>
    JSON.parse(await mustBd(place, parseCommand(name).words));
  expect([read('gate-list', 'stdout.json'), read('formula-list', 'stdout.json')]).toEqual([
    'null\n',
    'null\n',
  ]);
  expect(await answer('gate-list')).toEqual([]);
  expect(await answer('formula-list')).toContainEqual(
    expect.objectContaining({ name: 'shiny', type: 'workflow' }),
  );
  expect(read('info', 'stdout.json')).toContain('Beads Database Information');
  expect(await answer('info')).toMatchObject({ mode: 'direct', prefix: 'fx' });
});

test('bd version keeps the line that the Go gt parses', async () => {
  expect(await mustBd(place, ['version'])).toMatch(/^bd version 1\.0\.5 \(.+\)\n$/);
});

test('a title that reads as a flag is refused with the recorded words, but without naming a way round', async () => {
  const answer = await runBd(place, parseCommand('create-dup-flagtitle').words);
  expect(answer.code).toBe(Number(read('create-dup-flagtitle', 'exit')));
  expect(answer.stdout).toBe('');
  const recorded = read('create-dup-flagtitle', 'stderr').split('\n');
  expect(answer.stderr.split('\n').slice(0, 2)).toEqual(recorded.slice(0, 2));
});

function parseCommand(name: string): {
  readonly env: Record<string, string>;
  readonly words: readonly string[];
} {
  const parts = read(name, 'cmd').trim().split(' ');
  const at = parts.indexOf('bd');
  const env = Object.fromEntries(parts.slice(1, at).map((pair) => pair.split('=') as [string, string]));
  return { env, words: QUOTED[name] ?? parts.slice(at + 1) };
}

function read(name: string, part: string): string {
  const path = join(FIXTURES, `${name}.${part}`);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** Times, generated ids and row ids differ from run to run; everything else must be the same text. */
function normalized(text: string): string {
  return text
    .replaceAll(/"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z"/g, '"<time>"')
    .replaceAll(/"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"/g, '"<uuid7>"')
    .replace(
      /"id": "fx-[0-9a-z]{3}",(?=\s*"issue_type": "task",\s*"owner": "t@e\.x",\s*"priority": 2,\s*"schema_version")/,
      '"id": "<new>",',
    )
    .trimEnd();
}

/** Our errors also carry a stable code and a next step. */
function withoutOwnKeys(text: string): string {
  if (!text.startsWith('{')) return text.trimEnd();
  const { error, schema_version } = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify({ error, schema_version });
}

function keysOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(keysOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.entries(value).map(([key, inner]) => [key, keysOf(inner)]);
}
