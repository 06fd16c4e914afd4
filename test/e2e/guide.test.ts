import { execa } from 'execa';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBareRepository } from './support/repository.ts';
import { createTestHome, type TestHome } from './support/town.ts';

/*
 * Every `sh` block of the README and the guide is run as it stands, in order, in one bash per page and a fresh HOME. What
 * cannot be run here is replaced by what stands in this table, and each replacement must be needed.
 */

interface Page {
  readonly file: string;
  /** Text of the page → what is run instead, and why. */
  readonly instead: readonly (readonly [text: string | RegExp, run: string])[];
  /** Run before the first block. */
  readonly before?: string;
}

/** Work for a model is done by a command: no account is at hand. */
const BY_SCRIPT = (command: string): string => `--agent script --script '${command}'`;

const PAGES: readonly Page[] = [
  {
    file: 'docs/guide/start.md',
    instead: [
      // Else work waits while the machine that runs the tests is busy.
      [
        'gt rig add shop ~/shop.git\n',
        'gt rig add shop ~/shop.git; gt config set scheduler.max_polecats -1\n',
      ],
      ['gt sling "$bead" shop\n', `gt sling "$bead" shop ${BY_SCRIPT('echo 1, 2, 3 > prices.md')}\n`],
    ],
  },
  { file: 'docs/guide/machine.md', instead: [] },
  { file: 'docs/guide/stop-and-remove.md', instead: [] },
  { file: 'docs/guide/ci.md', instead: [] },
  {
    file: 'README.md',
    before: 'mkdir -p ~/project; cd ~/project',
    instead: [
      // Has its own test (quickstart.test.ts), and is not this page's town.
      [/^\.\/scripts\/quickstart.*\n/m, ':\n'],
      // Runs this test.
      [/^\.\/scripts\/test.*\n/m, ':\n'],
      ['git@example.org:shop.git', '~/shop.git'],
      ["merge_queue.test_command 'npm test'", "merge_queue.test_command 'true'"],
      [
        'bd create "Round prices to cents" --rig shop ',
        'bead=$(bd create "Round prices to cents" --rig shop --silent) ',
      ],
      [
        'gt up && gt sling sh-x7k shop ',
        `gt up && gt sling "$bead" shop ${BY_SCRIPT('echo 1.00 > prices')} `,
      ],
      // Terminals and agents of their own: tried in attach, crew, handoff and seance tests.
      [/^gt mayor attach.*\n/m, 'gt mayor status\n'],
      ['&& gt crew at ann ', '&& gt crew list '],
      [/^gt sling sh-x7k mayor.*\n/m, 'gt hook status || true\n'],
      [/^gt nudge shop\/furiosa.*\n/m, 'gt nudge --help > /dev/null\n'],
      [/^gt handoff .*\n/m, 'gt handoff --help > /dev/null\n'],
      [/^bd init /m, 'gt down; cd ~/project; bd init '],
      [
        'bd update <id> --claim',
        'bd update $(bd ready --json | sed -n \'s/.*"id": "\\(.*\\)".*/\\1/p\' | head -1) --claim',
      ],
    ],
  },
];

let home: TestHome;
beforeEach(() => {
  home = createTestHome();
  writeFileSync(join(home.home, '.gitconfig'), '[user]\n\tname = Ann\n\temail = ann@example.test\n');
  createBareRepository(join(home.home, 'readme.git'));
});
afterEach(() => home.dispose());

test.each(PAGES.map((page) => [page.file, page] as const))(
  '%s: every command does what the page says',
  async (file, page) => {
    const text = readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8');
    const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
    expect(blocks.length).toBeGreaterThan(0);
    let script = blocks.map((block, index) => `echo "block ${index + 1}" >&2\n${block}`).join('\n');
    for (const [from, to] of page.instead) {
      const next = script.replace(from, () => to);
      expect(next, `nothing to replace: ${String(from)}`).not.toBe(script);
      script = next;
    }
    if (file === 'README.md') createBareRepository(join(home.home, 'shop.git'));
    mkdirSync(join(home.home, 'src'), { recursive: true });
    const result = await execa('bash', ['-e', '-u', '-o', 'pipefail'], {
      cwd: home.home,
      input: `${page.before ?? ''}\n${script}`,
      env: { ...home.env, SHELL: '/bin/bash' },
      extendEnv: false,
      reject: false,
      timeout: 170_000,
    });
    for (const root of ['gt', 'town'])
      await home.tryGt(['down'], {
        cwd: existsSync(join(home.home, root)) ? join(home.home, root) : home.home,
      });
    expect(result.exitCode, `${result.stderr.slice(-3000)}\n${result.stdout.slice(-1500)}`).toBe(0);
  },
  200_000,
);

test('no page of the guide with commands is left out', () => {
  const folder = resolve(import.meta.dirname, '../../docs/guide');
  const withCommands = readdirSync(folder).filter((name) =>
    /^```sh$/m.test(readFileSync(join(folder, name), 'utf8')),
  );
  expect(PAGES.map(({ file }) => file)).toEqual(
    expect.arrayContaining(withCommands.map((name) => `docs/guide/${name}`)),
  );
});
