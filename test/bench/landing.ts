import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseSha } from '../../src/core/names.ts';
import { makeRealTown } from '../e2e/refinery/real-machine.ts';
import type { RealTown } from '../e2e/refinery/real-machine.ts';
import { Stop } from '../fakes/faults.ts';

/**
 * `node test/bench/landing.ts [--files 20000] [--requests 100] [--entries 0]`: what the merge engine itself costs on a
 * repository of that many files: to build the chain, to land it with a gate that costs nothing, to be on the way again
 * after a kill at each step, and with so many entries in the result cache and the flake ledger. Prints time and processor
 * time (own and of all git processes: on a busy machine the truer figure) beside the budgets; never fails on a slow one.
 */
const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '20000' },
    requests: { type: 'string', default: '100' },
    entries: { type: 'string', default: '0' },
  },
});
const [files, requests, entries] = [values.files, values.requests, values.entries].map(Number) as [
  number,
  number,
  number,
];
const STEPS = ['H2:after', 'H3:after', 'H4:after', 'H5:after', 'H7:after', 'H10:before'];

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const print = (name: string, figure: Figure, budget: number): void =>
  say(
    `${name.padEnd(40)}${figure.ms.toFixed(0).padStart(7)} ms ${figure.cpu.toFixed(0).padStart(7)} ms processor  budget ${budget} ms`,
  );
say(`${files} files, ${requests} merge requests\n`);

await withTown(async (town) => {
  const spy = spyOn(town);
  let chained: Figure | undefined;
  const timed = town.as({ git: spy.git }, (step, when) => {
    if (step === 'H2' && when === 'after') chained ??= meter.read();
  });
  const meter = startMeter();
  const { landed, runs } = await timed.tick();
  const total = meter.read();
  if (chained !== undefined) print(`chain of ${requests}`, chained, 5000);
  print('per landed request', share(total, landed.length), 150);
  say(`  ${landed.length} landed, ${runs} gate runs; calls of git: ${spy.summary()}`);
  await town.submit('again', { 'again.txt': 'a\n' });
  const one = startMeter();
  await town.tick();
  print('one more by itself', one.read(), 150);
});

for (const place of STEPS) {
  await withTown(async (town) => {
    await killAt(town, place);
    const stop = new AbortController();
    const meter = startMeter();
    let going: Figure | undefined;
    const again = town.as({}, (step, when) => {
      if (step !== 'H2' || when !== 'after') return;
      going ??= meter.read();
      stop.abort();
    });
    await again.tick(stop.signal);
    print(`on the way again after a kill at ${place}`, going ?? meter.read(), 2000);
  });
}

if (entries > 0) {
  const town = await makeRealTown();
  await town.set({ test_command: 'true' });
  for (const [name, count] of [
    ['none', 0],
    [String(entries), entries],
  ] as const) {
    fillCache(town, count);
    await town.submit('work', { [`of-${name}.txt`]: 'x\n' });
    const meter = startMeter();
    await town.tick();
    print(`one request, entries kept: ${name}`, meter.read(), 150);
  }
  await town.close();
}

interface Figure {
  readonly ms: number;
  readonly cpu: number;
}

function share({ ms, cpu }: Figure, parts: number): Figure {
  return { ms: ms / parts, cpu: cpu / parts };
}

/** Processor time of this process and of its children that have ended. */
function startMeter(): { read(): Figure } {
  const used = (): number => {
    const [, fields = ''] = readFileSync('/proc/self/stat', 'latin1').split(') ');
    const ticks = fields.split(' ').slice(11, 15).map(Number);
    return ticks.reduce((sum, some) => sum + some, 0) * 10;
  };
  const [since, before] = [performance.now(), used()];
  return { read: () => ({ ms: performance.now() - since, cpu: used() - before }) };
}

async function killAt(town: RealTown, place: string): Promise<void> {
  const dying = town.as({}, (step, when) => {
    if (`${step}:${when}` === place) throw new Stop(step, when);
  });
  await dying.tick().catch(() => undefined);
}

/** Passes of other trees of today, and flaky tests of other names. */
function fillCache(town: RealTown, count: number): void {
  if (count === 0) return;
  const today = new Date().toISOString().slice(0, 10);
  for (const folder of [`passes/${today}`, 'flakes']) {
    for (let part = 0; part < 256; part += 1) {
      const hex = part.toString(16).padStart(2, '0');
      mkdirSync(join(town.rig.paths.gateDir, folder, hex), { recursive: true });
    }
    for (let index = 0; index < count; index += 1) {
      const name = createHash('sha256').update(`${folder} ${index}`).digest('hex').slice(0, 40);
      writeFileSync(join(town.rig.paths.gateDir, folder, name.slice(0, 2), `${name}.json`), '');
    }
  }
}

async function withTown(work: (town: RealTown) => Promise<void>): Promise<void> {
  const town = await makeRealTown();
  try {
    await town.set({ test_command: 'true', batch: { max_batch_size: 32 } });
    await fill(town);
    await work(town);
  } finally {
    await town.close();
  }
}

/** Many files in nested folders, and branches that change one of them and add one. */
async function fill(town: RealTown): Promise<void> {
  const person = `worker <worker@example.test> ${Math.floor(Date.now() / 1000)} +0000`;
  const file = (path: string, text: string): string =>
    `M 100644 inline ${path}\ndata ${text.length}\n${text}\n`;
  const pathOf = (index: number): string => `src/d${index % 97}/e${index % 13}/f${index}.txt`;
  const text = (index: number): string =>
    Array.from({ length: 20 }, (_, line) => `line ${line} of ${index}`).join('\n');
  const commit = (ref: string, from: string, body: string): string =>
    `commit ${ref}\nauthor ${person}\ncommitter ${person}\ndata 4\nwork\nfrom ${from}\n${body}`;
  const main = Array.from({ length: files }, (_, index) => file(pathOf(index), text(index))).join('');
  const branches = Array.from({ length: requests }, (_, index) =>
    commit(
      `refs/heads/polecat/w${index}/x`,
      'refs/heads/main',
      [file(pathOf(index * 7), `${text(index * 7)}\nchanged`), file(`new/n${index}.txt`, text(index))].join(
        '',
      ),
    ),
  );
  const input = [commit('refs/heads/main', 'refs/heads/main^0', main), ...branches].join('\n');
  execFileSync('git', ['-C', town.origin.url, 'fast-import', '--quiet'], { input });
  const heads = execFileSync(
    'git',
    ['-C', town.origin.url, 'for-each-ref', '--format=%(objectname) %(refname:short)', 'refs/heads/polecat'],
    { encoding: 'utf8' },
  );
  for (const line of heads.trim().split('\n')) {
    const [sha = '', branch = ''] = line.split(' ');
    await town.enqueue(branch.split('/')[1] ?? '', { branch, head: parseSha(sha) });
  }
}

function spyOn(town: RealTown) {
  const calls: string[] = [];
  const wrap = <T extends object>(prefix: string, port: T): T =>
    new Proxy(port, {
      get(target, key, receiver) {
        const value: unknown = Reflect.get(target, key, receiver);
        const name = `${prefix}${String(key)}`;
        if (typeof value === 'object' && value !== null) return wrap(`${name}.`, value);
        if (typeof value !== 'function') return value;
        return (...args: readonly unknown[]): unknown => {
          calls.push(name);
          return Reflect.apply(value, target, args);
        };
      },
    });
  return {
    git: wrap('', town.ctx.ports.git),
    summary: () => {
      const by = new Map<string, number>();
      for (const name of calls) by.set(name, (by.get(name) ?? 0) + 1);
      return [...by]
        .sort((a, b) => b[1] - a[1])
        .map(([name, count]) => `${name} ${count}`)
        .join(', ');
    },
  };
}
