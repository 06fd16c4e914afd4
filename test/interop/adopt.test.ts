import { execa } from 'execa';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { git } from '../e2e/support/repository.ts';
import { createTestHome, type TestHome } from '../e2e/support/town.ts';
import { describeWithDolt } from '../support/dolt.ts';
import { buildGoTown, type GoTown } from './go-town.ts';

/* `gt upgrade --adopt` on a town of the Go gt, with its own databases on a real Dolt server. */

let home: TestHome;
let town: GoTown;

const BEAD_COLUMNS =
  'id, content_hash, title, description, design, acceptance_criteria, notes, status, priority, issue_type, assignee, ' +
  'created_at, created_by, owner, updated_at, closed_at, sender, wisp_type, pinned, metadata, close_reason, ' +
  'event_kind, actor, target, payload, await_type, due_at, defer_until';
const DATABASES = ['hq', 'proj'];

interface Dump {
  readonly beads: readonly string[];
  readonly parts: readonly string[];
  readonly settings: readonly string[];
  readonly history: readonly string[];
}

/** Both databases as text, read by the dolt program itself; where a row lies does not show. */
async function dump(): Promise<Dump> {
  const isNew = existsSync(join(home.town, '.gt-adopt'));
  const target = isNew
    ? 'COALESCE(depends_on_issue_id, depends_on_wisp_id, depends_on_external)'
    : 'depends_on_id';
  const halves = [
    { bead: 'issues', part: '' },
    { bead: 'wisps', part: 'wisp_' },
  ];
  const sql = [
    ...halves.flatMap(({ bead, part }) => [
      `SELECT 'bead' AS kind, ${BEAD_COLUMNS} FROM ${bead};`,
      `SELECT 'label' AS kind, issue_id, label FROM ${part}labels;`,
      `SELECT 'edge' AS kind, issue_id, ${target} AS t, type, created_at FROM ${part}dependencies;`,
      `SELECT 'event' AS kind, issue_id, event_type, actor, old_value, new_value, comment, created_at FROM ${part}events;`,
    ]),
    "SELECT 'setting' AS kind, c.* FROM config c;",
    "SELECT 'version' AS kind, commit_hash, message FROM dolt_log;",
  ].join('\n');
  const texts: string[] = [];
  // One after the other: each makes a folder for itself there and takes it away.
  for (const name of DATABASES) texts.push(await town.dolt(['--use-db', name], sql));
  const documents = texts.flatMap((text) => text.split('\n').filter((line) => line.startsWith('{')));
  const rows = documents.flatMap((line) => (JSON.parse(line) as { rows?: { kind?: string }[] }).rows ?? []);
  const of = (kind: string): readonly string[] =>
    rows.flatMap((row) => (row.kind === kind ? [JSON.stringify(row)] : [])).sort();
  return {
    beads: of('bead'),
    parts: [...of('label'), ...of('edge'), ...of('event')],
    settings: of('setting'),
    history: of('version'),
  };
}

/** Every byte of the town's own files; what gt runs with is left out. */
function filesOf(folder: string): ReadonlyMap<string, string> {
  const left =
    /^(?:\.dolt-data|\.runtime|\.gt-adopt|logs|daemon)(?:\/|$)|\.git\/(?:index|logs)|\.repo\.git\/worktrees/;
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((name) => !left.test(name));
  return new Map(found.map((name) => [name, readFileSync(join(folder, name), 'latin1')]));
}

function changedFiles(before: ReadonlyMap<string, string>): readonly string[] {
  const after = filesOf(home.town);
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort();
}

beforeEach(async () => {
  home = createTestHome();
  town = await buildGoTown(home);
});
afterEach(async () => {
  await home.dispose();
});

describeWithDolt('a town of the Go gt', () => {
  test('P2: is adopted with every bead, label, edge, event, setting and version it had, and works', async () => {
    const refused = await home.tryGt(['status']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('gt upgrade --adopt --dry-run');
    expect((await home.tryGt(['install', home.town])).stderr).toContain('gt upgrade --adopt --dry-run');

    const [rows, files] = [await dump(), filesOf(home.town)];
    expect(rows.beads).toHaveLength(22);
    expect(rows.history).toHaveLength(6);
    const plan = await home.gt('upgrade', '--adopt', '--dry-run');
    expect(plan).toContain('22 beads');
    expect(plan).toContain('2 polecats (obsidian, quartz), 1 crew workspace (ann)');
    expect(plan).toContain("4 rows of agents move from 'hq' to 'proj'");
    expect(changedFiles(files)).toEqual([]);
    expect(await dump()).toEqual(rows);

    await home.gt('upgrade', '--adopt');
    expect(changedFiles(files)).toEqual([
      '.beads/config.yaml',
      '.beads/metadata.json',
      'mayor/town.json',
      'proj/.beads/metadata.json',
      'proj/.repo.git/info/exclude',
      'proj/mayor/rig/.git/info/exclude',
    ]);
    const after = await dump();
    for (const kind of ['beads', 'parts', 'settings', 'history'] as const)
      expect(
        rows[kind].filter((row) => !after[kind].includes(row)),
        kind,
      ).toEqual([]);
    expect(after.beads).toHaveLength(rows.beads.length);

    await home.gt('up');
    expect(await home.gtJson('polecat', 'list', 'proj')).toMatchObject([
      { name: 'obsidian', issue: 'pj-1p6' },
      { name: 'quartz', state: 'idle' },
    ]);
    expect(await home.gtJson('convoy', 'list')).toMatchObject([{ id: 'hq-cv-nai2e', total: 1 }]);
    expect(await home.gtJson('crew', 'list', 'proj')).toMatchObject([{ name: 'ann', git_clean: false }]);
    expect(await home.gt('show', 'pj-proj-polecat-quartz')).toContain('quartz');
    const status = await home.gt('status');
    expect(status).toContain('disk nearly full');
    expect(status).not.toContain('unavailable');
    expect(readFileSync(join(home.town, 'proj/polecats/obsidian/proj/unsaved.md'), 'utf8')).toBe('unsaved\n');
    expect(git(join(home.town, 'proj/polecats/obsidian/proj'), 'log', '-1', '--format=%s')).toBe(
      'Half of task 4',
    );
    expect(await home.bd('create', 'New work', '-C', 'proj')).toContain('pj-');
    await home.gt('doctor', '--fix');
    expect(await home.gt('doctor')).toContain('all well');
  }, 120_000);

  test('P2: can be taken back until it is confirmed, and what was written since is kept', async () => {
    const [rows, files] = [await dump(), filesOf(home.town)];
    await home.gt('upgrade', '--adopt');
    await home.gt('up');
    await home.bd('create', 'Written since', '-C', 'proj');
    expect((await home.tryGt(['upgrade', '--revert'])).code).toBe(1);
    await home.gt('down');
    const said = await home.gt('upgrade', '--revert');
    const [aside = ''] = readdirSync(home.town).filter((name) => name.startsWith('.dolt-data.adopted-'));
    expect(said).toContain(aside);
    expect(existsSync(join(home.town, aside, 'proj/.dolt'))).toBe(true);
    expect(changedFiles(files).filter((name) => !name.startsWith(aside))).toEqual([]);
    expect(await dump()).toEqual(rows);
    expect((await home.tryGt(['upgrade', '--confirm'])).stderr).toContain('no adoption to confirm');

    await home.gt('upgrade', '--adopt');
    const kept = await home.gt('upgrade', '--confirm');
    expect(kept).toContain('.gt-adopted-');
    expect((await home.tryGt(['upgrade', '--revert'])).stderr).toContain('no adoption to revert');
    expect(await home.gt('upgrade', '--adopt')).toContain('adopted already');
  }, 120_000);

  test('killed at any step it is adopted by the next run, or taken back to the byte', async () => {
    const [rows, files] = [await dump(), filesOf(home.town)];
    const steps = [
      'adopt-copy:before',
      'adopt-schema:before',
      'adopt-rows:before',
      'adopt-rows:after',
      'adopt-files:before',
      'adopt-files:after',
      'adopt-switch:before',
      'adopt-switch:after',
    ];
    for (const [turn, step] of steps.entries()) {
      const killed = await home.tryGt(['upgrade', '--adopt'], { env: { GT_TEST_STOP: step } });
      expect(killed.signal, `${step}: ${killed.stderr}`).toBe('SIGKILL');
      if (turn % 2 === 1) {
        const next = await home.gt('upgrade', '--adopt');
        expect(next, step).toContain('adopted');
        const after = await dump();
        expect(
          rows.beads.filter((row) => !after.beads.includes(row)),
          step,
        ).toEqual([]);
        const undone = await home.tryGt(['upgrade', '--revert'], {
          env: { GT_TEST_STOP: 'adopt-revert:after' },
        });
        expect(undone.signal).toBe('SIGKILL');
      }
      await home.gt('upgrade', '--revert');
      expect(
        changedFiles(files).filter((name) => !name.includes('.adopted-')),
        step,
      ).toEqual([]);
      expect(await dump(), step).toEqual(rows);
    }
  }, 300_000);

  test('what the guide says of it works, line by line', async () => {
    const page = readFileSync(resolve(import.meta.dirname, '../../docs/guide/stop-and-remove.md'), 'utf8');
    const block = /## A town of another gt[\s\S]*?^```\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? '';
    const [look = '', adopt = '', confirm = '', revert = ''] = block.split('\n');
    for (const line of [look, adopt, revert, adopt, confirm]) {
      const options = { cwd: home.town, env: home.env, extendEnv: false, reject: false } as const;
      const { exitCode, stderr } = await execa('bash', ['-e', '-c', line], options);
      expect([line, exitCode, stderr]).toEqual([line, 0, expect.any(String)]);
    }
    // Confirmed: the backup is set aside, and the town works.
    expect(readdirSync(home.town).some((name) => name.startsWith('.gt-adopted-'))).toBe(true);
    await home.gt('status');
  }, 240_000);
});

const DAMAGE: readonly (readonly [string, (root: string) => void, string])[] = [
  [
    'a rig whose folder is missing',
    (root) => rmSync(join(root, 'proj'), { recursive: true }),
    'rig proj: its folder',
  ],
  [
    'a torn rigs.json',
    (root) => writeFileSync(join(root, 'mayor/rigs.json'), '{"version":1,'),
    'mayor/rigs.json',
  ],
  ['a torn town.json', (root) => writeFileSync(join(root, 'mayor/town.json'), '{'), 'mayor/town.json'],
  [
    'torn settings of a rig',
    (root) => writeFileSync(join(root, 'proj/settings/config.json'), '['),
    'proj/settings/config.json',
  ],
  [
    'a torn route',
    (root) => writeFileSync(join(root, '.beads/routes.jsonl'), '{"prefix":"pj-"'),
    'routes.jsonl',
  ],
  [
    'a lost database',
    (root) => rmSync(join(root, '.dolt-data/proj'), { recursive: true }),
    "the database 'proj' is not in",
  ],
  [
    'a lost repository',
    (root) => rmSync(join(root, 'proj/.repo.git'), { recursive: true }),
    'its repository',
  ],
];

describeWithDolt('a damaged town of the Go gt', () => {
  test.each(DAMAGE)('with %s is refused with the reason and left as it is', async (_what, damage, reason) => {
    damage(home.town);
    const files = filesOf(home.town);
    for (const words of [
      ['upgrade', '--adopt', '--dry-run'],
      ['upgrade', '--adopt'],
    ]) {
      const outcome = await home.tryGt(words);
      if (reason === '') {
        // The pid of another program: no daemon.
        expect(outcome.code, outcome.stderr).toBe(0);
        return;
      }
      expect(outcome.code, outcome.stdout).toBe(1);
      expect(`${outcome.stdout}${outcome.stderr}`).toContain(reason);
      expect(outcome.stderr).not.toContain('    at ');
    }
    expect(changedFiles(files)).toEqual([]);
    expect(existsSync(join(home.town, '.gt-adopt'))).toBe(false);
  });

  test('with a worktree that git cannot read and a rig without a default branch is adopted, and says both', async () => {
    const dangling = join(home.town, 'proj/polecats/quartz/proj');
    writeFileSync(join(dangling, '.git'), 'gitdir: /nowhere\n');
    const config = join(home.town, 'proj/config.json');
    const { default_branch: _none, ...rest } = JSON.parse(readFileSync(config, 'utf8')) as Record<
      string,
      unknown
    >;
    writeFileSync(config, JSON.stringify(rest));
    const said = await home.gt('upgrade', '--adopt');
    expect(said).toContain(`${dangling}: git cannot read it`);
    expect(said).toContain('rig proj: default branch main, asked from the remote');
    expect(JSON.parse(readFileSync(config, 'utf8'))).toMatchObject({ default_branch: 'main', name: 'proj' });
    expect(readFileSync(join(dangling, 'README.md'), 'utf8')).toBe('# Project\n');
    await home.gt('up');
    expect(await home.gt('polecat', 'list', 'proj')).toContain('quartz');
  });
});
