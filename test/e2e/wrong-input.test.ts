import { renameSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectRefusal, filesIn } from './support/refusal.ts';
import { createBareRepository, git } from './support/repository.ts';
import { createTestHome } from './support/town.ts';
import type { Outcome, TestHome } from './support/town.ts';

/* One town for the whole table: no wrong input may leave anything that disturbs the next. */

let home: TestHome;
let origin: string;
let bead: string;

beforeAll(async () => {
  home = createTestHome();
  origin = createBareRepository(join(home.home, 'origin.git'));
  git(home.home, 'init', '--quiet', '--bare', 'empty.git');
  await home.gt('install', home.town, '--store', 'sqlite');
  await home.gt('config', 'set', 'scheduler.max_polecats', '-1');
  await home.gt('rig', 'add', 'proj', origin, '--prefix', 'pj');
  bead = ((await home.bdJson('create', 'One', '--rig', 'proj')) as { readonly id: string }).id;
});

afterAll(async () => {
  await home.dispose();
});

interface Case {
  readonly program?: 'bd';
  readonly words: readonly string[];
  readonly says: RegExp;
  /** The next step, where there is one. */
  readonly hint?: RegExp;
}

/** `BEAD`, `ORIGIN` and `HOME` stand for what exists only when the test runs. */
const TABLE: Readonly<Record<string, readonly Case[]>> = {
  'an unknown rig': [
    { words: ['sling', 'BEAD', 'nope'], says: /^Error: no rig 'nope'$/, hint: /gt rig list/ },
    { words: ['rig', 'status', 'nope'], says: /no rig 'nope'/, hint: /gt rig list/ },
    { words: ['rig', 'remove', 'nope', '--force'], says: /no rig 'nope'/ },
    { words: ['mq', 'list', 'nope'], says: /no rig 'nope'/ },
    { program: 'bd', words: ['create', 'Two', '--rig', 'nope'], says: /nope/ },
  ],
  'a word that is no bead id': [
    { words: ['sling', 'NOT AN ID', 'proj'], says: /'NOT AN ID'/ },
    { words: ['sling', '../../etc/passwd', 'proj'], says: /passwd/ },
    { words: ['sling', "pj-1'; DROP TABLE issues; --", 'proj'], says: /DROP TABLE/ },
    { words: ['unsling', 'pj-'], says: /pj-/ },
  ],
  'a bead that is not there': [
    { words: ['sling', 'pj-zzzz9', 'proj'], says: /no issue found matching "pj-zzzz9"/, hint: /bd list/ },
    { words: ['unsling', 'pj-zzzz9'], says: /pj-zzzz9/ },
    { program: 'bd', words: ['show', 'pj-zzzz9'], says: /no issue found matching "pj-zzzz9"/ },
    { program: 'bd', words: ['dep', 'add', 'BEAD', 'pj-zzzz9'], says: /pj-zzzz9/ },
  ],
  'a title that looks like a flag': [
    { program: 'bd', words: ['create', '--titel', '--rig', 'proj'], says: /--titel/, hint: /--title/ },
    { program: 'bd', words: ['create', '--rig', 'proj', '--', '--titel'], says: /looks like a flag/ },
    { program: 'bd', words: ['create', '--title', '--rig', 'proj'], says: /looks like a flag/ },
    { words: ['sling', 'BEAD', 'proj', '--agnt', 'x'], says: /'--agnt'/, hint: /--agent/ },
    { words: ['--slin'], says: /unknown flag '--slin'/ },
    { words: ['slong'], says: /slong/, hint: /sling/ },
  ],
  'an unknown agent': [
    { words: ['sling', 'BEAD', 'proj', '--agent', 'nobody'], says: /agent 'nobody' not found/ },
    { words: ['config', 'default-agent', 'nobody'], says: /nobody/ },
  ],
  'a target that is not there': [
    { words: ['sling', 'BEAD', 'proj/polecats/../../x', '--agent', 'script', '--script', 'true'], says: /x/ },
    { words: ['attach', 'proj/nux'], says: /needs a terminal/, hint: /gt peek/ },
    { words: ['peek', 'pj-nux'], says: /pj-nux/ },
    { words: ['nudge', 'proj/nux', 'hello'], says: /nux/ },
    { words: ['polecat', 'nuke', 'proj/nux', '--force'], says: /nux/ },
    { words: ['polecat', 'status', 'proj/nux'], says: /nux/ },
    { words: ['mq', 'explain', 'pj-wisp-zzz'], says: /pj-wisp-zzz/ },
  ],
  'a remote that does not answer': [
    { words: ['rig', 'add', 'dead', 'https://127.0.0.1:1/x.git'], says: /does not answer/, hint: /URL/ },
    {
      words: ['rig', 'add', 'dead', 'ssh://git@127.0.0.1:1/x.git'],
      says: /does not answer: ssh: |cannot run ssh/,
      hint: /URL/,
    },
    { words: ['rig', 'add', 'dead', '/nowhere/x.git'], says: /\/nowhere\/x\.git/, hint: /URL/ },
    { words: ['rig', 'add', 'dead', '--upload-pack=touch pwned'], says: /upload-pack/ },
    { words: ['rig', 'add', 'dead', '--', '--upload-pack=touch pwned'], says: /upload-pack/ },
    { words: ['rig', 'add', 'dead', 'ext::sh -c touch% pwned'], says: /ext::/ },
  ],
  'a repository that cannot be a rig': [
    { words: ['rig', 'add', 'empty', 'HOME/empty.git'], says: /has no commits yet/, hint: /first commit/ },
    { words: ['rig', 'add', 'desk', 'ORIGIN.seed'], says: /has main checked out/, hint: /--mirror/ },
    {
      words: ['rig', 'add', 'other', 'ORIGIN', '--branch', 'no'],
      says: /no branch 'no'/,
      hint: /It has: main/,
    },
    { words: ['rig', 'add', 'other', 'ORIGIN', '--branch', '--x'], says: /--x/ },
  ],
  'a rig name or prefix that cannot be': [
    { words: ['rig', 'add', 'bad-name', 'ORIGIN'], says: /'bad-name' cannot name a rig/, hint: /bad_name/ },
    { words: ['rig', 'add', '../x', 'ORIGIN'], says: /cannot name a rig/ },
    { words: ['rig', 'add', '$(touch pwned)', 'ORIGIN'], says: /cannot name a rig/ },
    { words: ['rig', 'add', 'a\nb\u001b[31m', 'ORIGIN'], says: /cannot name a rig/ },
    { words: ['rig', 'add', 'hq', 'ORIGIN'], says: /'hq' cannot name a rig/ },
    { words: ['rig', 'add', 'proj', 'ORIGIN'], says: /already a rig 'proj'/ },
    { words: ['rig', 'add', 'other', 'ORIGIN', '--prefix', 'pj'], says: /belongs to rig proj/, hint: /pj2/ },
    { words: ['rig', 'add', 'other', 'ORIGIN', '--prefix', 'hq'], says: /belongs to the town/ },
    { words: ['rig', 'add', 'other', 'ORIGIN', '--prefix', 'a b'], says: /'a b'/ },
  ],
  'a folder that cannot be a town': [
    { words: ['install', 'HOME/town/sub'], says: /lies inside the town/ },
    { words: ['install', 'HOME/town'], says: /is a town already/, hint: /gt up/ },
    { words: ['install', 'HOME/origin.git/HEAD'], says: /is a file/ },
    { words: ['install', 'HOME/origin.git/HEAD/below'], says: /is a file/ },
    { words: ['install', 'HOME/new', '--store', 'oracle'], says: /oracle/ },
    { words: ['install', 'HOME/new', '--store', 'dolt', '--dolt-port', '70000'], says: /70000/ },
  ],
  'a setting that is not there': [
    {
      words: ['config', 'set', 'scheduler.max_polecat', '3'],
      says: /unknown/,
      hint: /scheduler\.max_polecats/,
    },
    { words: ['config', 'get', 'scheduler.max_polecat'], says: /unknown/, hint: /scheduler\.max_polecats/ },
    { words: ['config', 'set', 'scheduler.max_polecats', 'many'], says: /many/ },
    {
      words: ['rig', 'settings', 'set', 'proj', 'merge_queue.test_comand', 'x'],
      says: /unknown/,
      hint: /merge_queue\.test_command/,
    },
  ],
};

function run({ program, words }: Case): Promise<Outcome> {
  const args = words.map((word) =>
    word
      .replace(/^BEAD$/, bead)
      .replace(/^ORIGIN/, origin)
      .replace(/^HOME/, home.home),
  );
  return program === 'bd' ? home.tryBd(args) : home.tryGt(args, { cwd: home.town });
}

/** The files of the whole home and all beads: a command that refuses changes neither. */
async function picture(): Promise<unknown> {
  return { files: filesIn(home.home), beads: await home.bdJson('-C', 'proj', 'list', '--all', '-n', '0') };
}

describe('P14: wrong input is refused in one line and leaves nothing half made', () => {
  test.each(Object.entries(TABLE))('%s', async (_name, cases) => {
    const before = await picture();
    for (const row of cases) {
      const outcome = await run(row);
      try {
        expectRefusal(outcome, row.says);
        expect(outcome.stderr).toMatch(row.hint ?? /./);
      } catch (error) {
        throw new Error(`${row.program ?? 'gt'} ${row.words.join(' ')}: ${outcome.stderr}`, { cause: error });
      }
    }
    expect(await picture()).toEqual(before);
  });

  test('no town around', async () => {
    for (const words of [['status'], ['sling', 'pj-1', 'proj'], ['up'], ['rig', 'add', 'x', origin]]) {
      const outcome = await home.tryGt(words, { cwd: home.home });
      expectRefusal(outcome, /^Error: not in a Gas Town workspace$/);
      expect(outcome.stderr).toContain('gt install');
    }
  });

  test('the words of a person never end in 2, which would block an agent’s tool', async () => {
    for (const words of [['--nope'], ['sling'], ['rig', 'add'], ['status', '--json', '--nope']])
      expect((await home.tryGt(words)).code, words.join(' ')).toBe(1);
  });

  test('a settings file that is no JSON is named, and not replaced', async () => {
    const file = join(home.town, 'settings/config.json');
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, '{ "scheduler": ');
    try {
      for (const words of [
        ['sling', bead, 'proj', '--agent', 'script', '--script', 'true'],
        ['config', 'set', 'scheduler.max_polecats', '3'],
      ]) {
        const outcome = await home.tryGt(words);
        expectRefusal(outcome, /cannot read .*settings\/config\.json/);
        expect(outcome.stderr).toContain(`Repair ${file}`);
      }
      expect(readFileSync(file, 'utf8')).toBe('{ "scheduler": ');
    } finally {
      writeFileSync(file, good);
    }
  });

  test('with the remote gone work starts from what was fetched, waits, and lands once the remote is back', async () => {
    const moved = `${origin}.gone`;
    await home.gt('up');
    renameSync(origin, moved);
    try {
      await home.gt('sling', bead, 'proj', '--agent', 'script', '--script', 'echo offline > offline.md');
      await home.until('the missing remote is told', async () =>
        (await home.gt('status')).includes('the remote does not answer') ? true : undefined,
      );
      expect(await home.bdJson('show', bead)).toMatchObject([{ status: 'in_progress' }]);
    } finally {
      renameSync(moved, origin);
    }
    await home.until('landed', async () =>
      git(origin, 'ls-tree', '--name-only', 'main').includes('offline.md') ? true : undefined,
    );
    await home.gt('down');
  });
});
