import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { installProject } from './support/project.ts';
import { git } from './support/repository.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';

let home: TestHome;
let origin: string;

beforeEach(async () => {
  home = createTestHome();
  origin = await installProject(home);
  await home.gt('up');
  // A worker that starts, then waits for a file: long enough to be killed in the middle.
  writeFileSync(
    join(home.home, 'work.sh'),
    `while [ ! -e ${home.home}/go ]; do sleep 0.1; done; echo done > worked\n`,
  );
});

afterEach(async () => {
  await home.dispose();
});

interface BeadRow {
  readonly id: string;
  readonly status: string;
  readonly assignee?: string;
}

interface PaneFile {
  readonly spawn: number;
  readonly state: string;
  readonly host: { readonly pid: number };
  readonly child?: { readonly pid: number };
}

async function slingSlowWork(): Promise<{ readonly id: string; readonly pane: () => PaneFile }> {
  const { id } = (await home.bdJson('create', 'Slow work', '--rig', 'proj')) as BeadRow;
  await home.gt('sling', id, 'proj', '--agent', 'script', '--script', `sh ${home.home}/work.sh`);
  const worker = (await bead(id)).assignee?.split('/').at(-1) ?? '';
  const file = join(home.town, '.runtime/panes', `pj-${worker}.state.json`);
  const pane = () => JSON.parse(readFileSync(file, 'utf8')) as PaneFile;
  await home.until('the worker runs', async () =>
    (await bead(id)).status === 'in_progress' ? true : undefined,
  );
  return { id, pane };
}

async function bead(id: string): Promise<BeadRow> {
  const row = ((await home.bdJson('show', id)) as BeadRow[])[0];
  if (row === undefined) throw new Error(`no bead ${id}`);
  return row;
}

async function letItLand(id: string): Promise<void> {
  writeFileSync(join(home.home, 'go'), '');
  await home.until(`${id} lands`, async () => ((await bead(id)).status === 'closed' ? true : undefined));
  expect(git(origin, 'show', 'main:worked')).toBe('done');
  expect(
    git(origin, 'log', '--format=%(trailers:key=Gt-Issue,valueonly)', 'main')
      .split('\n')
      .filter((line) => line === id),
  ).toHaveLength(1);
}

describe('kill -9 of what runs', () => {
  test('P1: a killed agent is restarted in the same worktree with a new spawn number, and its work lands', async () => {
    const { id, pane } = await slingSlowWork();
    const before = pane();
    process.kill(before.child?.pid ?? 0, 'SIGKILL');
    await home.until('a second spawn', async () =>
      pane().spawn > before.spawn && pane().state !== 'exited' ? true : undefined,
    );
    await letItLand(id);
  });

  test('P1: a killed pane host is noticed, and its work goes on', async () => {
    const { id, pane } = await slingSlowWork();
    const before = pane();
    process.kill(before.host.pid, 'SIGKILL');
    await home.until('a second spawn', async () => (pane().spawn > before.spawn ? true : undefined));
    await letItLand(id);
  });

  test('P1: killing the daemon kills no agent; up brings it back and everything lands', async () => {
    const { id, pane } = await slingSlowWork();
    const before = pane();
    const daemon = JSON.parse(readFileSync(join(home.town, 'daemon/state.json'), 'utf8')) as { pid: number };
    process.kill(daemon.pid, 'SIGKILL');
    expect(pane()).toMatchObject({ spawn: before.spawn, host: before.host });
    await home.gt('up');
    expect(pane()).toMatchObject({ spawn: before.spawn, host: before.host });
    await letItLand(id);
  });
});
