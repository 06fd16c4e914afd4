import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runGt } from '../unit/cli/run-gt.ts';
import type { Run } from '../unit/cli/support.ts';

let home: string;
let town: string;

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'gt-directive-')));
  town = join(home, 'town');
  for (const folder of ['mayor', 'proj', 'proj/directives', 'directives'])
    await mkdir(join(town, folder), { recursive: true });
  const json = (path: string, value: unknown) => writeFile(join(town, path), JSON.stringify(value));
  await json('mayor/town.json', { type: 'town', version: 2, name: 'demo', store: { kind: 'sqlite' } });
  await json('mayor/rigs.json', {
    version: 1,
    rigs: { proj: { git_url: '/r.git', beads: { prefix: 'pj' } } },
  });
  await json('proj/config.json', { type: 'rig', version: 1, name: 'proj', default_branch: 'main' });
});
afterEach(() => rm(home, { recursive: true }));

const gt = (...argv: readonly string[]): Promise<Run> => runGt({ home, cwd: town }, argv);

describe('gt directive', () => {
  test('shows what is there, the town’s before the rig’s', async () => {
    await writeFile(join(town, 'directives/polecat.md'), 'be brief\n');
    await writeFile(join(town, 'proj/directives/polecat.md'), 'be \u001b[31mexact\n');
    const { stdout } = await gt('directive', 'show', 'polecat', '--rig', 'proj');
    expect(stdout.indexOf('be brief')).toBeLessThan(stdout.indexOf('be exact'));
    expect(stdout).not.toContain('\u001b[31m');
    expect(JSON.parse((await gt('directives', 'list', '--json')).stdout)).toMatchObject([
      { role: 'polecat', lines: 1, path: join(town, 'directives/polecat.md') },
      { role: 'polecat', rig: 'proj', lines: 1 },
    ]);
    expect((await gt('directive', 'show', 'polecat')).stdout).not.toContain('exact');
  });

  test('edit makes the file and says where it is', async () => {
    const { stdout, code } = await gt('directive', 'edit', 'crew', '--rig', 'proj');
    expect(code).toBe(0);
    expect(stdout).toContain(join(town, 'proj/directives/crew.md'));
    expect(await readFile(join(town, 'proj/directives/crew.md'), 'utf8')).toBe('');
  });

  test.each([
    [['show', 'pirate'], 'is no role'],
    [['edit', '../x'], 'is no role'],
    [['show', 'crew', '--rig', 'nope'], 'nope'],
  ])('%s is refused', async (words, why) => {
    const { code, stderr } = await gt('directive', ...words);
    expect(code).toBe(1);
    expect(stderr).toContain(why);
  });
});
