import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeAgents } from './support/fake-agent.ts';
import { installProject } from './support/project.ts';
import { git } from './support/repository.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';
import { slingBead } from './support/worker.ts';

let home: TestHome;
let origin: string;
let agents: FakeAgents;

beforeEach(async () => {
  home = createTestHome();
  origin = await installProject(home, { branch: 'trunk' });
  agents = new FakeAgents(home);
});
afterEach(async () => {
  await home.dispose();
});

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
    await agents.use([
      { run: 'echo made > made.txt && git add made.txt && git commit -qm "make it" && gt done' },
    ]);
    await home.gt('up');
    const { id } = await slingBead(home, 'make a file');
    await home.until('the bead to be closed', async () => {
      const [row] = (await home.bdJson('show', id)) as readonly { readonly status: string }[];
      return row?.status === 'closed' ? true : undefined;
    });
    expect(git(origin, 'show', 'trunk:made.txt')).toBe('made');
    const hooks = agents.happenings().filter((event) => event.type === 'hook');
    expect(hooks.map(({ event, code }) => [event, code])).toContainEqual(['SessionStart', 0]);
    const start = hooks.find(({ event }) => event === 'SessionStart');
    expect(start?.output).toContain(id);
  });

  test('can be listed, peeked at, and spoken to: at once when idle, later when busy', async () => {
    const done = join(home.home, 'done');
    await agents.use([{ print: 'thinking about it' }, { busyUntil: done }]);
    const { id, name: polecat } = await slingBead(home, 'think');
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
      const all = agents.happenings().flatMap((event) => (event.type === 'submitted' ? [event.text] : []));
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
      await agents.use([{ idle: true }]);
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
  return agents
    .happenings()
    .some(
      (event) =>
        (event.type === 'submitted' && event.text.includes(text)) ||
        (event.type === 'hook' && event.output.includes(text)),
    );
}
