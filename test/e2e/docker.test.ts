import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestHome, type TestHome } from './support/town.ts';

/* No engine runs here: the scripts of the image in a plain folder, and its files as the tools read them. */

const ROOT = resolve(import.meta.dirname, '../..');
const LINT = join(ROOT, 'scripts/lint-docker');
const isRequired = process.env['GT_REQUIRE_TOOLS'] === '1';
const linted = spawnSync(LINT, isRequired ? [] : ['--no-install'], { encoding: 'utf8' });

describe.skipIf(linted.status === 3 && !isRequired)('Dockerfile and compose.yaml', () => {
  test('are clean to hadolint, and every profile can be read by Compose', () => {
    expect(linted.stdout + linted.stderr).toContain('are clean');
    expect(linted.status).toBe(0);
  });
});

test('the image holds what a start reads: every folder beside the program that ships is copied', () => {
  const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
  for (const folder of ['bin', 'dist', 'node_modules', 'formulas', 'templates'])
    expect(dockerfile).toContain(`COPY --from=build /build/${folder} /opt/gastown/${folder}`);
  expect(
    dockerfile
      .trimEnd()
      .split('\n')
      .findLast((line) => line.startsWith('USER')),
  ).toBe('USER 1000:1000');
  const dashboards = join(ROOT, 'docker/grafana/dashboards');
  for (const name of readdirSync(dashboards)) JSON.parse(readFileSync(join(dashboards, name), 'utf8'));
});

describe('the container without a container', () => {
  let home: TestHome;
  let running: ChildProcess | undefined;
  beforeEach(() => {
    home = createTestHome();
  });
  afterEach(async () => {
    running?.kill('SIGKILL');
    await home.dispose();
  });

  const env = (): Record<string, string> => ({
    ...home.env,
    GT_TOWN: home.town,
    GIT_USER: 'Ann',
    GIT_EMAIL: 'ann@example.test',
  });
  const healthy = (): number => spawnSync(join(ROOT, 'docker/healthcheck.sh'), { env: env() }).status ?? -1;
  const start = (...words: readonly string[]): ChildProcess =>
    spawn(join(ROOT, 'docker/entrypoint.sh'), words, { env: env(), cwd: home.home, stdio: 'ignore' });
  const endOf = (child: ChildProcess): Promise<number | null> =>
    new Promise((done) => child.once('exit', done));

  test('makes a town at the first start, is healthy while it is up, and takes it down when stopped; then again', async () => {
    expect(healthy()).not.toBe(0);
    for (const _start of [1, 2]) {
      running = start();
      await home.until('health', async () => (existsSync(home.town) && healthy() === 0 ? true : undefined));
      const ended = endOf(running);
      running.kill('SIGTERM');
      expect(await ended).toBe(0);
      expect(healthy()).not.toBe(0);
    }
    const name = execFileSync('git', ['config', '--global', 'user.name'], { env: env(), encoding: 'utf8' });
    expect(name).toBe('Ann\n');
    expect(JSON.parse(readFileSync(join(home.town, 'mayor/town.json'), 'utf8'))).toMatchObject({
      owner: 'ann@example.test',
    });
  }, 120_000);

  test('a command runs beside the town, and its exit code is that of the container', async () => {
    expect(await endOf(start('sh', '-c', 'gt status >"$HOME/seen" && exit 7'))).toBe(7);
    expect(readFileSync(join(home.home, 'seen'), 'utf8')).toContain('daemon ●');
    expect(healthy()).not.toBe(0);
  }, 60_000);
});
