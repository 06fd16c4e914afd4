import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createBareRepository, git } from '../e2e/support/repository.ts';
import { createTestHome } from '../e2e/support/town.ts';
import type { TestHome } from '../e2e/support/town.ts';
import { buildCurve, renderGrowth } from './curve.ts';
import { measure, renderFigures } from './measure.ts';
import type { BenchCase } from './measure.ts';
import { seedBeads } from './seed.ts';
import { benchSling } from './sling.ts';

/**
 * `npm run bench [-- --rounds 20 --beads 2000 --agents 20 --store sqlite|dolt]`: start-up and read commands of the
 * built gt against bare `node -e 0` in the same minute. Prints; never fails on a slow figure. With
 * `--curve 10,1000,10000,100000` instead how the commands of bd grow with the number of beads; with `--sling` how long it
 * takes from `gt sling` to the agent's process.
 */
const ROOT = resolve(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    beads: { type: 'string', default: '2000' },
    agents: { type: 'string', default: '20' },
    store: { type: 'string', default: 'sqlite' },
    curve: { type: 'string' },
    sling: { type: 'boolean', default: false },
  },
});

if (!existsSync(join(ROOT, 'dist/stamp'))) {
  process.stderr.write('Error: there is no build to measure\n\nRun: npm run build\n');
  process.exit(1);
}

const home = createTestHome();
/** A checkout of its own: whoever edits sources meanwhile must not turn the built gt into the unbuilt one. */
const checkout = copyCheckout(join(home.home, 'checkout'));
try {
  if (values.sling) await printSling();
  else if (values.curve === undefined) await printTown();
  else await printCurve(values.curve.split(',').map(Number));
} finally {
  await home.dispose();
}

function copyCheckout(folder: string): string {
  for (const part of ['bin', 'dist', 'src', 'templates', 'formulas', 'package.json']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'dist/stamp'), '');
  return folder;
}

async function printTown(): Promise<void> {
  await buildTown(home);
  const title = `${values.store} store, ${values.beads} beads, ${values.agents} agents, median of ${values.rounds}, Node ${process.version}`;
  const rounds = Number(values.rounds);
  const all = [...cases(home), ...(await handInCases(home, rounds))];
  process.stdout.write(`${title}\n\n${renderFigures(measure(all, rounds))}\n`);
}

async function printCurve(sizes: readonly number[]): Promise<void> {
  // Rows by the thousand need more memory than any day's work; measured is a server with its usual limit.
  await install({ GOMEMLIMIT: '4GiB' });
  const rounds = Number(values.rounds);
  const curve = await buildCurve({ home, bd: join(checkout, 'bin/bd'), store: values.store, sizes, rounds });
  await home.gt('down');
  await home.gt('up');
  await home.gt('daemon', 'stop');
  const figures = measure(curve, rounds);
  const title = `${values.store} store, 3 edges per bead, median of ${values.rounds}, Node ${process.version}`;
  process.stdout.write(`${title}\n\n${renderFigures(figures)}\n\n${renderGrowth(figures)}\n`);
}

async function printSling(): Promise<void> {
  await install();
  const budget = values.store === 'dolt' ? 1000 : 700;
  const gt = join(checkout, 'bin/gt');
  const table = await benchSling({ home, gt, rounds: Number(values.rounds), budget });
  process.stdout.write(`${values.store} store, median, Node ${process.version}\n\n${table}\n`);
}

async function install(env: Readonly<Record<string, string>> = {}): Promise<void> {
  const port = values.store === 'dolt' ? ['--dolt-port', await freePort()] : [];
  const owner = ['--name', 'bench', '--owner', 'bench@example.com'];
  const words = ['install', home.town, ...owner, '--store', values.store, ...port];
  const { code, stderr } = await home.tryGt(words, { env });
  if (code !== 0) throw new Error(stderr);
  // Every round has a worker of its own; beyond the town's upper bound only by --force.
  await home.gt('config', 'set', 'scheduler.max_polecats', '-1');
}

async function buildTown(home: TestHome): Promise<void> {
  const { town, env } = home;
  await install();
  const repository = createBareRepository(join(home.home, 'demo.git'));
  await home.gt('rig', 'add', 'demo', repository, '--prefix', 'dm');
  await seedBeads({ root: town, env }, 'demo', Number(values.beads));
  await startAgents(home, Number(values.agents));
}

/** Workers that hold a bead each and only sleep. */
async function startAgents(home: TestHome, count: number): Promise<void> {
  await home.gt('config', 'set', 'scheduler.max_polecats', '-1');
  await home.gt('config', 'agent', 'set', 'sleeper', `sh -c 'printf "❯ "; exec sleep 3600'`);
  for (let index = 0; index < count; index += 1) {
    const id = (await home.bd('q', `Work of agent ${index}`, '--prefix', 'dm')).trim();
    await home.gt('sling', id, 'demo', '--agent', 'sleeper');
  }
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return String(typeof address === 'object' ? (address?.port ?? 0) : 0);
}

/** What each of thirty bars costs every five seconds: one of them looks, the others find what it has drawn. */
function statusLine({ town, env }: TestHome): BenchCase {
  const kept = join(town, '.runtime/status-bars');
  const argv = [join(checkout, 'bin/gt'), 'status-line', '--session=hq-mayor'] as const;
  return {
    name: 'gt status-line',
    argv: () => {
      writeFileSync(kept, `${Math.floor(Date.now() / 1000)}\nhq-mayor all well |\n`);
      return argv;
    },
    cwd: town,
    env: { ...env, GT_TOWN_ROOT: town },
    budget: { above: 40 },
  };
}

function cases(home: TestHome): readonly BenchCase[] {
  const { town, env } = home;
  const bin = (program: string, ...args: readonly string[]): BenchCase => ({
    name: [program, ...args].join(' '),
    argv: [join(checkout, 'bin', program), ...args],
    cwd: town,
    env,
  });
  /** A hook of the first worker, as its runtime calls it. */
  const hook = (...args: readonly string[]): BenchCase => ({
    ...bin('gt', ...args),
    env: { ...env, GT_ROLE: 'demo/polecats/furiosa', GT_SESSION: 'dm-furiosa', GT_SPAWN: '1' },
  });
  mkdirSync(join(town, 'demo'), { recursive: true });
  const read = { above: values.store === 'dolt' ? 130 : 90 };
  return [
    { ...bin('gt', 'version'), budget: { above: 20 } },
    { ...bin('gt', '--help'), budget: { above: 60 } },
    statusLine(home),
    bin('gt', 'config', 'get', 'default_agent'),
    { ...bin('bd', 'ready', '--json'), cwd: join(town, 'demo'), budget: read },
    { ...bin('gt', 'hook'), budget: read },
    { ...bin('gt', 'status'), budget: { total: 400 } },
    {
      ...bin('gt', 'tap', 'guard', 'all'),
      env: { ...env, GT_ROLE: 'demo/polecats/nux', GT_TOWN_ROOT: town },
      input: JSON.stringify({
        tool_name: 'Bash',
        tool_input: { command: 'npm ci && npm test 2>&1 | tail -5' },
      }),
      budget: { total: 100 },
    },
    { ...hook('prime', '--hook'), budget: { total: 250 } },
    { ...hook('signal', 'stop'), budget: { total: 500 } },
    { ...hook('mail', 'check', '--inject'), budget: { above: 40 } },
    { ...hook('checkpoint', 'write'), budget: { total: 500 } },
  ];
}

/** `gt done` of another worker each time, beside what git alone takes to push as much. */
async function handInCases(home: TestHome, rounds: number): Promise<readonly BenchCase[]> {
  const { town, env } = home;
  const runs = Array.from({ length: rounds + 1 }, (_, run) => run);
  const repository = createBareRepository(join(home.home, 'hand.git'));
  await home.gt('rig', 'add', 'hand', repository, '--prefix', 'hd');
  const workers: string[] = [];
  for (const run of runs) {
    const id = (await home.bd('q', `Hand in ${run}`, '--prefix', 'hd')).trim();
    await home.gt('sling', id, 'hand', '--agent', 'sleeper', '--force');
    const [worker = ''] = ((await home.bdJson('show', id)) as { assignee: string }[]).map(
      (row) => row.assignee,
    );
    const worktree = join(town, 'hand/polecats', worker.split('/')[2] ?? '', 'hand');
    writeFileSync(join(worktree, `${run}.md`), 'done\n');
    git(worktree, 'add', '-A');
    git(worktree, 'commit', '-q', '-m', `Work ${run}`);
    workers.push(worker);
  }
  const clone = join(home.home, 'clone');
  git(home.home, 'clone', '-q', repository, clone);
  for (const run of runs) {
    writeFileSync(join(clone, `${run}.txt`), 'pushed\n');
    git(clone, 'add', '-A');
    git(clone, 'commit', '-q', '-m', `Push ${run}`);
    git(clone, 'branch', `b${run}`);
  }
  const push = (run: number): readonly [string, ...string[]] => ['git', 'push', '-q', 'origin', `b${run}`];
  const gt = join(checkout, 'bin/gt');
  const done = (run: number): readonly [string, ...string[]] => [
    'env',
    `GT_ROLE=${workers[run]}`,
    'GT_SPAWN=1',
    gt,
    'done',
  ];
  return [
    { name: 'git push', argv: push, cwd: clone, env },
    { name: 'gt done', argv: done, cwd: town, env, budget: { beyond: 'git push', ms: 600 } },
  ];
}
