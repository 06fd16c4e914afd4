import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UnavailableError } from '../../../src/core/errors.ts';
import { furnishWorktree } from '../../../src/hooks/furnish.ts';
import { readRigs } from '../../../src/rig/registry.ts';
import { DOCTOR_CHECKS } from '../../../src/watchdog/doctor/checks.ts';
import { runDoctor, type DoctorReport } from '../../../src/watchdog/doctor/run.ts';
import { TOWN_OPENS } from '../../../src/watchdog/doctor/unopened.ts';
import { makeMachine } from '../town/fake-town.ts';
import { addFakeRig } from './daemon-town.ts';
import { DAMAGE, type Break, type Patient } from './doctor-cases.ts';

const HOOK = resolve(import.meta.dirname, '../../../templates/git-hooks/hook.sh');

let patient: Patient;
let announced: string[];
beforeEach(async () => {
  announced = [];
  const machine = makeMachine();
  const { files, git } = machine;
  await files.writeAtomic('/templates/git-hooks/hook.sh', readFileSync(HOOK));
  machine.processes.program('node', () => ({ code: 0 }));
  await machine.install();
  const rig = await addFakeRig(machine, 'shop', 'sh');
  await files.writeAtomic('/town/.store/hq.db', '');
  const ctx = machine.context();
  const worktree = '/town/shop/polecats/ace/shop';
  const commit = await git.objects.resolve(rig.paths.bare, 'refs/remotes/origin/main');
  if (commit === undefined) throw new Error('no commit');
  await git.worktrees.add(rig.paths.bare, worktree, { commit, branch: 'polecat/ace/1' });
  await furnishWorktree(ctx, { rig, path: worktree, fresh: true });
  playDaemon(machine);
  patient = { machine, ctx, rig, worktree };
});
afterEach(() => patient.machine.close());

/** The daemon that `gt doctor --fix` starts. */
function playDaemon({ processes, ports }: Patient['machine']): void {
  const start = processes.startDetached.bind(processes);
  Object.assign(processes, {
    startDetached: async (...given: Parameters<typeof start>) => {
      const child = await start(...given);
      await ports.locks.acquire('daemon', { waitMs: 0, purpose: 'watch' });
      const view = { pid: child.pid, heartbeats: 0, troubles: [], engines: [] };
      await ports.ipc.serve('/town/.runtime/daemon.sock', async () => ({ view }));
      return child;
    },
  });
}

async function doctor(fix = false): Promise<readonly DoctorReport[]> {
  const { machine, ctx } = patient;
  const run = {
    fix,
    clock: machine.clock,
    onFix: ({ title }: { readonly title: string }) => void announced.push(title),
    onReport: () => undefined,
  };
  const closed = {
    root: '/town',
    paths: ctx.paths,
    files: machine.files,
    env: ctx.env,
    ports: machine.ports,
  };
  const first = await runDoctor([TOWN_OPENS], closed, run);
  const site = { ctx, ...(await readRigs(ctx)) };
  return [...first, ...(await machine.clock.drive(runDoctor(DOCTOR_CHECKS, site, run)))];
}

const reportOf = (reports: readonly DoctorReport[], name: string): DoctorReport | undefined =>
  reports.find((report) => report.name === name);
const unwell = (reports: readonly DoctorReport[]): readonly unknown[] =>
  reports.flatMap(({ name, outcome, found }) => (outcome === 'ok' ? [] : [{ name, outcome, found }]));

/** Every file of the town with what is in it. */
async function disk(folder = '/town'): Promise<Readonly<Record<string, string>>> {
  const { files } = patient.machine;
  const found: Record<string, string> = {};
  for (const { name, kind } of (await files.list(folder)) ?? []) {
    const path = `${folder}/${name}`;
    if (kind === 'dir') Object.assign(found, await disk(path));
    else found[path] = `${(await files.stat(path))?.mode} ${await files.readText(path)}`;
  }
  return found;
}

test('P13, P24: a fresh town with a rig and a worker is well', async () => {
  expect(unwell(await doctor())).toEqual([]);
});

test('P24: every check has damage that shows it, and damage is for checks that are there', () => {
  const names = [TOWN_OPENS.name, ...DOCTOR_CHECKS.map(({ name }) => name)];
  expect(new Set(names).size).toBe(names.length);
  expect(Object.keys(DAMAGE).toSorted()).toEqual(names.toSorted());
});

const CASES = Object.entries(DAMAGE).flatMap(([name, ways]) =>
  Object.entries(ways).map(([way, act]): [string, string, Break] => [name, way, act]),
);

describe('P24: broken, seen, repaired, well, and a second repair does nothing', () => {
  test.each(CASES)('%s: %s', async (name, _way, act) => {
    await act(patient);
    const before = await disk();
    const seen = reportOf(await doctor(), name);
    expect(seen).toMatchObject({ outcome: expect.stringMatching(/error|warning/) as string });
    expect(seen?.found.length).toBeGreaterThan(0);
    // Looking changes nothing.
    expect(await disk()).toEqual(before);

    const repaired = reportOf(await doctor(true), name);
    if (repaired?.byHand === true) {
      expect(repaired).toMatchObject({ outcome: seen?.outcome, found: seen?.found });
      expect(repaired.remedy.length).toBeGreaterThan(10);
      return;
    }
    expect(repaired).toMatchObject({ outcome: 'fixed', found: seen?.found });
    expect(announced).toContain(repaired?.title);

    const after = await disk();
    announced = [];
    expect(reportOf(await doctor(true), name)).toMatchObject({ outcome: 'ok', found: [] });
    expect(announced).not.toContain(repaired?.title);
    expect(await disk()).toEqual(after);
  });
});

test('P24: no repair removes a file that it did not make', async () => {
  for (const [, , act] of CASES.filter(([name]) => name !== 'ledger-answers')) await act(patient);
  const before = Object.keys(await disk()).filter((path) => !/shutting-down|\.pending$/.test(path));
  await doctor(true);
  const after = new Set(Object.keys(await disk()));
  expect(before.filter((path) => !after.has(path))).toEqual([]);
});

test('P14: a check that cannot look has not found all well, what needs it is not tried, the others go on', async () => {
  const { ctx } = patient;
  const error = new UnavailableError({ code: 'store.unavailable', message: 'the ledger is away' });
  const store = { ...ctx.ports.store, health: () => Promise.reject(error) };
  const ledgers = { ...ctx.ledgers, open: () => Promise.reject(error), hq: () => Promise.reject(error) };
  patient = { ...patient, ctx: { ...ctx, ledgers, ports: { ...ctx.ports, store } } };
  const reports = await doctor(true);
  expect(reportOf(reports, 'ledger-answers')).toMatchObject({
    outcome: 'error',
    found: ['could not look: the ledger is away'],
  });
  for (const name of ['beads-folders', 'standing-beads', 'ledger-content', 'rig-properties'])
    expect(reportOf(reports, name)).toMatchObject({ outcome: 'skipped' });
  expect(reportOf(reports, 'excludes')).toMatchObject({ outcome: 'ok' });
});
