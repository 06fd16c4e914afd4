import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'bin/gt.mjs');
const home = mkdtempSync(join(tmpdir(), 'gt-edges-'));
const env = { HOME: home, PATH: process.env['PATH'] ?? '', GT_TEST: '1' };
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('gt at the edges of its process', () => {
  test('a reader that goes away ends it quietly with 0', async () => {
    const child = spawn(process.execPath, [MAIN, '--help'], {
      cwd: home,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.destroy();
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  });

  test('works in a folder that was deleted', () => {
    const gone = join(home, 'gone');
    const script = `mkdir "${gone}" && cd "${gone}" && rmdir "${gone}" && exec "${process.execPath}" "${MAIN}" whoami`;
    const result = spawnSync('sh', ['-c', script], { encoding: 'utf8', env });
    expect(result).toMatchObject({ status: 1, stdout: '' });
    expect(result.stderr).toMatch(/^Error: not in a Gas Town workspace\n/);
  });

  test('an error goes to stderr alone and has exit code 1', () => {
    const result = spawnSync(process.execPath, [MAIN, 'whoami', '--json'], {
      cwd: home,
      encoding: 'utf8',
      env,
    });
    expect(result).toMatchObject({ status: 1, stdout: '' });
    expect(result.stderr.split('\n')[0]).toBe('Error: not in a Gas Town workspace');
  });
});
