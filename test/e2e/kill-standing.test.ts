import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { installProject } from './support/project.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';
import type { PaneFile } from './support/killing.ts';

/** Agents that people start by name, and the session of each. */
const STANDING = {
  mayor: { start: ['mayor', 'start', '--agent', 'sitter'], session: 'hq-mayor' },
  deacon: { start: ['deacon', 'start', '--agent', 'sitter'], session: 'hq-deacon' },
  witness: { start: ['witness', 'start', 'proj', '--agent', 'sitter'], session: 'pj-witness' },
} as const;
const VICTIMS = {
  'pane host': ({ host }: PaneFile) => host.pid,
  agent: ({ child }: PaneFile) => child.pid,
} as const;

let home: TestHome;
beforeEach(async () => {
  home = createTestHome();
  await installProject(home);
  await home.gt('config', 'set', 'operational.daemon.mass_death_threshold', '1000');
  // Its first line says where and as whom it runs.
  writeFileSync(join(home.home, 'agent.sh'), 'echo "$GT_ROLE in $PWD" >>"$HOME/ran-$GT_SESSION"; exec cat');
  await home.gt('config', 'agent', 'set', 'sitter', `sh ${home.home}/agent.sh`);
  await home.gt('up');
});
afterEach(() => home.dispose());

function pane(session: string): PaneFile {
  return JSON.parse(
    readFileSync(join(home.town, `.runtime/panes/${session}.state.json`), 'utf8'),
  ) as PaneFile;
}

const ran = (session: string): readonly string[] =>
  readFileSync(join(home.home, `ran-${session}`), 'utf8')
    .trim()
    .split('\n');

describe.each(Object.entries(VICTIMS))('kill -9 of the %s', (_what, pidOf) => {
  test('P1: of a standing agent: it is started again, as who it was and where it was', async () => {
    for (const { start } of Object.values(STANDING)) await home.gt(...start);
    for (const [role, { session }] of Object.entries(STANDING)) {
      const before = pane(session);
      process.kill(pidOf(before), 'SIGKILL');
      await home.until(`${role} again`, async () => {
        await home.gt('up');
        const now = pane(session);
        return now.spawn === before.spawn + 1 && now.state !== 'exited' ? true : undefined;
      });
      await home.until('its first line', async () => (ran(session).length === 2 ? true : undefined));
      expect(new Set(ran(session)).size, role).toBe(1);
    }
  });

  test('P1: of a crew agent: nobody starts it again but its person, and its workspace is as it was', async () => {
    await home.gt('crew', 'add', 'ann', '--rig', 'proj');
    await home.gt('crew', 'start', 'ann', '--agent', 'sitter');
    const workspace = join(home.town, 'proj/crew/ann');
    writeFileSync(join(workspace, 'mine.md'), 'half');
    const before = pane('pj-crew-ann');
    process.kill(pidOf(before), 'SIGKILL');
    await home.until('its end', async () =>
      (await home.gt('session', 'status', 'proj/crew/ann')).startsWith('●') ? undefined : true,
    );
    await home.gt('up');
    expect(pane('pj-crew-ann').spawn).toBe(before.spawn);
    expect(readFileSync(join(workspace, 'mine.md'), 'utf8')).toBe('half');
    await home.gt('crew', 'start', 'ann', '--agent', 'sitter');
    expect(pane('pj-crew-ann').spawn).toBe(before.spawn + 1);
  });
});
