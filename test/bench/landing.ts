import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { parseSha } from '../../src/core/names.ts';
import type { Processes } from '../../src/ports/processes.ts';
import type { TickReport } from '../../src/refinery/report.ts';
import { makeRealTown } from '../e2e/refinery/real-machine.ts';
import type { RealTown } from '../e2e/refinery/real-machine.ts';
import { Stop } from '../fakes/faults.ts';

/**
 * `node test/bench/landing.ts [--files 20000] [--requests 100]`: what the merge engine itself costs on a repository of
 * that many files: to build the chain, to land it with a gate that costs nothing, and to go on after a kill at each
 * step. Prints figures beside their budgets; never fails on a slow one.
 */
const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '20000' },
    requests: { type: 'string', default: '100' },
  },
});
const files = Number(values.files);
const requests = Number(values.requests);
const STEPS = ['H2:after', 'H3:after', 'H4:after', 'H5:after', 'H6:before', 'H7:after', 'H10:before'];

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const print = (name: string, ms: number, budget: number, note = ''): void =>
  say(`${name.padEnd(34)}${ms.toFixed(0).padStart(8)} ms   budget ${budget} ms ${note}`);
say(`${files} files, ${requests} merge requests\n`);

await withTown(async (town) => {
  const spy = spyOn(town);
  const marks = new Map<string, number>();
  const timed = town.as({ processes: spy.processes, git: spy.git }, (step, when) => {
    if (!marks.has(`${step}:${when}`)) marks.set(`${step}:${when}`, performance.now());
  });
  const started = performance.now();
  const report = await timed.tick();
  const total = performance.now() - started;
  const at = (mark: string): number => marks.get(mark) ?? Number.NaN;
  const chained = at('H2:after') - at('H1:before');
  print(`chain of ${requests}`, chained, 5000, `(${spy.until(at('H2:after'))} processes)`);
  print(
    'overhead per landed request',
    total / report.landed.length,
    150,
    `(${spy.count()} processes in all)`,
  );
  say(`  ${report.landed.length} landed, ${report.runs} gate runs; by command: ${spy.summary()}`);
  for (const [step, ms] of marks) say(`  ${step.padEnd(12)}${(ms - started).toFixed(0).padStart(8)} ms`);
});

for (const place of STEPS) {
  await withTown(async (town) => {
    const [step, when] = place.split(':');
    const dying = town.as({}, (at, moment) => {
      if (at === step && moment === when) throw new Stop(at, moment);
    });
    await dying.tick().catch(() => undefined);
    const started = performance.now();
    const report: TickReport = await town.tick();
    print(
      `recovery after a kill at ${place}`,
      performance.now() - started,
      2000,
      `(${report.landed.length} landed)`,
    );
  });
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
  const person = 'worker <worker@example.test> 1700000000 +0000';
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
  const calls: { readonly name: string; readonly at: number }[] = [];
  const wrap = <T extends object>(prefix: string, port: T): T =>
    new Proxy(port, {
      get(target, key, receiver) {
        const value: unknown = Reflect.get(target, key, receiver);
        const name = `${prefix}${String(key)}`;
        if (typeof value === 'object' && value !== null) return wrap(`${name}.`, value);
        if (typeof value !== 'function') return value;
        return (...args: readonly unknown[]): unknown => {
          calls.push({ name, at: performance.now() });
          return Reflect.apply(value, target, args);
        };
      },
    });
  return {
    processes: wrap<Processes>('processes.', town.ctx.ports.processes),
    git: wrap('git.', town.ctx.ports.git),
    count: () => calls.length,
    until: (at: number) => calls.filter((call) => call.at <= at).length,
    summary: () => {
      const by = new Map<string, number>();
      for (const { name } of calls) by.set(name, (by.get(name) ?? 0) + 1);
      return [...by]
        .sort((a, b) => b[1] - a[1])
        .map(([name, count]) => `${name} ${count}`)
        .join(', ');
    },
  };
}
