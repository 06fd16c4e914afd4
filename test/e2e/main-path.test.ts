import { writeFileSync } from 'node:fs';
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
  origin = await installProject(home, { branch: 'trunk' });
});

afterEach(async () => {
  await home.dispose();
});

interface BeadRow {
  readonly id: string;
  readonly status: string;
  readonly close_reason?: string;
}

async function createBead(title: string): Promise<string> {
  return ((await home.bdJson('create', title, '--rig', 'proj')) as BeadRow).id;
}

async function beads(): Promise<readonly BeadRow[]> {
  return (await home.bdJson('-C', 'proj', 'list', '--all', '-n', '0', '-t', 'task')) as BeadRow[];
}

async function setGate(command: string): Promise<void> {
  await home.gt('rig', 'settings', 'set', 'proj', 'merge_queue.test_command', command);
}

function slingScript(id: string, command: string): Promise<string> {
  return home.gt('sling', id, 'proj', '--agent', 'script', '--script', command);
}

function landed(): readonly string[] {
  return git(origin, 'log', '--format=%(trailers:key=Gt-Issue,valueonly,separator=%x2C)', 'trunk')
    .split('\n')
    .filter((line) => line !== '');
}

async function untilSettled(ids: readonly string[]): Promise<ReadonlyMap<string, BeadRow>> {
  return home.until('every bead closed or blocked', async () => {
    const rows = new Map((await beads()).map((row) => [row.id, row]));
    return ids.every((id) => ['closed', 'blocked'].includes(rows.get(id)?.status ?? '')) ? rows : undefined;
  });
}

describe('from sling to landed', () => {
  test('P8: of eight polecats at once seven land, each once, and the one that breaks the gate is sent back with evidence', async () => {
    await setGate('if [ -e broken ]; then echo "broken is here"; exit 1; fi');
    const ids: string[] = [];
    for (let index = 0; index < 8; index += 1) ids.push(await createBead(`Write file ${index}`));
    const culprit = ids[4] ?? '';
    await home.gt('mq', 'pause', 'proj');
    await home.gt('up');
    for (const [index, id] of ids.entries())
      await slingScript(id, id === culprit ? 'touch broken' : `echo ${index} > file-${index}`);
    await home.until('eight merge requests', async () =>
      ((await home.gtJson('mq', 'list', 'proj')) as unknown[]).length === 8 ? true : undefined,
    );
    await home.gt('mq', 'resume', 'proj');
    const rows = await untilSettled(ids);
    expect(
      [...rows.values()]
        .filter((row) => row.status === 'closed')
        .map((row) => row.id)
        .toSorted(),
    ).toEqual(ids.filter((id) => id !== culprit).toSorted());
    expect(rows.get(culprit)?.status).toBe('blocked');
    expect(landed().toSorted()).toEqual(ids.filter((id) => id !== culprit).toSorted());
    const merge = ((await home.gtJson('mq', 'list', 'proj')) as { id: string; source_issue: string }[])[0];
    expect(merge?.source_issue).toBe(culprit);
    expect(await home.gt('mq', 'explain', merge?.id ?? '')).toContain('broken is here');
    const status = (await home.gtJson('refinery', 'status', 'proj')) as { gate_runs: number };
    expect(status.gate_runs).toBeLessThanOrEqual(7);
  });

  test('P8: two branches that conflict make one conflict task, and the queue goes on', async () => {
    const first = await createBead('Say one thing');
    const second = await createBead('Say another thing');
    const third = await createBead('Say something elsewhere');
    await home.gt('mq', 'pause', 'proj');
    await home.gt('up');
    await slingScript(first, 'echo one > README.md');
    await slingScript(second, 'echo two > README.md');
    await slingScript(third, 'echo three > elsewhere');
    await home.until('three merge requests', async () =>
      ((await home.gtJson('mq', 'list', 'proj')) as unknown[]).length === 3 ? true : undefined,
    );
    await home.gt('mq', 'resume', 'proj');
    const tasks = await home.until('a conflict task', async () => {
      const found = (
        (await home.bdJson('-C', 'proj', 'list', '--all', '-n', '0', '--label', 'gt:task')) as BeadRow[]
      ).filter((row) => row.status !== 'closed');
      return found.length > 0 && landed().length === 2 ? found : undefined;
    });
    expect(tasks).toHaveLength(1);
    expect(landed()).toContain(third);
  });

  test('P6: of two slings of one bead at the same moment one wins and the other names the winner', async () => {
    const id = await createBead('Only once');
    const outcomes = await Promise.all(
      [1, 2].map(() => home.tryGt(['sling', id, 'proj', '--agent', 'script', '--script', 'echo x > x'])),
    );
    expect(outcomes.map((outcome) => String(outcome.code)).toSorted()).toEqual(['0', '1']);
    const loser = outcomes.find((outcome) => outcome.code === 1);
    expect(loser?.stderr).toMatch(new RegExp(`${id} is on proj/polecats/\\w+`));
    await home.gt('up');
    await untilSettled([id]);
    expect(landed()).toEqual([id]);
  });

  test('P13: a bead that waits for another is queued and dispatched once the other has landed', async () => {
    const first = await createBead('First');
    const second = await createBead('Second');
    await home.bd('dep', 'add', second, first);
    await slingScript(first, 'echo first > first');
    expect(await slingScript(second, 'cat first > second')).toContain(`queued: blocked by ${first}`);
    await home.gt('up');
    await untilSettled([first, second]);
    expect(landed().toSorted()).toEqual([first, second].toSorted());
    expect(git(origin, 'show', 'trunk:second')).toBe('first');
  });

  test('P10: down leaves nothing running and keeps held work held; up goes on with it', async () => {
    writeFileSync(
      join(home.home, 'wait.sh'),
      'while [ ! -e "$1" ]; do sleep 0.1; done; echo done > waited\n',
    );
    const id = await createBead('Slow work');
    await home.gt('up');
    await slingScript(id, `sh ${home.home}/wait.sh ${home.home}/go`);
    await home.until('the worker works', async () =>
      (await beads()).some((row) => row.status === 'in_progress') ? true : undefined,
    );
    await home.gt('down');
    expect((await beads()).find((row) => row.id === id)?.status).not.toBe('open');
    writeFileSync(join(home.home, 'go'), '');
    await home.gt('up');
    await untilSettled([id]);
    expect(landed()).toEqual([id]);
  });
});
