import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mustBd, runBd, type BdPlace } from './run-bd.ts';

let place: BdPlace;

beforeEach(async () => {
  place = { cwd: mkdtempSync(join(tmpdir(), 'gt-bd-')) };
  await mustBd(place, ['init', '--prefix', 'fx']);
});
afterEach(() => rmSync(place.cwd, { recursive: true, force: true }));

async function json(...words: readonly string[]) {
  return JSON.parse(await mustBd(place, [...words, '--json']));
}

function write(name: string, text: string): void {
  const folder = join(place.cwd, '.beads/formulas');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.formula.toml`), text);
}

async function pour(...words: readonly string[]): Promise<string> {
  return (await json('mol', 'pour', ...words)).new_epic_id;
}

const FAN = `formula = "fan"
[[steps]]
id = "a"
title = "A"
[[steps]]
id = "b"
title = "B"
[[steps]]
id = "ship"
title = "Ship {{what}}"
needs = ["a", "b"]
[steps.gate]
type = "human"
[vars.what]
default = "it"
`;

describe('bd formula', () => {
  test('list has what ships and what the project adds, and warns of a broken file', async () => {
    write('fan', FAN);
    write('broken', 'formula = ');
    const answer = await runBd(place, ['formula', 'list', '--json']);
    const listed = JSON.parse(answer.stdout);
    expect(listed.find((one: { name: string }) => one.name === 'fan')).toEqual({
      name: 'fan',
      type: 'workflow',
      description: '',
      source: join(place.cwd, '.beads/formulas/fan.formula.toml'),
      steps: 3,
      vars: 1,
    });
    expect(listed.map((one: { name: string }) => one.name)).toContain('mol-polecat-work');
    expect((await runBd(place, ['formula', 'list'])).stderr).toContain('broken.formula.toml:1');
  });

  test('works in a folder without any ledger', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'gt-bd-'));
    expect(await mustBd({ cwd: empty }, ['formula', 'show', 'shiny'])).toContain(
      'implement: Implement {{feature}}',
    );
    rmSync(empty, { recursive: true });
  });

  test('show --json is the file, keys as there', async () => {
    write('fan', FAN);
    expect(await json('formula', 'show', 'fan')).toMatchObject({
      formula: 'fan',
      version: 1,
      type: 'workflow',
      vars: { what: { default: 'it' } },
      steps: [
        { id: 'a', title: 'A' },
        { id: 'b' },
        { id: 'ship', needs: ['a', 'b'], gate: { type: 'human' } },
      ],
      schema_version: 1,
    });
  });
});

describe('bd cook', () => {
  test('prints JSON also without --json, places open until values are given', async () => {
    write('fan', FAN);
    const titles = (text: string) => JSON.parse(text).steps.map((step: { title: string }) => step.title);
    expect(titles(await mustBd(place, ['cook', 'fan']))).toEqual(['A', 'B', 'Ship {{what}}']);
    expect(titles(await mustBd(place, ['cook', 'fan', '--mode', 'runtime']))).toEqual(['A', 'B', 'Ship it']);
    expect(titles(await mustBd(place, ['cook', 'fan', '--var', 'what=x=y']))).toEqual(['A', 'B', 'Ship x=y']);
    expect(titles(await mustBd(place, ['cook', '.beads/formulas/fan.formula.toml']))).toHaveLength(3);
  });

  test('--persist stores a proto that lists and ready leave out, and that can be poured', async () => {
    write('fan', FAN);
    expect(await json('cook', 'fan', '--persist', '--prefix', 'fx-')).toMatchObject({
      proto_id: 'fx-fan',
      formula: 'fan',
      created: 5,
      variables: ['what'],
      bond_points: [],
    });
    expect(await json('list', '--all')).toEqual([]);
    expect(await json('ready')).toEqual([]);
    rmSync(join(place.cwd, '.beads/formulas'), { recursive: true });
    const root = await pour('fx-fan', '--var', 'what=that');
    const { issues } = await json('mol', 'show', root);
    expect(issues.map((one: { title: string }) => one.title)).toContain('Ship that');
    expect(await runBd(place, ['cook', 'shiny', '--persist', '--force'])).toMatchObject({ code: 0 });
    expect(await runBd(place, ['cook', 'shiny', '--persist'])).toMatchObject({ code: 1 });
  });
});

describe('bd mol', () => {
  test('pour, current, ready, progress and close follow the steps in the shapes of bd', async () => {
    write('fan', FAN);
    const poured = await json('mol', 'pour', 'fan', '--assignee', 'alice');
    const root: string = poured.new_epic_id;
    expect(poured).toMatchObject({
      created: 5,
      attached: 0,
      phase: 'liquid',
      id_mapping: { fan: root, 'fan.a': `${root}.1` },
    });
    expect(await json('ready', '--mol', root)).toMatchObject({
      molecule_id: root,
      molecule_title: 'fan',
      ready_steps: 2,
      total_steps: 4,
      parallel_groups: { 'group-1': [`${root}.1`, `${root}.2`] },
      steps: [{ parallel_info: { can_parallel: [`${root}.2`], blocks: [`${root}.3`] } }, {}],
    });
    await mustBd(place, ['update', `${root}.1`, '--claim']);
    const [current] = await json('mol', 'current');
    expect(current).toMatchObject({
      molecule_id: root,
      completed: 0,
      total: 4,
      current_step: { id: `${root}.1` },
    });
    expect(current.steps.map((step: { status: string }) => step.status)).toEqual([
      'current',
      'ready',
      'pending',
      'pending',
    ]);
    expect(await json('mol', 'current', root, '--range', '2-2')).toMatchObject([
      { steps: [{ issue: { id: `${root}.2` } }] },
    ]);
    expect(await runBd(place, ['mol', 'current', root, '--range', 'x'])).toMatchObject({ code: 1 });
    await mustBd(place, ['close', `${root}.1`, `${root}.2`]);
    expect(await json('mol', 'progress', root)).toMatchObject({
      total: 4,
      completed: 2,
      in_progress: 0,
      percent: 50,
    });
    expect(await json('ready', '--gated')).toEqual({ molecules: [], count: 0, schema_version: 1 });
    await mustBd(place, ['gate', 'resolve', `${root}.4`]);
    expect(await json('ready', '--gated')).toMatchObject({
      count: 1,
      molecules: [{ molecule_id: root, closed_gate: { id: `${root}.4` }, ready_step: { id: `${root}.3` } }],
    });
    await mustBd(place, ['close', `${root}.3`]);
    expect(await json('show', root)).toMatchObject([{ status: 'closed' }]);
  });

  test('pour without a demanded value says which, and makes nothing', async () => {
    const answer = await runBd(place, ['mol', 'pour', 'shiny']);
    expect(answer.code).toBe(1);
    expect(answer.stderr).toContain('Add --var feature=<value>');
    expect(await json('list', '--all')).toEqual([]);
  });

  test('--dry-run tells what would be made and makes nothing', async () => {
    const text = await mustBd(place, ['mol', 'pour', 'shiny', '--var', 'feature=x', '--dry-run']);
    expect(text).toContain('Would pour 6 beads');
    for (const verb of ['pour', 'wisp']) {
      const said = await json('mol', verb, 'shiny', '--var', 'feature=x', '--dry-run');
      expect(said).toMatchObject({ dry_run: true });
    }
    expect(await json('list', '--all')).toEqual([]);
  });

  test('wisp makes the root only, with rows for the steps when the formula pours', async () => {
    const bare = await json('mol', 'wisp', 'shiny', '--var', 'feature=x');
    expect(bare).toMatchObject({ created: 1, phase: 'vapor' });
    expect(bare.new_epic_id).toMatch(/^fx-wisp-/);
    write('fan', `pour = true\n${FAN}`);
    expect(await json('mol', 'wisp', 'create', 'fan')).toMatchObject({ created: 5 });
    expect(await json('mol', 'wisp', 'fan', '--root-only')).toMatchObject({ created: 1 });
    expect(await json('mol', 'wisp', 'list')).toMatchObject({ count: 7 });
    expect(await json('list', '--all')).not.toContainEqual(
      expect.objectContaining({ id: `${bare.new_epic_id}.1` }),
    );
  });

  test('squash leaves a digest; burn shows first and deletes with --force', async () => {
    const { new_epic_id: wisp } = await json('mol', 'wisp', 'shiny', '--var', 'feature=x', '--steps');
    await mustBd(place, ['close', `${wisp}.1`]);
    expect(await json('mol', 'squash', wisp, '--summary', 'all well')).toMatchObject({
      molecule_id: wisp,
      squashed_count: 5,
      deleted_count: 5,
      kept_children: false,
      wisp_squash: true,
    });
    const root = await pour('shiny', '--var', 'feature=x');
    expect(await mustBd(place, ['mol', 'burn', root])).toContain('Would delete 6 beads');
    expect(await json('show', root)).toHaveLength(1);
    expect(await mustBd(place, ['mol', 'burn', root, '--force'])).toContain('6 beads');
    expect(await runBd(place, ['show', root])).toMatchObject({ code: 1 });
    expect(await runBd(place, ['mol', 'burn', 'fx-none', '--force'])).toMatchObject({ code: 1 });
  });

  test('bond puts a wisp before a bead, and spawns a formula below a step by name', async () => {
    const { new_epic_id: wisp } = await json('mol', 'wisp', 'shiny', '--var', 'feature=x');
    const work = (await mustBd(place, ['q', 'Work'])).trim();
    expect(await json('mol', 'bond', wisp, work)).toEqual({
      result_id: wisp,
      result_type: 'compound_molecule',
      bond_type: 'sequential',
      schema_version: 1,
    });
    expect(await json('ready')).toEqual([]);
    write('fan', FAN);
    const root = await pour('fan');
    const bonded = await json(
      'mol',
      'bond',
      'shiny',
      `${root}.1`,
      '--type',
      'parallel',
      '--ref',
      'arm-{{feature}}',
      '--var',
      'feature=ace',
    );
    expect(bonded).toMatchObject({
      result_id: `${root}.1`,
      spawned: 6,
      id_mapping: { shiny: `${root}.1.arm-ace` },
    });
    expect(
      await runBd(place, ['mol', 'bond', 'shiny', root, '--ref', 'a b', '--var', 'feature=x']),
    ).toMatchObject({ code: 1 });
  });

  test('closing steps of a loop ends it early, and on_complete makes a molecule for each item', async () => {
    write(
      'each',
      'formula = "each"\n[[steps]]\nid = "l"\n[steps.loop]\nuntil = "c.output.ok == true"\nmax = 3\n[[steps.loop.body]]\nid = "c"\ntitle = "Check"\n[[steps]]\nid = "s"\ntitle = "Survey"\nneeds = ["l"]\non_complete = { for_each = "output.them", bond = "shiny", vars = { feature = "{item.n}{index}" } }\n[[steps]]\nid = "j"\ntitle = "Join"\nneeds = ["s"]\nwaits_for = "all-children"\n',
    );
    const root = await pour('each');
    const [round1, round2, round3, survey, join] = [1, 2, 3, 4, 5].map((n) => `${root}.${n}`) as [
      string,
      string,
      string,
      string,
      string,
    ];
    await mustBd(place, ['close', round1]);
    await mustBd(place, ['update', round2, '--metadata', '{"output":{"ok":true}}']);
    await mustBd(place, ['close', round2]);
    expect(await json('show', round3)).toMatchObject([
      { status: 'closed', close_reason: 'Not needed: c.output.ok == true' },
    ]);
    await mustBd(place, ['update', survey, '--metadata', '{"output":{"them":[{"n":"ace"},{"n":"bo"}]}}']);
    await mustBd(place, ['close', survey]);
    const children = await json('children', survey);
    expect(children).toHaveLength(2);
    expect(await json('blocked')).toContainEqual(expect.objectContaining({ id: join, blocked_by_count: 2 }));
    const titles = (await json('list', '--all')).map((one: { title: string }) => one.title);
    expect(titles).toEqual(expect.arrayContaining(['Design ace0', 'Design bo1']));
  });

  test('wisp gc takes only closed wisps that nothing names, and only with --force', async () => {
    const { new_epic_id: open } = await json('mol', 'wisp', 'shiny', '--var', 'feature=x');
    const { new_epic_id: done } = await json('mol', 'wisp', 'shiny', '--var', 'feature=y');
    await mustBd(place, ['close', done]);
    expect(await json('mol', 'wisp', 'gc')).toMatchObject({ cleaned_ids: [], dry_run: true });
    expect(await json('mol', 'wisp', 'gc', '--closed')).toMatchObject({
      cleaned_ids: [done],
      cleaned_count: 0,
      candidates: 1,
    });
    expect(await json('mol', 'wisp', 'gc', '--closed', '--force')).toMatchObject({
      cleaned_ids: [done],
      cleaned_count: 1,
    });
    expect(await json('mol', 'wisp', 'list')).toMatchObject({ wisps: [{ id: open }] });
  });

  test('seed checks a formula, last-activity and stale look at what was made', async () => {
    write('fan', FAN);
    expect(await json('mol', 'seed', 'fan')).toMatchObject({ status: 'ok', formula: 'fan', steps: 3 });
    expect(await runBd(place, ['mol', 'seed', 'none'])).toMatchObject({ code: 1 });
    const epic = (await mustBd(place, ['q', 'Epic', '-t', 'epic'])).trim();
    const child = (await mustBd(place, ['q', 'Child', '--parent', epic])).trim();
    expect(await json('mol', 'stale')).toMatchObject({ total_count: 0 });
    await mustBd(place, ['close', child]);
    expect(await json('mol', 'stale')).toMatchObject({
      stale_molecules: [{ id: epic, total_children: 1, blocking_count: 0 }],
    });
    expect(await json('mol', 'last-activity', epic)).toMatchObject({ molecule_id: epic });
  });

  test('distill writes a formula that makes the same molecule again, with variables', async () => {
    write(
      'fan',
      `${FAN}[[steps.children]]\nid = "c"\ntitle = "Child of it"\n`.replace(
        '[vars.what]\ndefault = "it"\n',
        '',
      ) + '[vars.what]\ndefault = "it"\n',
    );
    const root = await pour('fan');
    expect(await json('mol', 'distill', root, 'again', '--var', 'thing=it')).toMatchObject({
      formula_name: 'again',
      steps: 4,
      variables: ['thing'],
    });
    expect(await runBd(place, ['mol', 'distill', root, 'again'])).toMatchObject({ code: 1 });
    expect((await json('formula', 'show', 'again')).steps.map((one: { id: string }) => one.id)).toContain(
      'ship-thing',
    );
    const shapeOf = async (id: string) => {
      const { issues, dependencies } = await json('mol', 'show', id);
      return {
        titles: issues
          .slice(1)
          .map((one: { title: string; issue_type: string }) => `${one.title} ${one.issue_type}`)
          .toSorted(),
        edges: dependencies.map((edge: { type: string }) => edge.type).toSorted(),
      };
    };
    expect(await shapeOf(await pour('again', '--var', 'thing=it'))).toEqual(await shapeOf(root));
  });
});
