import { execa } from 'execa';
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { doltFolder, freePort } from '../support/dolt.ts';
import { createBareRepository, git } from '../e2e/support/repository.ts';
import type { TestHome } from '../e2e/support/town.ts';

/**
 * A town of the Go gt as it was recorded (`fixtures/go-town`), at `home.town`: its files, its two databases in a
 * real Dolt folder with two version commits and uncommitted changes after them, and its git side: a bare repository
 * with worktrees of the refinery and of two polecats (one on its branch, with a commit and an unsaved file), the
 * mayor's clone and a crew clone. Nothing of it runs.
 */
export async function buildGoTown(home: TestHome): Promise<GoTown> {
  const fixtures = join(import.meta.dirname, 'fixtures/go-town');
  const port = await freePort();
  cpSync(join(fixtures, 'files'), home.town, { recursive: true });
  renameSync(join(home.town, 'gitignore.txt'), join(home.town, '.gitignore'));
  renameSync(join(home.town, 'events.jsonl'), join(home.town, '.events.jsonl'));
  const fill = (text: string): string =>
    text
      .replaceAll('<town>', home.town)
      .replaceAll('<home>', home.home)
      .replaceAll('"dolt_server_port": 3307', `"dolt_server_port": ${port}`)
      .replaceAll('"port": 3307', `"port": ${port}`);
  for (const path of filesBelow(home.town)) writeFileSync(path, fill(readFileSync(path, 'utf8')));
  const data = join(home.town, '.dolt-data');
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, 'config.yaml'), `listener:\n  host: 127.0.0.1\n  port: ${port}\n`);
  const dolt = createDolt(home, data);
  for (const name of ['hq', 'proj']) {
    await dolt([], fill(readFileSync(join(fixtures, `${name}.sql`), 'utf8')));
    await dolt(
      ['--use-db', name],
      [
        "REPLACE INTO dolt_ignore VALUES ('wisps', 1), ('wisp_%', 1);",
        "CALL DOLT_COMMIT('-Am', 'bd: init', '--author', 'T <t@e.x>');",
        "INSERT INTO config VALUES ('kv.note', 'kept');",
        "CALL DOLT_COMMIT('-Am', 'bd: config', '--author', 'T <t@e.x>');",
        "UPDATE issues SET notes = 'not committed yet' ORDER BY id LIMIT 1;",
      ].join('\n'),
    );
  }
  buildRepositories(home);
  return { port, dolt };
}

export interface GoTown {
  readonly port: number;
  /** Runs `dolt sql` on the folder, without a server. Returns one line of JSON per statement that has rows. */
  readonly dolt: (words: readonly string[], sql: string) => Promise<string>;
}

function createDolt(home: TestHome, cwd: string): GoTown['dolt'] {
  return async (words, sql) => {
    const result = await execa(join(doltFolder ?? '', 'dolt'), [...words, 'sql', '-r', 'json'], {
      cwd,
      input: sql,
      env: { ...home.env, DOLT_DISABLE_EVENT_FLUSH: 'true' },
      extendEnv: false,
    });
    return result.stdout;
  };
}

function buildRepositories(home: TestHome): void {
  const rig = join(home.town, 'proj');
  const origin = createBareRepository(join(home.home, 'proj.git'));
  const bare = join(rig, '.repo.git');
  git(home.home, 'clone', '-q', '--bare', origin, bare);
  git(bare, 'config', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*');
  git(bare, 'fetch', '-q', 'origin');
  git(home.home, 'clone', '-q', origin, join(rig, 'mayor/rig'));
  git(home.home, 'clone', '-q', origin, join(rig, 'crew/ann'));
  writeFileSync(join(rig, 'crew/ann/draft.md'), 'a draft\n');
  const state = { name: 'ann', rig: 'proj', clone_path: join(rig, 'crew/ann'), branch: 'main' };
  writeFileSync(join(rig, 'crew/ann/state.json'), JSON.stringify(state));
  // The fixture's files lie where git wants an empty folder.
  const add = (path: string, ...words: readonly string[]): void => {
    const aside = `${path}.files`;
    renameSync(path, aside);
    git(bare, 'worktree', 'add', '-q', path, ...words);
    cpSync(aside, path, { recursive: true });
    rmSync(aside, { recursive: true });
  };
  add(join(rig, 'refinery/rig'), '--detach', 'origin/main');
  add(join(rig, 'polecats/obsidian/proj'), '-b', 'polecat/obsidian/pj-1p6@x1', 'origin/main');
  writeFileSync(join(rig, 'polecats/obsidian/proj/done.md'), 'done\n');
  git(join(rig, 'polecats/obsidian/proj'), 'add', 'done.md');
  git(join(rig, 'polecats/obsidian/proj'), 'commit', '-q', '-m', 'Half of task 4');
  writeFileSync(join(rig, 'polecats/obsidian/proj/unsaved.md'), 'unsaved\n');
  mkdirSync(join(rig, 'polecats/quartz/proj/.beads'), { recursive: true });
  writeFileSync(join(rig, 'polecats/quartz/proj/.beads/redirect'), '../../../.beads\n');
  add(join(rig, 'polecats/quartz/proj'), '--detach', 'origin/main');
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
