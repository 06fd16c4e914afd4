import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeSqliteTown, type SqliteTown } from '../support/sqlite-town.ts';
import { mustBd, runBd } from './run-bd.ts';

let town: SqliteTown;
let root: string;
beforeEach(async () => {
  town = await makeSqliteTown();
  ({ root } = town);
});
afterEach(() => town.remove());

const WORKTREE = 'proj/polecats/toast/proj';
const AGENT = { GT_ROLE: 'proj/polecats/toast', BEADS_ACTOR: '' };

function at(folder: string, env: Readonly<Record<string, string>> = {}) {
  return { cwd: join(root, folder), env };
}

test('P5: new beads go to the database of the place, reads find a bead from anywhere by its prefix', async () => {
  const inRig = (await mustBd(at(WORKTREE), ['q', 'In the rig'])).trim();
  const inTown = (await mustBd(at('.'), ['q', 'In the town'])).trim();
  expect(inRig).toMatch(/^fx-/);
  expect(inTown).toMatch(/^hq-/);
  for (const folder of ['.', 'proj', WORKTREE, 'mayor']) {
    for (const id of [inRig, inTown]) {
      expect(JSON.parse(await mustBd(at(folder), ['show', id, '--json']))).toMatchObject([{ id }]);
    }
  }
  await mustBd(at('.'), ['update', inRig, '--status', 'in_progress']);
  await mustBd(at(WORKTREE), ['close', inTown, '-r', 'done']);
  expect(JSON.parse(await mustBd(at('.'), ['show', inRig, inTown, '--json']))).toMatchObject([
    { status: 'in_progress' },
    { status: 'closed', close_reason: 'done' },
  ]);
});

test('a bead goes to a named rig, a prefix or the database of its chosen id', async () => {
  const made = [
    (await mustBd(at('.'), ['q', 'By rig', '--rig', 'proj'])).trim(),
    (await mustBd(at('proj'), ['q', 'By prefix', '--prefix', 'hq-'])).trim(),
    (await mustBd(at('.'), ['q', 'By id', '--id', 'fx-chosen'])).trim(),
    (await mustBd(at('.'), ['q', 'By parent', '--parent', 'fx-chosen'])).trim(),
  ];
  expect(made.map((id) => id.slice(0, 3))).toEqual(['fx-', 'hq-', 'fx-', 'fx-']);
  const unknown = await runBd(at('.'), ['create', 'x', '--prefix', 'zz']);
  expect(unknown).toMatchObject({ code: 1, stdout: '' });
  expect(unknown.stderr).toContain('no ledger here has the prefix');
});

test('an edge to a bead of another database is stored as external, with a warning that it never blocks', async () => {
  const other = (await mustBd(at('.'), ['q', 'Elsewhere'])).trim();
  const own = (await mustBd(at('proj'), ['q', 'Here'])).trim();
  const answer = await runBd(at('proj'), ['dep', 'add', own, other]);
  expect(answer).toMatchObject({ code: 0, stderr: expect.stringContaining('never blocks') });
  expect(JSON.parse(await mustBd(at('proj'), ['list', '--json']))[0].dependencies).toMatchObject([
    { depends_on_id: `external:hq:${other}` },
  ]);
  expect(JSON.parse(await mustBd(at('proj'), ['ready', '--json']))).toMatchObject([{ id: own }]);
  await mustBd(at('proj'), ['dep', 'remove', own, other]);
  expect(await mustBd(at('proj'), ['dep', 'list', own])).toContain('depends on nothing');
});

test('a worker writes under its own address and cannot close what it holds', async () => {
  const id = (await mustBd(at(WORKTREE, AGENT), ['q', 'Work'])).trim();
  await mustBd(at(WORKTREE, AGENT), ['update', id, '--claim']);
  const bead = JSON.parse(await mustBd(at('.'), ['show', id, '--json']));
  expect(bead).toMatchObject([{ created_by: 'proj/polecats/toast', assignee: 'proj/polecats/toast' }]);
  for (const words of [
    ['close', id, '--force'],
    ['update', id, '-s', 'closed'],
  ]) {
    const answer = await runBd(at(WORKTREE, AGENT), words);
    expect(answer).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('it closes when it lands: gt done'),
    });
  }
  await mustBd(at('.'), ['close', id]);
});

test('metadata.script: the overseer and crew set it under their own name, workers may not', async () => {
  const id = (await mustBd(at('.'), ['q', 'Script', '--rig', 'proj'])).trim();
  const set = ['update', id, '--set-metadata', 'script=make format'];
  const refused = await runBd(at(WORKTREE, AGENT), set);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('may not set metadata.script') });
  const sneaky = [...set, '--actor', 'overseer'];
  expect((await runBd(at(WORKTREE, AGENT), sneaky)).code).toBe(1);
  const nodes = [{ key: 'a', title: 'A', metadata: { script: 'rm -rf /' } }];
  town.put('plan.json', { nodes });
  const inPlan = await runBd(at(WORKTREE, AGENT), ['create', '--graph', join(root, 'plan.json')]);
  expect(inPlan).toMatchObject({ code: 1, stderr: expect.stringContaining('may not set metadata.script') });
  const inCreate = ['create', 'x', '--metadata', '{"script":{"cmd":"rm -rf /","by":"overseer"}}'];
  expect((await runBd(at(WORKTREE, AGENT), inCreate)).code).toBe(1);
  await mustBd(at('proj/crew/ann', { GT_ROLE: 'proj/crew/ann' }), set);
  expect(JSON.parse(await mustBd(at('.'), ['show', id, '--json']))).toMatchObject([
    { metadata: { script: { cmd: 'make format', by: 'proj/crew/ann' } } },
  ]);
});

test('bd init refuses inside a town', async () => {
  const answer = await runBd(at('proj'), ['init']);
  expect(answer).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('has its ledger already'),
  });
});

test('where and info name the database in use', async () => {
  expect(JSON.parse(await mustBd(at(WORKTREE), ['where', '--json']))).toEqual({
    database_path: join(root, '.store/proj.db'),
    path: join(root, 'proj/.beads'),
    redirected_from: join(root, WORKTREE, '.beads'),
    schema_version: 1,
  });
  expect(await mustBd(at('.'), ['info'])).toContain(`Database: ${join(root, '.store/hq.db')}`);
});
