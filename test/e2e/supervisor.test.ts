import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';

/* With a stand-in for systemd, which does what the unit says: no real one runs where tests run. */

let home: TestHome;
let env: Record<string, string>;

beforeEach(() => {
  home = createTestHome();
  const tools = join(home.home, 'tools');
  mkdirSync(tools);
  copyFileSync(resolve(import.meta.dirname, 'support/stand-in-systemctl.cjs'), join(tools, 'systemctl'));
  chmodSync(join(tools, 'systemctl'), 0o755);
  env = { PATH: `${tools}:${home.env['PATH'] ?? ''}` };
});

afterEach(() => home.dispose());

async function gt(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await home.tryGt(words, { env });
  if (code !== 0) throw new Error(`gt ${words.join(' ')}: ${stderr}`);
  return stdout;
}

async function daemonPid(): Promise<number> {
  const { pid = 0 } = JSON.parse(await gt('daemon', 'status', '--json')) as { readonly pid?: number };
  return pid;
}

const parentOf = (pid: number): number =>
  Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
const commandOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
const asked = (): string => readFileSync(join(home.home, 'systemctl.log'), 'utf8');

test('gt up lets the unit start the daemon, each time, and it is started again after a kill', async () => {
  await gt('install', home.town, '--supervisor');
  expect(asked()).toBe('daemon-reload\nenable gastown-daemon\n');
  await gt('up');
  const first = await daemonPid();
  expect(commandOf(parentOf(first))).toContain('--user keep gastown-daemon');
  process.kill(first, 'SIGKILL');
  const second = await home.until('it is started again', async () => {
    const pid = await daemonPid();
    return pid === 0 || pid === first ? undefined : pid;
  });
  expect(commandOf(parentOf(second))).toContain('keep gastown-daemon');
  await gt('down');
  await gt('up');
  expect(commandOf(parentOf(await daemonPid()))).toContain('keep gastown-daemon');
});

test('a second town has a unit of its own, and doctor finds one that starts nothing', async () => {
  await gt('install', home.town, '--supervisor');
  const other = join(home.home, 'other');
  await home.tryGt(['install', other, '--supervisor'], { env, cwd: home.home });
  const own = /enable (gastown-daemon-[0-9a-f]{8})/.exec(asked())?.[1] ?? '';
  const units = join(home.home, '.config/systemd/user');
  expect(readFileSync(join(units, 'gastown-daemon.service'), 'utf8')).toContain(home.town);
  expect(readFileSync(join(units, `${own}.service`), 'utf8')).toContain(other);
  const unit = join(units, 'gastown-daemon.service');
  writeFileSync(unit, readFileSync(unit, 'utf8').replace('/bin/gt"', '/bin/old-gt"'));
  expect((await home.tryGt(['doctor'], { env })).stdout).toContain('/bin/old-gt, which is not there');
  await gt('up');
  expect(commandOf(parentOf(await daemonPid()))).not.toContain('--user keep');
  await gt('down');
  await gt('doctor', '--fix');
  expect(readFileSync(unit, 'utf8')).toContain('/bin/gt"');
});

test('the log stays bounded while the supervisor holds it open', async () => {
  await gt('install', home.town, '--supervisor');
  await gt('up');
  const log = join(home.town, 'daemon/daemon.log');
  truncateSync(log, 11 * 1024 * 1024);
  process.kill(await daemonPid(), 'SIGKILL');
  await home.until('the next one has looked', async () =>
    statSync(log).size < 1024 * 1024 ? true : undefined,
  );
  expect(statSync(`${log}.1`).size).toBeGreaterThanOrEqual(11 * 1024 * 1024);
});
