import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createBareRepository, git } from '../e2e/support/repository.ts';
import type { TestHome } from '../e2e/support/town.ts';
import { medianOf } from './measure.ts';

const FILES = 2000;
/** A rig has at most 30 folders, a town at most 25 workers at a time. */
const MOST = 20;

interface SlingBench {
  readonly home: TestHome;
  /** The built `gt`. */
  readonly gt: string;
  readonly rounds: number;
  /** Milliseconds that the issue allows until the agent's process has started. */
  readonly budget: number;
}

/** Milliseconds from the start of the command. */
interface Sling {
  readonly agent: number;
  readonly command: number;
  /** Bare `node -e 0` right before: how busy the machine is. */
  readonly node: number;
}

/**
 * From `gt sling` to the first instruction of the agent's process, on a repository of 2,000 files: into new worktrees
 * first, then into the same ones again. The agent says itself when it starts, by a file.
 */
export async function benchSling(bench: SlingBench): Promise<string> {
  const { home } = bench;
  const started = join(home.home, 'started');
  mkdirSync(started);
  const rounds = Math.min(bench.rounds, MOST);
  const beads = await buildRig(home, { started, count: 2 * rounds });
  const fresh = beads.slice(0, rounds).map((bead) => slingOnce(bench, started, bead));
  for (const bead of beads.slice(0, rounds)) await home.gt('unsling', bead, '--force');
  const reused = beads.slice(rounds).map((bead) => slingOnce(bench, started, bead));
  return [
    `  gt sling, ${FILES} files, ${rounds} times  agent starts  command ends  node -e 0   ratio  budget`,
    line('into a new worktree', fresh, bench.budget),
    line('into one used before', reused, bench.budget),
  ].join('\n');
}

async function buildRig(
  home: TestHome,
  { started, count }: { readonly started: string; readonly count: number },
): Promise<readonly string[]> {
  const repository = bigRepository(home);
  await home.gt('rig', 'add', 'big', repository, '--prefix', 'bg');
  await home.gt('config', 'set', 'scheduler.max_polecats', '-1');
  const agent = `sh -c ': > "${started}/$GT_ISSUE"; printf "❯ "; exec sleep 3600'`;
  await home.gt('config', 'agent', 'set', 'starter', agent);
  const beads: string[] = [];
  for (let index = 0; index < count; index += 1)
    beads.push((await home.bd('q', `Bead ${index}`, '--prefix', 'bg')).trim());
  return beads;
}

function bigRepository(home: TestHome): string {
  const bare = createBareRepository(join(home.home, 'big.git'));
  const work = join(home.home, 'big');
  git(home.home, 'clone', '-q', bare, work);
  for (let index = 0; index < FILES; index += 1) {
    const path = join(work, `part${index % 40}`, `file${index}.ts`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `export const value${index} = ${index};\n`.repeat(40));
  }
  git(work, 'add', '-A');
  git(work, 'commit', '-q', '-m', 'Many files');
  git(work, 'push', '-q', 'origin', 'HEAD');
  return bare;
}

function slingOnce({ home, gt }: SlingBench, started: string, bead: string): Sling {
  const before = Date.now();
  spawnSync(process.execPath, ['-e', '0']);
  const from = Date.now();
  const result = spawnSync(gt, ['sling', bead, 'big', '--agent', 'starter'], {
    cwd: home.town,
    env: home.env,
    encoding: 'utf8',
  });
  const command = Date.now() - from;
  if (result.status !== 0) throw new Error(`gt sling ${bead} ended with ${result.status}: ${result.stderr}`);
  return { agent: statSync(join(started, bead)).mtimeMs - from, command, node: from - before };
}

function line(name: string, slings: readonly Sling[], budget: number): string {
  const [agent = 0, command = 0, node = 1] = (['agent', 'command', 'node'] as const).map((key) =>
    medianOf(slings.map((sling) => sling[key])),
  );
  const ms = (value: number): string => `${value.toFixed(0)} ms`.padStart(12);
  const numbers = `${ms(agent)}  ${ms(command)}  ${ms(node).slice(3)}  ${(agent / node).toFixed(1).padStart(5)}x`;
  return `  ${name.padEnd(32)}${numbers}  ${budget} ms${agent <= budget ? '' : '  OVER'}`;
}
