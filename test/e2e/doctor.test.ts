import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { describeWithDolt, freePort } from '../support/dolt.ts';
import { installProject } from './support/project.ts';
import { createTestHome, type TestHome } from './support/town.ts';

/* `gt doctor` on real git, real processes and each kind of ledger. */

interface Doctor {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly name: string;
    readonly status: string;
    readonly found: readonly string[];
  }[];
}

let home: TestHome;
afterEach(() => home.dispose());

async function doctor(...flags: readonly string[]): Promise<Doctor> {
  return JSON.parse((await home.tryGt(['doctor', '--json', ...flags])).stdout) as Doctor;
}

const unwell = ({ checks }: Doctor) => checks.filter(({ status }) => status !== 'ok');

/** A worker has worked and its change has landed. */
async function landSomething(): Promise<void> {
  const { id } = (await home.bdJson('create', 'Work', '--rig', 'proj')) as { id: string };
  await home.gt('up');
  await home.gt('sling', id, 'proj', '--agent', 'script', '--script', 'echo x > made', '--force');
  await home.until('it has landed', async () => {
    const [bead] = (await home.bdJson('show', id)) as { status: string }[];
    return bead?.status === 'closed' ? true : undefined;
  });
}

describe('a town on SQLite', () => {
  test('P24: is well when fresh, after work has landed and when it is down; what is broken is repaired once', async () => {
    home = createTestHome();
    await installProject(home);
    expect(unwell(await doctor())).toEqual([]);
    await landSomething();
    await home.until('the worker has ended', async () =>
      unwell(await doctor()).length === 0 ? true : undefined,
    );

    const rig = join(home.town, 'proj');
    rmSync(join(rig, 'mayor/rig'), { recursive: true });
    rmSync(join(rig, '.runtime/git-hooks/pre-push'));
    writeFileSync(join(rig, '.repo.git/info/exclude'), '');
    rmSync(join(home.town, 'AGENTS.md'));
    const broken = unwell(await doctor()).map(({ name }) => name);
    expect(broken).toEqual(['town-anchor', 'mayor-clone', 'excludes', 'git-hooks']);
    expect(unwell(await doctor('--fix')).map(({ name, status }) => [name, status])).toEqual(
      broken.map((name) => [name, 'fixed']),
    );
    expect(unwell(await doctor('--fix'))).toEqual([]);
    await home.gt('down');
    expect(unwell(await doctor())).toEqual([]);
  });
});

describeWithDolt('a town on Dolt', () => {
  test('P13, P24: is well when fresh and when up; taken down, its server is not missed', async () => {
    home = createTestHome();
    await installProject(home, {}, ['--store', 'dolt', '--dolt-port', String(await freePort())]);
    expect(unwell(await doctor())).toEqual([]);
    await home.gt('up');
    expect(unwell(await doctor())).toEqual([]);
    await home.gt('down');
    const down = await doctor();
    expect(down.ok).toBe(true);
    expect(new Set(unwell(down).map(({ status }) => status))).toEqual(new Set(['skipped']));
    expect(unwell(down)[0]).toMatchObject({
      name: 'ledger-answers',
      found: [expect.stringContaining('gt up')],
    });
  });
});
