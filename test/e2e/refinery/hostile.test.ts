import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExternalError } from '../../../src/core/errors.ts';
import { resumeLane } from '../../../src/refinery/pause.ts';
import type { TickReport } from '../../../src/refinery/report.ts';
import { createFaults } from '../../fakes/faults.ts';
import { auditQueue } from '../../scenario/refinery/audit.ts';
import type { Submitted } from '../../scenario/refinery/merge-town.ts';
import { runWorkers } from '../../support/workers.ts';
import { makeRealTown } from './real-machine.ts';
import type { RealTown } from './real-machine.ts';

/*
 * What the world does to a merge queue, on real git and processes. In every row `ace` submits a good change and `bob`
 * one on which the gate does something. `during` is the pass in which it happens; then the world is put right and
 * the queue settles: the good change has landed exactly once, whatever happened before, and bob's has the fate that
 * the row says.
 */
interface Row {
  /** The whole gate command. Default: it passes where bob's file is not, else `onBob` happens. `$HOME`: of the test. */
  readonly gate?: string;
  readonly onBob?: string;
  readonly timeout?: string;
  readonly during?: (town: RealTown) => Promise<readonly TickReport[]>;
  /** Where the good change is after that pass. */
  readonly ace: Fate;
  /** What the pass says. */
  readonly says?: RegExp;
  readonly after?: (town: RealTown) => Promise<void>;
  /** In the end. */
  readonly bob: Fate;
  readonly check?: (town: RealTown, bob: Submitted) => Promise<void>;
}
type Fate = 'landed' | 'waits' | 'sent back';

const YEAR = 365 * 24 * 3_600_000;
const FAILS = 'echo not ok 1 - bob; exit 1';

const rows: Readonly<Record<string, Row>> = {
  'two engines in two processes: one works, the other says who': {
    onBob: `sleep 0.5; ${FAILS}`,
    during: async (town) => {
      const script = new URL('./engine-process.ts', import.meta.url);
      const lines = await runWorkers(script, 2, () => ({ home: town.home }));
      return lines.map(([line]) => line as TickReport);
    },
    ace: 'landed',
    bob: 'sent back',
    check: async (town) => {
      // What one engine needs: both, bob's alone, the target, bob's again, ace's alone.
      expect((await town.lane()).runs).toBeLessThanOrEqual(5);
    },
  },
  'the clock jumps a year ahead while gates run': {
    during: (town) => withClock(town, YEAR),
    ace: 'landed',
    bob: 'sent back',
  },
  'the clock jumps a year back while gates run': {
    during: (town) => withClock(town, -YEAR),
    ace: 'landed',
    bob: 'sent back',
  },
  'trouble while the clock is a year ahead: when it is set right, nobody waits for that year': {
    gate: '/no/such/gate',
    during: async (town) => {
      const { clock } = town.ctx.ports;
      return [await town.as({ clock: { ...clock, now: () => clock.now() + YEAR } }).tick()];
    },
    ace: 'waits',
    says: /the command cannot run/,
    after: () => setGate(defaultGate(FAILS)),
    bob: 'sent back',
  },
  'the disk is full for the gate': {
    gate: 'cat /etc/hosts > /dev/full',
    ace: 'waits',
    says: /no space left on the disk/,
    after: useDefaultGate,
    bob: 'sent back',
  },
  'the disk is full: no log of a run can be written': {
    during: (town) => onFullDisk(town, 'files.writeAtomic', 2),
    ace: 'waits',
    says: /No space left on device/,
    after: resume,
    bob: 'sent back',
  },
  'the disk is full: nothing can be checked out': {
    during: (town) => onFullDisk(town, 'git.worktrees.add', 1),
    ace: 'waits',
    says: /No space left on device/,
    after: resume,
    bob: 'sent back',
  },
  'the disk is full for a moment: a merge cannot be written': {
    during: (town) => onFullDisk(town, 'git.objects.mergeTree', 1),
    ace: 'landed',
    says: /could not merge it: No space left on device/,
    bob: 'sent back',
  },
  'the remote takes a push and dies: the push reports failure': {
    during: (town) => withHook(town, 'post-update', 'kill -9 $PPID'),
    ace: 'landed',
    bob: 'sent back',
  },
  'the remote reports success and has nothing': {
    during: (town) =>
      withHook(town, 'post-receive', 'while read old new ref; do git update-ref "$ref" "$old"; done'),
    ace: 'waits',
    says: /accepted without effect/,
    after: resume,
    bob: 'sent back',
  },
  'the remote refuses, with escape codes in what it says': {
    during: (town) => withHook(town, 'pre-receive', String.raw`printf '\033[31mno\033[0m way\n' >&2; exit 1`),
    ace: 'waits',
    says: /the push to main failed: .*no.* way/,
    after: resume,
    bob: 'sent back',
  },
  'a gate hangs and does not hear TERM': {
    onBob: `trap '' TERM; while :; do sleep 600; done`,
    timeout: '300ms',
    ace: 'landed',
    bob: 'sent back',
    check: nothingRuns,
  },
  'a gate leaves children in groups and sessions of their own, which hold its output': {
    onBob: `sleep 600 & setsid sh -c 'trap "" TERM; sleep 600' & (setsid sleep 600 &) ; exit 0`,
    ace: 'landed',
    bob: 'landed',
    check: nothingRuns,
  },
  'a gate changes a tracked file and passes': {
    onBob: 'echo changed >> README.md',
    ace: 'landed',
    bob: 'sent back',
    check: (town, bob) => blames(town, bob, 'README.md changed'),
  },
  'a gate commits what it changes and passes': {
    onBob: 'echo x >> README.md; git -c user.name=x -c user.email=x@x commit -qam x',
    ace: 'landed',
    bob: 'sent back',
    check: (town, bob) => blames(town, bob, 'HEAD is at'),
  },
  'a gate leaves files, a repository, a rebase and a lock of the index behind': {
    onBob:
      'mkdir -p junk/.git; touch junk/file; cd "$(git rev-parse --git-dir)"; touch index.lock; mkdir rebase-merge',
    ace: 'landed',
    bob: 'landed',
  },
  'a gate prints a gigabyte and passes': {
    onBob: 'yes not ok | head -c 1G',
    ace: 'landed',
    bob: 'landed',
    check: async (town) => expect(biggestLog(town)).toBeLessThan(2 * 1024 * 1024),
  },
  'a gate prints one line of 200 megabytes and fails': {
    onBob: `head -c 200M /dev/zero; echo; ${FAILS}`,
    ace: 'landed',
    bob: 'sent back',
    check: async (town, bob) => {
      expect((await town.mr(bob.mr)).evidence?.failing).toEqual(['bob']);
      expect(biggestLog(town)).toBeLessThan(2 * 1024 * 1024);
    },
  },
};

let town: RealTown;
beforeEach(async () => {
  town = await makeRealTown();
});
afterEach(() => town.close());

describe('P8: a merge queue in a hostile world', () => {
  it.each(Object.entries(rows))('%s', async (_, row) => {
    await setGate(row.gate ?? defaultGate(row.onBob ?? FAILS), row.timeout);
    const bob = await town.submit('bob', { 'bob.txt': 'b\n' }, { priority: 1 });
    const ace = await town.submit('ace', { 'ace.txt': 'a\n' });
    const reports = await (row.during?.(town) ?? once(town));
    const said = reports.flatMap(({ waiting, warnings }) => [...waiting, ...warnings]).join('\n');
    if (row.says !== undefined) expect(said).toMatch(row.says);
    expect(said).not.toContain('\u001B');
    expect({ said, ace: await fateOf(ace) }).toMatchObject({ ace: row.ace });
    expect(await auditQueue(town, [bob, ace])).toEqual([]);
    await row.after?.(town);
    await town.settle();
    expect([await fateOf(ace), await fateOf(bob)]).toEqual(['landed', row.bob]);
    expect(await auditQueue(town, [bob, ace])).toEqual([]);
    await row.check?.(town, bob);
    const eve = await town.submit('eve', { 'eve.txt': 'the queue still works\n' });
    expect((await town.tick()).landed).toMatchObject([{ mr: eve.mr }]);
  });
});

async function fateOf({ mr: id }: Submitted): Promise<Fate> {
  const { phase } = await town.mr(id);
  if (phase === 'done') return 'landed';
  return phase === 'evicted' ? 'sent back' : 'waits';
}

function setGate(cmd: string, timeout = '5m'): Promise<void> {
  return town.set({ gates: { test: { cmd: cmd.replaceAll('$HOME', town.home), timeout } } });
}

function defaultGate(onBob: string): string {
  return `test -e bob.txt || exit 0; ${onBob}`;
}

async function once(town: RealTown): Promise<readonly TickReport[]> {
  return [await town.tick()];
}

/** The gate works again; the lane goes on although it was told to wait. */
async function useDefaultGate(town: RealTown): Promise<void> {
  await setGate(defaultGate(FAILS));
  await resume(town);
}

async function resume({ ctx, rig }: RealTown): Promise<void> {
  await resumeLane(ctx, rig, 'main');
}

/** The clock is wrong from the moment at which the first gate runs. */
async function withClock(town: RealTown, by: number): Promise<readonly TickReport[]> {
  const { clock } = town.ctx.ports;
  let off = 0;
  const other = town.as({ clock: { ...clock, now: () => clock.now() + off } }, (step, when) => {
    if (step === 'H3' && when === 'after') off = by;
  });
  return [await other.tick()];
}

async function onFullDisk(town: RealTown, call: string, nth: number): Promise<readonly TickReport[]> {
  const faults = createFaults();
  faults.failOn(call, nth, new ExternalError({ code: 'git.failed', message: 'No space left on device' }));
  const { files, git } = town.ctx.ports;
  const other = town.as({ files: faults.wrap('files', files), git: faults.wrap('git', git) });
  const report = await other.tick();
  expect(faults.calls.filter((each) => each === call).length).toBeGreaterThanOrEqual(nth);
  return [report];
}

/** The remote has a hook during the pass. */
async function withHook(town: RealTown, name: string, script: string): Promise<readonly TickReport[]> {
  const hook = join(town.origin.url, 'hooks', name);
  mkdirSync(dirname(hook), { recursive: true });
  writeFileSync(hook, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const report = await town.tick();
  rmSync(hook);
  return [report];
}

async function nothingRuns({ ports, rig }: RealTown): Promise<void> {
  const left = async () => (await ports.processes.list(rig.paths.gateDir)).map(({ argv }) => argv.join(' '));
  await expect.poll(left, { timeout: 10_000 }).toEqual([]);
  const all = await ports.processes.list();
  expect(all.filter(({ argv }) => argv.join(' ') === 'sleep 600')).toEqual([]);
}

async function blames(town: RealTown, { mr }: Submitted, what: string): Promise<void> {
  const { evidence } = await town.mr(mr);
  expect(evidence).toMatchObject({ failure: 'dirty' });
  expect(evidence?.tail?.join('\n')).toContain(what);
}

function biggestLog({ rig }: RealTown): number {
  const folder = join(rig.paths.gateDir, 'logs');
  return Math.max(...readdirSync(folder).map((name) => statSync(join(folder, name)).size));
}
