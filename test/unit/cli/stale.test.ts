import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CommandInput } from '../../../src/cli/command.ts';
import { createAppContext, type AppContext } from '../../../src/context.ts';
import { run } from '../../../src/commands/meta/stale.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gt-stale-'));
});
afterEach(() => rm(root, { recursive: true }));

async function put(path: string, seconds: number): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), '');
  await utimes(join(root, path), seconds, seconds);
}

function ask(program: string) {
  const streams = {
    isTTY: false,
    columns: 80,
    rows: 24,
    writeOut() {},
    writeError() {},
    readAll: async () => '',
  };
  const { app } = createAppContext({ env: {}, cwd: root, streams });
  const gtArgv = { value: ['node', join(root, program)] };
  const there = Object.create(app, { gtArgv }) as AppContext;
  return run(there, { bool: () => false } as unknown as CommandInput);
}

test('gt stale tells by the exit code whether dist/ is older than the sources', async () => {
  expect(await ask('dist/gt.cjs')).toMatchObject({ exitCode: 1, data: { stale: false } });
  await put('src/a/b.ts', 1000);
  expect(await ask('dist/gt.cjs')).toMatchObject({ exitCode: 2, data: { stale: null } });
  await put('dist/stamp', 2000);
  expect(await ask('dist/gt.cjs')).toMatchObject({ exitCode: 1, data: { stale: false } });
  await put('src/a/c.ts', 3000);
  expect(await ask('dist/gt.cjs')).toMatchObject({ exitCode: 0, data: { stale: true } });
  expect(await ask('bin/gt.mjs')).toMatchObject({ exitCode: 1, data: { stale: false } });
});
