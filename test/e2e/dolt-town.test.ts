import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeWithDolt, freePort } from '../support/dolt.ts';
import { installProject } from './support/project.ts';
import { git } from './support/repository.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';

/* The main path once more on a real Dolt server that gt starts, owns and stops. */

let home: TestHome;
let origin: string;

beforeEach(async () => {
  home = createTestHome();
  origin = await installProject(home, {}, ['--store', 'dolt', '--dolt-port', String(await freePort())]);
});

afterEach(async () => {
  await home.dispose();
});

interface BeadRow {
  readonly id: string;
  readonly status: string;
}

async function bead(id: string): Promise<BeadRow | undefined> {
  return ((await home.bdJson('show', id)) as BeadRow[])[0];
}

function serverPid(): number {
  return (JSON.parse(readFileSync(join(home.town, 'daemon/dolt-state.json'), 'utf8')) as { pid: number }).pid;
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

describeWithDolt('a town on Dolt', () => {
  test('P4: beads land, and a server killed in the middle comes back with everything acknowledged', async () => {
    writeFileSync(
      join(home.home, 'work.sh'),
      `while [ ! -e ${home.home}/go ]; do sleep 0.1; done; echo done > worked\n`,
    );
    const { id } = (await home.bdJson('create', 'Slow work', '--rig', 'proj')) as BeadRow;
    await home.gt('up');
    await home.gt('sling', id, 'proj', '--agent', 'script', '--script', `sh ${home.home}/work.sh`);
    await home.until('the worker works', async () =>
      (await bead(id))?.status === 'in_progress' ? true : undefined,
    );
    const before = serverPid();
    process.kill(before, 'SIGKILL');
    await home.until('another server', async () => (serverPid() !== before ? true : undefined));
    expect((await home.until('the ledger answers', () => bead(id).catch(() => undefined))).status).toBe(
      'in_progress',
    );
    writeFileSync(join(home.home, 'go'), '');
    await home.until(`${id} lands`, async () =>
      (await bead(id).catch(() => undefined))?.status === 'closed' ? true : undefined,
    );
    expect(git(origin, 'show', 'main:worked')).toBe('done');
    const last = serverPid();
    await home.gt('down');
    // Its new parent may take a moment to collect it.
    await home.until('the server is gone', async () => (isGone(last) ? true : undefined));
  });

  test('P6: a rig whose making was cut off inside its database is made by the same command', async () => {
    const { port } = JSON.parse(readFileSync(join(home.town, 'daemon/dolt-state.json'), 'utf8')) as {
      port: number;
    };
    const server = await mysql.createConnection({ host: '127.0.0.1', port, user: 'root' });
    await server.query('CREATE DATABASE half');
    await server.query('USE half');
    await server.query("REPLACE INTO dolt_ignore (pattern, ignored) VALUES ('wisps', 1)");
    await server.query(
      'CREATE TABLE config (`key` varchar(255) NOT NULL, value text NOT NULL, PRIMARY KEY (`key`))',
    );
    await server.end();
    await home.gt('rig', 'add', 'half', origin, '--prefix', 'hf');
    expect(await home.bdJson('create', 'Whole', '--rig', 'half')).toMatchObject({ title: 'Whole' });
  });

  test('P4: with the server down a command fails with one clear line and writes nothing elsewhere', async () => {
    await home.gt('down');
    const outcome = await home.tryGt(['sling', 'pj-abc', 'proj']);
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toBe('');
    expect(outcome.stderr).toMatch(/^Error: .*\n\nRun: gt up/);
  });
});
