import { afterAll, beforeAll, expect, test } from 'vitest';
import { installProject } from './support/project.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';

const COUNT = 20;
let home: TestHome;
beforeAll(async () => {
  home = createTestHome();
  await installProject(home);
  await home.gt('config', 'agent', 'set', 'sitter', 'sh -c cat');
});
afterAll(() => home.dispose());

interface BeadRow {
  readonly id: string;
  readonly status: string;
  readonly assignee?: string;
}

interface WorkerRow {
  readonly name: string;
  readonly issue: string;
  readonly session_running: boolean;
}

test(
  'P15: twenty processes that sling at once hire twenty workers, and every bead is hooked once',
  { timeout: 240_000 },
  async () => {
    const ids: string[] = [];
    for (let at = 0; at < COUNT; at += 1)
      ids.push(((await home.bdJson('create', `Piece ${at}`, '--rig', 'proj')) as BeadRow).id);
    const slung = await Promise.all(ids.map((id) => home.tryGt(['sling', id, 'proj', '--agent', 'sitter'])));
    for (const { code, stderr } of slung) expect(code, stderr).toBe(0);
    const beads = (await home.bdJson('show', ...ids)) as readonly BeadRow[];
    const held = beads.map(({ status, assignee }) => `${status} ${assignee}`);
    expect(held.filter((line) => /^(hooked|in_progress) proj\/polecats\/\w+$/.test(line))).toHaveLength(
      COUNT,
    );
    expect(new Set(held.map((line) => line.split(' ')[1])).size).toBe(COUNT);
    const workers = (await home.gtJson('polecat', 'list', 'proj')) as readonly WorkerRow[];
    expect(workers.map(({ issue }) => issue).toSorted()).toEqual(ids.toSorted());
    expect(workers.filter((worker) => worker.session_running)).toHaveLength(COUNT);
  },
);

test('P15: four slings of one bead: one has it, the others say who', async () => {
  const { id } = (await home.bdJson('create', 'One piece', '--rig', 'proj')) as BeadRow;
  const slung = await Promise.all(
    Array.from({ length: 4 }, () => home.tryGt(['sling', id, 'proj', '--agent', 'sitter'])),
  );
  expect(slung.filter(({ code }) => code === 0)).toHaveLength(1);
  const [bead] = (await home.bdJson('show', id)) as readonly BeadRow[];
  for (const { code, stderr } of slung) if (code !== 0) expect(stderr).toContain(bead?.assignee);
});
