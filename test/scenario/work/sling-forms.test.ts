import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readAttachment } from '../../../src/beads/forms/attachment.ts';
import { openSlingContexts } from '../../../src/beads/forms/sling-context.ts';
import { ExternalError } from '../../../src/core/errors.ts';
import { parseAddress, sessionOf } from '../../../src/core/address.ts';
import { runSling } from '../../../src/polecat/sling/run.ts';
import type { SlingOptions } from '../../../src/polecat/sling/options.ts';
import { assignWork } from '../../../src/polecat/sling/assign.ts';
import { findCrew } from '../../../src/rig/find-crew.ts';
import { dispatchQueue } from '../../../src/scheduler/dispatch-queue.ts';
import { Stop } from '../../fakes/faults.ts';
import { dyingProcess } from './killing.ts';
import { asProcess, describe as say, makeWorkTown, workerOf } from './town.ts';
import type { WorkTown } from './town.ts';

const FORMULAS = resolve(import.meta.dirname, '../../../formulas');

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
});
afterEach(() => town.close());

const one = async (words: readonly string[], options: SlingOptions = {}) =>
  (await town.sling(words, options))[0];

/** What ships, for a town in memory. */
async function shipFormulas(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    const file = `${name}.formula.toml`;
    await town.files.writeAtomic(`${town.root}/.beads/formulas/${file}`, readFileSync(join(FORMULAS, file)));
  }
}

const formulaOf = async (id: string) => readAttachment(await town.bead(id))?.attachedFormula;

describe('the formula of a polecat', () => {
  const setRig = (settings: object) =>
    town.files.writeAtomic(
      `${town.root}/proj/settings/config.json`,
      JSON.stringify({ type: 'rig-settings', version: 1, ...settings }),
    );
  const label = (text: string) =>
    town.ledger.transaction('x', (tx) =>
      tx.create({ id: 'pj-rig-proj', title: 'Rig', type: 'rig', labels: ['gt:rig', text] }),
    );

  beforeEach(() => shipFormulas('mol-polecat-work', 'shiny', 'tdd-cycle'));

  test('is mol-polecat-work, over it the rig’s setting, over that the label of the rig’s bead, then the flag', async () => {
    const beads = await Promise.all([1, 2, 3, 4, 5].map(() => town.create()));
    const [usual = '', set = '', labelled = '', asked = '', raw = ''] = beads.map(({ id }) => id);
    await one([usual]);
    await setRig({ workflow: { default_formula: 'shiny' } });
    await one([set]);
    await label('default_formula:tdd-cycle');
    await one([labelled]);
    await one([asked], { formula: 'polecat-work' });
    await one([raw], { rawBead: true });
    expect(await Promise.all([usual, set, labelled, asked, raw].map(formulaOf))).toEqual([
      'mol-polecat-work',
      'shiny',
      'tdd-cycle',
      'mol-polecat-work',
      undefined,
    ]);
  });

  test('knows base, commands and how work lands', async () => {
    await setRig({ merge_queue: { test_command: 'make test', require_review: true } });
    const bead = await town.create({ title: 'Add a page' });
    await one([bead.id], { vars: { extra: '1' } });
    const wisp = await town.ledger.get(readAttachment(await town.bead(bead.id))?.attachedMolecule ?? '');
    expect(wisp?.metadata['formula_vars']).toMatchObject({
      base_branch: 'main',
      test_command: 'make test',
      merge_strategy: 'direct',
      require_review: 'true',
      feature: 'Add a page',
      issue: bead.id,
      extra: '1',
    });
  });

  test('is left out when the usual one cannot be cooked, which is said; one that was asked for must cook', async () => {
    const [first, second] = [await town.create(), await town.create()];
    await town.files.writeAtomic(`${town.root}/.beads/formulas/mol-polecat-work.formula.toml`, 'formula = ');
    expect(await one([first.id])).toMatchObject({
      kind: 'dispatched',
      notes: [expect.stringContaining('goes without formula mol-polecat-work')],
    });
    expect(await formulaOf(first.id)).toBeUndefined();
    expect(say(await one([second.id], { formula: 'mol-polecat-work' }))).toContain('formula.bad');
    expect(await town.bead(second.id)).toMatchObject({ status: 'open' });
  });

  test('is chosen when a bead is queued, and kept', async () => {
    await town.setTown({ scheduler: { max_polecats: 1 } });
    const [first, second] = [await town.create(), await town.create()];
    await one([first.id]);
    expect(await one([second.id], { formula: 'shiny' })).toMatchObject({ kind: 'queued' });
    await town.setTown({ scheduler: { max_polecats: 2 } });
    await town.clock.drive(dispatchQueue(town.ctx));
    expect(await formulaOf(second.id)).toBe('shiny');
  });

  test('does not replace a molecule that a person attached', async () => {
    const bead = await town.create();
    const root = await town.ledger.transaction('x', async (tx) => {
      const molecule = await tx.create({ title: 'Own steps', type: 'molecule' });
      await tx.update(bead.id, { description: `attached_molecule: ${molecule.id}` });
      return molecule.id;
    });
    expect(say(await one([bead.id], { formula: 'shiny' }))).toContain('sling.has-molecule');
    await one([bead.id]);
    expect(readAttachment(await town.bead(bead.id))).toMatchObject({ attachedMolecule: root });
    expect(await formulaOf(bead.id)).toBeUndefined();
    expect(await town.ledger.get(root)).toMatchObject({ status: 'open' });
  });

  test('an old wisp that Go bonded to the bead neither blocks it nor stays', async () => {
    const bead = await town.create();
    const wisp = await town.ledger.transaction('x', async (tx) => {
      const old = await tx.create({ id: 'pj-wisp-old', title: 'Old', type: 'molecule', keep: 'wisp' });
      await tx.addEdge({ from: bead.id, to: old.id, type: 'blocks' });
      return old.id;
    });
    expect(await town.bead(bead.id)).toMatchObject({ isBlocked: true });
    expect(await one([bead.id])).toMatchObject({ kind: 'dispatched' });
    expect(await town.ledger.get(wisp)).toBeUndefined();
    expect(await town.bead(bead.id)).toMatchObject({ status: 'hooked', isBlocked: false });
  });
});

describe('a formula by itself', () => {
  beforeEach(() => shipFormulas('mol-polecat-work', 'shiny'));
  const wisps = () => town.ledger.list({ tables: ['wisps'], type: ['task'] });

  test('is work of its own: a passing bead on a worker, in no convoy', async () => {
    const result = await one(['shiny', 'proj'], { vars: { assignee: 'ann' } });
    expect(result).toMatchObject({ kind: 'dispatched', bead: { title: 'Work through shiny' } });
    const [bead] = await wisps();
    expect(bead).toMatchObject({ status: 'hooked', assignee: 'proj/polecats/furiosa', ephemeral: true });
    expect(await formulaOf(bead?.id ?? '')).toBe('shiny');
    expect(await town.hq.list({ type: ['convoy'] })).toEqual([]);
    const worker = await workerOf(town, 'furiosa', bead?.id ?? '');
    await worker.write('a.md', 'a');
    await worker.done();
    expect(await town.mrs()).toMatchObject([{ sourceIssue: bead?.id }]);
  });

  test('goes to the only rig, takes mol- as read, and asks when it cannot know who', async () => {
    expect(await one(['polecat-work'])).toMatchObject({
      dispatch: { terms: { formula: 'mol-polecat-work' } },
    });
    await expect(town.sling(['nonsense'])).rejects.toMatchObject({ code: 'sling.unknown' });
    await expect(town.sling(['pj-nothere'])).rejects.toMatchObject({ code: 'bead.not-found' });
    await expect(town.sling(['shiny', 'proj'], { formula: 'shiny' })).rejects.toMatchObject({
      code: 'sling.options',
    });
  });

  test.each([['F3', 'before'] as const, ['F3', 'after'] as const])(
    'P6: killed at %s:%s there is no bead, or a hooked one',
    async (step, when) => {
      const { town: killed } = await dyingProcess(town, step, when);
      const sling = runSling(killed.ctx, { words: ['shiny', 'proj'], options: {} });
      await expect(town.clock.drive(sling)).rejects.toThrow(Stop);
      expect(await wisps()).toHaveLength(when === 'before' ? 0 : 1);
    },
  );

  test('P6: leaves nothing when its worker cannot be started', async () => {
    const start = () => Promise.reject(new ExternalError({ code: 'tmux.failed', message: 'no terminal' }));
    const other = await asProcess(town, { ports: { tmux: { ...town.ctx.ports.tmux, start } } });
    expect(say((await other.sling(['shiny', 'proj']))[0])).toBe('tmux.failed: no terminal');
    expect(await town.ledger.list({ tables: ['wisps'] })).toEqual([]);
    expect(await town.row('furiosa')).toMatchObject({ agentState: 'idle', hookBead: undefined });
  });

  test('waits in the queue like any bead', async () => {
    await town.setTown({ scheduler: { max_polecats: 1 } });
    await town.dispatch((await town.create()).id);
    expect(await one(['shiny', 'proj'])).toMatchObject({ kind: 'queued', why: '1 of 1 slots busy' });
    const [bead] = await wisps();
    expect((await openSlingContexts(town.ledger)).contexts).toMatchObject([
      { workBead: bead?.id, formula: 'shiny' },
    ]);
  });
});

describe('an epic', () => {
  test('stands for all open work below it, whatever lies between', async () => {
    const epic = await town.create({ type: 'epic' });
    const inner = await town.create({ type: 'epic', parent: epic.id });
    const [deep, plain] = [await town.create({ parent: inner.id }), await town.create({ parent: epic.id })];
    await town.create({ type: 'decision', parent: epic.id });
    const results = await town.sling([epic.id, 'proj']);
    expect(results.map(({ kind }) => kind)).toEqual(['dispatched', 'dispatched']);
    expect(new Set(results.map(({ bead }) => bead.id))).toEqual(new Set([deep.id, plain.id]));
  });

  test.each([
    ['args', { args: 'x' }],
    ['var', { vars: { a: 'b' } }],
    ['script', { script: 'true' }],
    ['crew', { crew: 'ann' }],
    ['create', { create: true }],
    ['ralph', { mode: 'ralph' as const }],
  ])('takes no --%s, which speaks of one task', async (flag, options) => {
    const epic = await town.create({ type: 'epic' });
    await town.create({ parent: epic.id });
    const refused = town.sling([epic.id, 'proj'], options);
    await expect(refused).rejects.toMatchObject({
      code: 'sling.options',
      message: expect.stringContaining(`--${flag}`),
    });
  });

  test('with a branch of its own has its work start from there, unless the base is said', async () => {
    town.remote.commit('integration/pages', { 'p.md': 'p' });
    town.remote.commit('release', { 'r.md': 'r' });
    const epic = await town.create({ type: 'epic', title: 'Pages' });
    const [child, other] = [await town.create({ parent: epic.id }), await town.create({ parent: epic.id })];
    const worker = await town.dispatch(child.id);
    expect((await town.git.worktrees.status(worker.worktree)).head).toBe(
      town.remote.head('integration/pages'),
    );
    expect(readAttachment(await town.bead(child.id))?.attachedVars).toContain(
      'base_branch=integration/pages',
    );
    const based = await town.dispatch(other.id, { baseBranch: 'release' });
    expect((await town.git.worktrees.status(based.worktree)).head).toBe(town.remote.head('release'));
  });
});

describe('a convoy', () => {
  test('stands for what it tracks, and stays the convoy of it', async () => {
    const beads = [await town.create(), await town.create()];
    const convoy = await town.hq.transaction('x', async (tx) => {
      const made = await tx.create({ id: 'hq-cv-abcde', title: 'All', type: 'convoy' });
      for (const { id } of beads)
        await tx.addEdge({ from: made.id, to: `external:pj:${id}`, type: 'tracks' });
      return made.id;
    });
    const results = await town.sling([convoy]);
    expect(results.map(({ kind }) => kind)).toEqual(['dispatched', 'dispatched']);
    expect(await town.hq.list({ type: ['convoy'] })).toMatchObject([{ id: convoy }]);
    expect(readAttachment(await town.bead(beads[0]?.id ?? ''))?.convoyId).toBe(convoy);
  });
});

describe('several beads', () => {
  test('--max-concurrent is a limit, and each is slung once, in order', async () => {
    const beads = await Promise.all(Array.from({ length: 5 }, () => town.create()));
    let now = 0;
    let most = 0;
    const failpoint = (step: string, when: string): void => {
      if (step === 'F1' && when === 'before') most = Math.max(most, (now += 1));
      if (step === 'F7' && when === 'after') now -= 1;
    };
    const other = await asProcess(town, { failpoint });
    const results = await other.sling([...beads.map(({ id }) => id), 'proj'], { maxConcurrent: 2 });
    expect(results.map((result) => [result.kind, result.bead.id])).toEqual(
      beads.map(({ id }) => ['dispatched', id]),
    );
    expect(most).toBe(2);
  });
});

describe('flags of the session', () => {
  test('--account moves the runtime’s folder, and an unknown one is refused before anything is written', async () => {
    await town.setTown({ agents: { helper: { command: 'helper', provider: 'claude' } } });
    await town.files.writeAtomic(
      `${town.root}/mayor/accounts.json`,
      JSON.stringify({ version: 1, accounts: { work: { config_dir: '~/.claude-accounts/work' } } }),
    );
    const bead = await town.create();
    expect(say(await one([bead.id], { account: 'wrok' }))).toContain('account.not-found');
    expect(await town.bead(bead.id)).toMatchObject({ metadata: {} });
    const worker = await town.dispatch(bead.id, { account: 'work' });
    expect(town.panes.started(worker.session)?.env['CLAUDE_CONFIG_DIR']).toBe('/home/.claude-accounts/work');
    expect((await town.bead(bead.id)).metadata['account']).toBe('work');
  });

  test('--exec-wrapper comes first on the command line and stays with the bead; agents may not set it', async () => {
    const bead = await town.create();
    const mayor = await asProcess(town, { actor: parseAddress('mayor') });
    const refused = await mayor.sling([bead.id, 'proj'], { execWrapper: ['box'] });
    expect(say(refused[0])).toContain('sling.order-rights');
    const worker = await town.dispatch(bead.id, { execWrapper: ['box', 'run', '--'] });
    expect(town.panes.started(worker.session)?.argv.slice(0, 4)).toEqual(['box', 'run', '--', 'helper']);
    expect((await town.bead(bead.id)).metadata['exec_wrapper']).toMatchObject({ by: 'overseer' });
  });

  test('P26: a wrapper that an agent wrote into the ledger is not run', async () => {
    const bead = await town.create({
      metadata: { exec_wrapper: { argv: ['evil'], by: 'proj/polecats/x', at: '' } },
    });
    expect(say(await one([bead.id]))).toContain('sling.order-rights');
    expect(await town.panes.list()).toEqual([]);
    expect(await town.bead(bead.id)).toMatchObject({ status: 'open', assignee: '' });
  });

  test('P26: a script that an agent wrote into the ledger is not slung', async () => {
    const script = { cmd: 'evil', by: 'proj/polecats/x', at: '' };
    const bead = await town.create({ metadata: { script, runtime: 'script' } });
    expect(say(await one([bead.id], { agent: 'script' }))).toContain('sling.order-rights');
    expect(await town.bead(bead.id)).toMatchObject({ status: 'open', assignee: '' });
  });

  test('--ralph is written on the bead and told to the worker', async () => {
    const bead = await town.create();
    const worker = await town.dispatch(bead.id, { mode: 'ralph' });
    expect(readAttachment(await town.bead(bead.id))?.mode).toBe('ralph');
    const start = town.panes.started(worker.session);
    expect([...(start?.argv ?? []), start?.prompt].join(' ')).toContain('gt handoff');
  });
});

describe('a rig that is docked', () => {
  test('takes no work, whoever docked it', async () => {
    const bead = await town.create();
    await town.ledger.transaction('x', (tx) =>
      tx.create({ id: 'pj-rig-proj', title: 'Rig', type: 'rig', labels: ['status:docked'] }),
    );
    expect(say(await one([bead.id]))).toBe('sling.rig-parked: rig proj is docked');
  });
});

describe('a polecat by its full address', () => {
  test('is another one when it is dead, and itself when it is idle', async () => {
    const [first, second] = [await town.create(), await town.create()];
    const worker = await town.dispatch(first.id);
    await worker.begin();
    expect(say(await one([second.id, 'proj/polecats/furiosa']))).toContain('polecat.busy');
    town.panes.exit(worker.session, { code: 1 });
    expect(await one([second.id, 'proj/polecats/furiosa'])).toMatchObject({ dispatch: { worker: 'nux' } });
    const third = await town.create();
    await town.ledger.transaction('x', (tx) => tx.update(first.id, { status: 'open', assignee: '' }));
    expect(await one([third.id, 'proj/polecats/furiosa'])).toMatchObject({ dispatch: { worker: 'furiosa' } });
  });
});

describe('gt assign', () => {
  beforeEach(() => town.files.makeDir(`${town.root}/proj/crew/ann/.git`));
  const assign = async (more: Partial<Parameters<typeof assignWork>[1]> = {}) => {
    const to = await findCrew(town.ctx, { word: 'ann', rig: '', cwd: '/' });
    const plain = { to, bead: { title: 'Look', priority: 1 }, dryRun: false, force: false, nudge: false };
    return town.clock.drive(assignWork(town.ctx, { ...plain, ...more }));
  };

  test('makes a bead on the hook, in one transaction, and starts nobody', async () => {
    const { bead } = await assign({ nudge: true });
    expect(await town.bead(bead.id)).toMatchObject({
      title: 'Look',
      priority: 1,
      status: 'hooked',
      assignee: 'proj/crew/ann',
    });
    expect(await town.panes.observe(sessionOf(parseAddress('proj/crew/ann'), town.rig.prefix))).toMatchObject(
      { kind: 'none' },
    );
  });

  test('makes nothing on a dry run, on a full hook and for nobody', async () => {
    await assign({ dryRun: true });
    expect(await town.ledger.list({ type: ['task'] })).toEqual([]);
    await assign();
    await expect(assign()).rejects.toMatchObject({ code: 'hook.full' });
    expect(await town.ledger.list({ type: ['task'] })).toHaveLength(1);
    await expect(findCrew(town.ctx, { word: 'an', rig: '', cwd: '/' })).rejects.toMatchObject({
      code: 'crew.not-found',
    });
  });
});
