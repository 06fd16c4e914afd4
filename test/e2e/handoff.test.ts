import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeAgents } from './support/fake-agent.ts';
import { installProject } from './support/project.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';
import { Pane, slingBead } from './support/worker.ts';

/* What a session leaves to the next one, and what reaches it meanwhile: real panes, hooks and processes. */

let home: TestHome;
let agents: FakeAgents;
beforeEach(async () => {
  home = createTestHome();
  await installProject(home);
  agents = new FakeAgents(home);
});
afterEach(async () => {
  await home.dispose();
});

describe('P21: an agent that hands over', () => {
  test('is followed in the same pane and worktree by one that knows what it left', async () => {
    await agents.use({
      handoff: [{ idle: true }],
      '*': [
        { run: 'echo 1 > a.txt && git add a.txt && git commit -qm "Write the parser" && echo 2 > b.txt' },
        { run: 'gt handoff -m "parser done, printer next"' },
        { print: 'STILL HERE' },
      ],
    });
    const { id, name, worktree, pane } = await slingBead(home, 'Write a printer');
    const next = await pane.untilIdle(2);
    expect(next).toMatchObject({ bead: id });
    expect(await home.gt('peek', name)).not.toContain('STILL HERE');
    const [first = [], second = []] = agents.starts(worktree);
    expect(second).not.toContain('--resume');
    expect(second.at(-1)).toContain('handed over');
    expect(first.at(-1)).not.toContain('handed over');
    const told = await home.until('its briefing', async () => agents.primes()[1]);
    for (const part of [
      'follows a handoff',
      '> parser done, printer next',
      'Write the parser',
      'Not committed: 1 file: b.txt',
    ])
      expect(told).toContain(part);
    // A daemon that looks now finds nothing to mend.
    await home.gt('up');
    expect(pane.read()).toMatchObject({ spawn: 2, host: { pid: next.host.pid } });
    expect(readFileSync(join(worktree, 'b.txt'), 'utf8')).toBe('2\n');
  });

  test('before a compaction only records, and goes on with a few lines', async () => {
    await agents.use([{ idle: true }]);
    const { id, worktree, pane } = await slingBead(home, 'Write a printer');
    await pane.untilIdle();
    writeFileSync(join(worktree, 'half.txt'), 'x');
    await pane.type('/compact');
    await home.until('the compaction', async () => (agents.primes().length > 1 ? true : undefined));
    const told = agents.primes().at(-1) ?? '';
    expect(told.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
    expect(told).toContain(`Continue with ${id}`);
    expect(told).toContain('1 file not committed');
    expect(pane.read()).toMatchObject({ spawn: 1 });
  });

  test('the mayor is handed over by a person; one that does not run can be left a note', async () => {
    await agents.use([{ idle: true }]);
    const plan = (await home.bd('q', 'Plan the release')).trim();
    await home.gt('hook', plan, 'mayor');
    const early = await home.tryGt(['handoff', 'mayor', '-m', 'too early']);
    expect(early).toMatchObject({ code: 1, stdout: '' });
    expect(early.stderr).toContain('gt handoff mayor/ --auto');
    await home.gt('mayor', 'start');
    await new Pane(home, 'hq-mayor').untilIdle();
    await home.gt('handoff', 'mayor', '-m', 'begin with the plan');
    const told = await home.until('its second briefing', async () => agents.primes()[1]);
    expect(told).toContain('You are the Mayor');
    expect(told).toContain('> begin with the plan');
    expect(told).toContain(plan);
  });
});

describe('P12: a message is seen exactly once', () => {
  test.each(['idle', 'busy', 'dialog', 'limited'] as const)('%s', async (when) => {
    const go = join(home.home, 'go');
    await agents.use({
      idle: [{ idle: true }],
      busy: [{ busyUntil: go }],
      dialog: [{ ask: { title: 'Do you want to proceed?', options: ['Yes', 'No'] } }],
      limited: [{ limit: "You've hit your limit · resets in 3 seconds" }],
    });
    const { name, pane } = await slingBead(home, `be ${when}`);
    await pane.until(when, ({ state }) => state === when);
    await home.gt('nudge', name, 'ONE', '--mode', when === 'idle' ? 'wait-idle' : 'queue');
    await home.gt('nudge', name, 'TWO', '--mode', 'queue');
    expect([agents.timesHeard('ONE'), agents.timesHeard('TWO')]).toEqual(
      when === 'idle' ? [1, expect.any(Number)] : [0, 0],
    );
    if (when === 'dialog') await pane.ask({ op: 'key', key: 'enter' });
    writeFileSync(go, '');
    await home.until('both', async () =>
      agents.timesHeard('ONE') > 0 && agents.timesHeard('TWO') > 0 ? true : undefined,
    );
    await pane.untilIdle();
    expect([agents.timesHeard('ONE'), agents.timesHeard('TWO')]).toEqual([1, 1]);
    // P22: the limit has cut off its turn; whichever comes first when it is over lets it go on.
    expect(agents.timesHeard('The rate limit is over')).toBeLessThanOrEqual(when === 'limited' ? 1 : 0);
    const answered = agents.happenings().filter(({ type }) => type === 'answered');
    expect(answered).toHaveLength(when === 'dialog' ? 1 : 0);
  });
});
