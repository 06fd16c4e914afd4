import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { townSocket } from '../../src/sessions/town-socket.ts';
import { startStandinModel } from '../agent/standin-model.ts';
import { FakeAgents } from './support/fake-agent.ts';
import { installProject } from './support/project.ts';
import { CLAUDE, isMissing, useClaude } from './support/real-agents.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';
import { Pane, slingBead } from './support/worker.ts';

/* Agents whose processes are gone: real panes, tmux, hooks and daemon. */

let home: TestHome;
beforeEach(async () => {
  home = createTestHome();
  await installProject(home);
});
afterEach(async () => {
  await home.dispose();
});

/** Power fails: everything of the town ends at once, and nobody can write anything down. */
async function pullThePlug(panes: readonly Pane[]): Promise<void> {
  const file = join(home.town, 'daemon/daemon.pid');
  const daemon = existsSync(file) ? [Number.parseInt(readFileSync(file, 'utf8'), 10)] : [];
  const agents = panes.flatMap((pane) => {
    const { host, child } = pane.read() ?? {};
    return [host?.pid ?? 0, child?.pid ?? 0].filter((pid) => pid > 0);
  });
  for (const pid of [...daemon, ...agents]) process.kill(pid, 'SIGKILL');
  const socket = townSocket(realpathSync(home.town), undefined);
  execFileSync('tmux', ['-L', socket, 'kill-server'], { env: { ...home.env }, stdio: 'ignore' });
  for (const { session } of panes) {
    await home.until(`the end of ${session}`, async () => {
      const rows = (await home.gtJson('session', 'list')) as readonly { readonly session_id: string }[];
      return rows.some((row) => row.session_id === session) ? undefined : true;
    });
  }
}

const resumed = (argv: readonly string[] = []): string | undefined => argv[argv.indexOf('--resume') + 1];

describe('gt up --restore when machine, tmux server and daemon went down at once', () => {
  test('each agent goes on with its bead, in its worktree and its conversation', async () => {
    const agents = new FakeAgents(home);
    await agents.use([{ idle: true }]);
    await home.gt('up');
    await home.gt('mayor', 'start');
    const mayor = join(home.town, 'mayor');
    const workers = [];
    for (const title of ['one', 'two', 'three']) workers.push(await slingBead(home, title));
    const panes = [new Pane(home, 'hq-mayor'), ...workers.map(({ pane }) => pane)];
    const before = [];
    for (const pane of panes) before.push((await pane.untilIdle()).conversation);
    for (const { worktree, id } of workers) writeFileSync(join(worktree, 'half.txt'), id);
    const primed = agents.primes().length;
    await pullThePlug(panes);

    expect(await home.gtJson('up', '--restore')).toMatchObject({ success: true });
    for (const pane of panes) await pane.untilIdle(2);
    const homes = [mayor, ...workers.map(({ worktree }) => worktree)];
    expect(homes.map((folder) => resumed(agents.starts(folder).at(-1)))).toEqual(before);
    const told = await home.until('every briefing', async () => {
      const texts = agents.primes().slice(primed);
      return texts.length === panes.length ? texts : undefined;
    });
    for (const { id, worktree } of workers) {
      expect(readFileSync(join(worktree, 'half.txt'), 'utf8')).toBe(id);
      expect(agents.starts(worktree).at(-1)?.at(-1)).toContain(`Your hook holds ${id}`);
      expect(told.filter((text) => text.includes(`Continue with ${id}`))).toHaveLength(1);
    }
    for (const text of told) expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
    // P3: the mayor holds nothing; it stands at its prompt as before, and nobody has spoken to it.
    expect(agents.starts(mayor).at(-1)?.at(-2)).toBe('--settings');
    // The daemon finds nothing more to do, and no attempt was used up.
    await home.gt('up');
    for (const pane of panes) expect(pane.read()).toMatchObject({ spawn: 2 });
    expect(existsSync(join(home.town, 'witness/bead-respawn-counts.json'))).toBe(false);
  });
});

test('an agent that dies while the daemon runs goes on in the conversation that it was in last', async () => {
  const agents = new FakeAgents(home);
  await agents.use([{ idle: true }]);
  await home.gt('up');
  const { id, worktree, pane } = await slingBead(home, 'one');
  const first = await pane.untilIdle();
  await pane.type('/clear');
  const cleared = await pane.until('another conversation', (now) => now.conversation !== first.conversation);
  process.kill(cleared.child?.pid ?? 0, 'SIGKILL');
  expect(await pane.untilIdle(2)).toMatchObject({ bead: id, conversation: cleared.conversation });
  expect(resumed(agents.starts(worktree).at(-1))).toBe(cleared.conversation);
});

test.skipIf(isMissing(CLAUDE))(
  'Claude Code takes up its conversation again, with all that was said',
  async () => {
    const model = await startStandinModel([{ marker: 'Greet', commands: ['echo hello > greeting.txt'] }]);
    try {
      useClaude(home, model.url);
      const { id, worktree, pane } = await slingBead(home, 'Greet the world', ['--agent', 'claude']);
      await home.until('its first work', async () =>
        existsSync(join(worktree, 'greeting.txt')) ? true : undefined,
      );
      const { conversation } = await pane.untilIdle();
      await pullThePlug([pane]);
      const asked = model.requests.length;
      await home.gt('up', '--restore');
      const next = await home.until('a request that says why it runs again', async () =>
        model.requests.slice(asked).find((request) => request.includes('• restart')),
      );
      expect(pane.read()).toMatchObject({ spawn: 2, conversation, bead: id });
      expect(next, 'what was said before').toContain('• assigned');
      expect(next, 'its few lines').toContain(`Continue with ${id}`);
    } finally {
      await model.close();
    }
  },
);
