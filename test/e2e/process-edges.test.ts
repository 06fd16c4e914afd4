import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

  test.each([
    ['status', '--watch'],
    ['feed', '--follow'],
    ['log', '--follow'],
  ])('Ctrl-C is the ordinary end of gt %s %s', async (...words) => {
    const town = join(home, 'town');
    const own = { ...env, GT_TMUX_SOCKET: 'gt-edges', TMUX_TMPDIR: home };
    if (!existsSync(town)) {
      const made = spawnSync(process.execPath, [MAIN, 'install', town], { cwd: home, env: own });
      expect(made.status).toBe(0);
      writeFileSync(join(town, 'logs/town.log'), '2026-01-01 00:00:00 [done] a/b it is done\n');
      const event = {
        ts: '2026-01-01T00:00:00Z',
        source: 'gt',
        type: 'boot',
        actor: 'overseer',
        payload: {},
      };
      writeFileSync(join(town, '.events.jsonl'), `${JSON.stringify({ ...event, visibility: 'feed' })}\n`);
    }
    const child = spawn(process.execPath, [MAIN, ...words], {
      cwd: town,
      env: own,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
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
