import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installProject } from './support/project.ts';
import { openScreen } from './support/screen.ts';
import type { Screen } from './support/screen.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';

/** As each is started without anybody's settings. `hello $` is the prompt of all. */
const SHELLS = {
  bash: {
    start: `PS1='hello $ ' bash --norc --noprofile -i`,
    load: (name: string) => `source <(${name} completion bash)`,
  },
  zsh: {
    start: `PS1='hello %% ' zsh -f -i`,
    load: (name: string) => `autoload -U compinit && compinit -u -D && source <(${name} completion zsh)`,
  },
  fish: {
    start: `fish --no-config -i -C "function fish_prompt; echo 'hello > '; end"`,
    load: (name: string) => `${name} completion fish | source`,
  },
} as const;

/** The last thing on the screen is a prompt with nothing typed. */
const AT_PROMPT = /^hello .\s*$(?![\s\S])/m;

const EVIL = '$(touch evil) `touch evil` %F{red}%n : \\e[31m; touch evil';

let home: TestHome;
let first: string;
let second: string;

beforeAll(async () => {
  home = createTestHome();
  await installProject(home);
  first = await create('Round prices to cents');
  second = await create(EVIL);
  mkdirSync(join(home.town, 'proj/crew/ann/.git'), { recursive: true });
  mkdirSync(join(home.town, 'proj/polecats/furiosa'), { recursive: true });
}, 120_000);
afterAll(() => home.dispose());

async function create(title: string): Promise<string> {
  return (
    (await home.bdJson('create', title, '--rig', 'proj', '-p', title === EVIL ? '4' : '0')) as { id: string }
  ).id;
}

const isThere = (shell: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, shell)));
const isRequired = process.env['GT_REQUIRE_TOOLS'] === '1';

describe.each(Object.keys(SHELLS) as (keyof typeof SHELLS)[])('in %s', (shell) => {
  describe.skipIf(!isThere(shell) && !isRequired)('Tab', () => {
    let screen: Screen;

    beforeAll(async () => {
      screen = openScreen(home, SHELLS[shell].start);
      await screen.shows(/hello/);
      screen.type(`${SHELLS[shell].load('gt')}; ${SHELLS[shell].load('bd')}; clear; echo loa''ded`);
      screen.press('Enter');
      await screen.shows(/^loaded/m, AT_PROMPT);
    });
    afterAll(() => screen.close());

    /**
     * Ctrl-C only where there is something to leave, and seen to be over: a busy shell may take it after the keys that
     * follow. Pressed again when it ended a completion that was under way and not the line.
     */
    async function leaveLine(): Promise<void> {
      let looks = 0;
      await home.until('an empty line', async () => {
        if (AT_PROMPT.test(screen.text())) return true;
        if (looks % 10 === 0) screen.press('C-c');
        looks += 1;
        return undefined;
      });
    }

    /** Types on an empty line of an empty screen. */
    async function line(typed: string): Promise<void> {
      await leaveLine();
      screen.press('C-l');
      await screen.shows(/^hello .\s*$/);
      screen.type(typed);
    }

    async function command(words: string, answer: RegExp): Promise<string> {
      await line(words);
      screen.press('Enter');
      return screen.shows(answer, AT_PROMPT);
    }

    test('finishes commands, flags, rigs, workers, crew and runtimes, each where it fits', async () => {
      for (const [typed, done] of [
        ['gt slin', /gt sling$/m],
        ['gt mq lis', /gt mq list$/m],
        ['gt mq list --work', /gt mq list --worker/],
        ['gt rig remove pr', /gt rig remove proj/],
        ['gt polecat nuke proj/fu', /gt polecat nuke proj\/furiosa/],
        ['gt crew at an', /gt crew at ann/],
        ['gt sling x proj --agent scr', /--agent script/],
        ['gt crew list --rig=pr', /--rig=proj/],
        ['gt formula show mol-polecat-l', /mol-polecat-lease/],
        ['gt nudge proj/crew/a', /proj\/crew\/ann/],
      ] as const) {
        await line(typed);
        screen.press('Tab');
        await screen.shows(done);
      }
    });

    test('finishes a bead by its id, for gt and bd, and lists several with what they are about', async () => {
      const unique = shortest(second, first);
      for (const program of ['gt sling', 'bd show']) {
        await line(`${program} ${unique}`);
        screen.press('Tab');
        await screen.shows(new RegExp(`${program} ${second}`));
      }
      await line('gt sling pj-');
      screen.press('Tab');
      screen.press('Tab');
      await screen.shows(new RegExp(`${first} .*Round prices to cents`));
      await screen.shows(/\$\(touch evil\)/);
    });

    test('a title is shown, never run, expanded or obeyed', async () => {
      await line('gt sling pj-');
      for (let times = 0; times < 4; times += 1) screen.press('Tab');
      await screen.shows(/touch evil/);
      await command('clear; echo st""ill here', /^still here/m);
      expect(readdirSync(home.town)).not.toContain('evil');
    });

    test('outside a town it says nothing', async () => {
      await command('cd /; clear; echo mo""ved', /^moved/m);
      await line('gt sling pj-');
      screen.press('Tab');
      screen.press('Tab');
      screen.type('X');
      expect((await screen.shows(/pj-X/)).trim()).toMatch(/^hello . gt sling pj-X$/);
    });
  });
});

/** The least of `id` that `other` does not start with. */
function shortest(id: string, other: string): string {
  let length = 1;
  while (other.startsWith(id.slice(0, length))) length += 1;
  return id.slice(0, length);
}
