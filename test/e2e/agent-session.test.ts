import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Happening } from '../agent/fake/log.ts';
import type { Step } from '../agent/fake/steps.ts';
import { installProject } from './support/project.ts';
import { git } from './support/repository.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';

const FAKE_AGENT = resolve(import.meta.dirname, '../agent/fake-agent.ts');

let home: TestHome;
let origin: string;

beforeEach(async () => {
  home = createTestHome();
  origin = await installProject(home, { branch: 'trunk' });
});
afterEach(async () => {
  await home.dispose();
});

const log = (): string => join(home.home, 'agent.log');

/** Makes `fake` the town's agent: it looks to gt like Claude Code, hooks included. */
async function useFakeAgent(steps: readonly Step[]): Promise<void> {
  const script = join(home.home, 'script.json');
  writeFileSync(script, JSON.stringify(steps));
  const command = `${process.execPath} ${FAKE_AGENT} --script ${script} --log ${log()}`;
  await home.gt('config', 'agent', 'set', 'fake', command, '--provider', 'claude');
  await home.gt('config', 'default-agent', 'fake');
}

async function slingBead(title: string): Promise<{ readonly id: string; readonly polecat: string }> {
  const { id } = (await home.bdJson('create', title, '--rig', 'proj')) as { readonly id: string };
  await home.gt('sling', id, 'proj');
  const rows = (await home.gtJson('polecat', 'list', 'proj')) as readonly {
    readonly name: string;
    readonly issue?: string;
  }[];
  return { id, polecat: rows.find(({ issue }) => issue === id)?.name ?? '' };
}

function happenings(): readonly Happening[] {
  if (!existsSync(log())) return [];
  const lines = readFileSync(log(), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Happening);
}

interface SessionRow {
  readonly session_id: string;
  readonly address: string;
  readonly state: string;
  readonly runtime: string;
  readonly bead: string;
}

const sessions = async (): Promise<readonly SessionRow[]> =>
  (await home.gtJson('session', 'list')) as readonly SessionRow[];
const untilState = (state: string): Promise<SessionRow> =>
  home.until(`a session that is ${state}`, async () => (await sessions()).find((row) => row.state === state));

describe('an agent with a model’s manners', () => {
  test('gets its work by hook, does it, hands it in, and what it did lands', async () => {
    await useFakeAgent([
      { run: 'echo made > made.txt && git add made.txt && git commit -qm "make it" && gt done' },
    ]);
    await home.gt('up');
    const { id } = await slingBead('make a file');
    await home.until('the bead to be closed', async () => {
      const [row] = (await home.bdJson('show', id)) as readonly { readonly status: string }[];
      return row?.status === 'closed' ? true : undefined;
    });
    expect(git(origin, 'show', 'trunk:made.txt')).toBe('made');
    const hooks = happenings().filter((event) => event.type === 'hook');
    expect(hooks.map(({ event, code }) => [event, code])).toContainEqual(['SessionStart', 0]);
    const start = hooks.find(({ event }) => event === 'SessionStart');
    expect(start?.output).toContain(id);
  });

  test('can be listed, peeked at, and spoken to: at once when idle, later when busy', async () => {
    const done = join(home.home, 'done');
    await useFakeAgent([{ print: 'thinking about it' }, { busyUntil: done }]);
    const { id, polecat } = await slingBead('think');
    const row = await untilState('busy');
    expect(row).toMatchObject({
      address: `proj/polecats/${polecat}`,
      session_id: `pj-${polecat}`,
      runtime: 'fake',
      bead: id,
    });
    await home.until('the screen', async () =>
      (await home.gt('peek', polecat)).includes('thinking about it') ? true : undefined,
    );
    expect(await home.gtJson('nudge', `proj/${polecat}`, 'are you there?', '--mode', 'queue')).toMatchObject({
      outcome: 'queued',
    });
    expect(await home.gtJson('nudge', polecat, 'hurry', '--mode', 'immediate')).toMatchObject({
      outcome: 'delivered',
    });
    writeFileSync(done, '');
    const texts = await home.until('both messages', async () => {
      const all = happenings().flatMap((event) => (event.type === 'submitted' ? [event.text] : []));
      return all.some((text) => text.includes('hurry')) && happeningsMention('are you there?')
        ? all
        : undefined;
    });
    expect(texts.filter((text) => text.includes('hurry'))).toHaveLength(1);
    expect((await home.tryGt(['attach', polecat])).code).toBe(1);
  });

  test('a message that nobody can hear is an error', async () => {
    const outcome = await home.tryGt(['nudge', 'mayor', 'hello']);
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toContain('session hq-mayor is not running');
  });

  test('P19: a person’s own tmux server is byte for byte the same afterwards', async () => {
    const sockets = join(home.home, 'sockets');
    mkdirSync(sockets);
    const env = { ...home.env, TMUX_TMPDIR: sockets };
    const own = (...args: readonly string[]): string => execFileSync('tmux', args, { env, encoding: 'utf8' });
    writeFileSync(join(home.home, '.tmux.conf'), 'set -g prefix C-a\nbind-key F12 display-message hi\n');
    own('new-session', '-d', '-s', 'mine', 'sleep', '600');
    try {
      own('set-option', '-g', 'status-right', 'my own');
      const picture = (): string =>
        [
          ['list-keys'],
          ['show-options', '-g'],
          ['show-options', '-s'],
          ['show-options', '-wg'],
          ['list-panes', '-a'],
          ['show-environment', '-g'],
          ['show-hooks', '-g'],
        ]
          .map((words) => own(...words))
          .join('\n---\n');
      const before = picture();
      await useFakeAgent([{ idle: true }]);
      const gt = async (...args: readonly string[]): Promise<void> => {
        const outcome = await home.tryGt(args, { env: { TMUX_TMPDIR: sockets } });
        if (outcome.code !== 0) throw new Error(outcome.stderr);
      };
      await gt('up');
      const { id } = (await home.bdJson('create', 'wait', '--rig', 'proj')) as { readonly id: string };
      await gt('sling', id, 'proj');
      await untilState('idle');
      await gt('nudge', (await sessions())[0]?.session_id ?? '', 'hello');
      await gt('down');
      expect(picture()).toBe(before);
    } finally {
      own('kill-server');
    }
  });
});

/** Anywhere: typed at the prompt, or handed over by a hook. */
function happeningsMention(text: string): boolean {
  return happenings().some(
    (event) =>
      (event.type === 'submitted' && event.text.includes(text)) ||
      (event.type === 'hook' && event.output.includes(text)),
  );
}
