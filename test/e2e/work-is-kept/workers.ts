import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runGt } from '../../unit/cli/run-gt.ts';
import type { TestHome } from '../support/town.ts';
import { HOARDS, pictureOf } from './hoards.ts';
import type { Hoard } from './hoards.ts';

/** A stopped worker that holds a bead, and bytes that are nowhere else. */
export interface Worker {
  readonly bead: string;
  readonly name: string;
  readonly worktree: string;
  readonly hoard: Hoard;
  /** What git says of the worktree once the hoard is in it. */
  readonly picture: string;
}

/** One for each hoard; the town is down afterwards. The agent `sitter` must be there. */
export async function hireWorkers(
  home: TestHome,
  hoards: readonly Hoard[] = HOARDS,
): Promise<readonly Worker[]> {
  const beads: string[] = [];
  for (const hoard of hoards)
    beads.push(((await home.bdJson('create', hoard.name, '--rig', 'proj')) as { readonly id: string }).id);
  await home.gt('sling', ...beads, 'proj', '--agent', 'sitter');
  const rows = (await home.gtJson('polecat', 'list', 'proj')) as { name: string; issue: string }[];
  await home.gt('down');
  return hoards.map((hoard, index) => {
    const bead = beads[index] ?? '';
    const name = rows.find((row) => row.issue === bead)?.name ?? '';
    const worktree = join(home.town, 'proj/polecats', name, 'proj');
    hoard.bury(worktree);
    return { bead, name, worktree, hoard, picture: pictureOf(worktree) };
  });
}

/**
 * Runs one command that must end with `code`, and returns everything it printed: in this process, on the real git and
 * the real ledger, because hundreds of starts of a program would be most of the time.
 */
export async function say(home: TestHome, code: 0 | 1, args: readonly string[]): Promise<string> {
  const outcome = await runGt({ home: home.home, cwd: home.town, env: home.env }, args);
  expect(outcome.code, `${args.join(' ')}\n${outcome.stderr}\n${outcome.stdout}`).toBe(code);
  return `${outcome.stdout}\n${outcome.stderr}`;
}

/** By the one command that was printed for this worker: everything as it was, and each treasure among it. */
export async function expectBack(home: TestHome, said: string, worker: Worker): Promise<void> {
  const lines = said.split('\n').filter((line) => line.includes(`gt rescue restore proj/${worker.name}/`));
  const commands = [...new Set(lines.map((line) => line.slice(line.indexOf('gt rescue')).trim()))];
  const what = `${worker.hoard.name} of ${worker.name}:\n${said}`;
  expect(commands, what).toHaveLength(1);
  const place = join(mkdtempSync(join(home.home, 'back-')), worker.name);
  const [, ...args] = (commands[0] ?? '').split(' ');
  await say(home, 0, [...args, '--to', place]);
  expectSame(place, worker, what);
}

export function expectSame(place: string, { hoard, picture }: Worker, what: string): void {
  for (const [text, read] of Object.entries(hoard.treasures)) expect(read(place), what).toBe(text);
  expect(pictureOf(place), what).toBe(picture);
}
