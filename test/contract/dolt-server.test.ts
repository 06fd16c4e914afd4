import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createClock } from '../../src/adapters/clock.ts';
import { createDoltStore } from '../../src/adapters/dolt/store.ts';
import type { Store } from '../../src/ports/store.ts';
import { doltChildEnv, readDoltAddress } from '../../src/town/dolt-address.ts';
import { proveDolt, readDoltStatus, startDolt, stopDolt } from '../../src/town/dolt-server.ts';

import { createTestTown, describeWithDolt, freePort, killHard, type TestTown } from '../support/dolt.ts';
import { startWorker } from '../support/workers.ts';
import { IDENTITY, insertIssue, titlesOf } from './store-rows.ts';

const SQUATTER = new URL('./port-squatter.ts', import.meta.url);

describeWithDolt("the town's Dolt server", () => {
  const cleanUps: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  async function newTown(options: { readonly port?: number } = {}): Promise<TestTown> {
    const town = await createTestTown(options);
    cleanUps.push(() => town.dispose());
    return town;
  }

  /** The store as a command of this town uses it: proven before its first statement. */
  function storeOf(town: TestTown): Store {
    const store = createDoltStore({
      ...town.storeOptions,
      clock: createClock(),
      connectWaitMs: 100,
      prove: (facts) => proveDolt(town, facts),
    });
    cleanUps.push(() => store.close());
    return store;
  }

  async function stateOf(town: TestTown): Promise<string> {
    return (await readDoltStatus(town)).state;
  }

  describe('start and stop', () => {
    it('starts once; the second start finds it running', async () => {
      const town = await newTown();
      expect(await stateOf(town)).toBe('stopped');
      const first = await startDolt(town);
      const second = await startDolt(town);
      expect([first.how, second.how]).toEqual(['started', 'running']);
      expect(second.process).toEqual(first.process);
    });

    it('starts one server when two commands start it at the same time', async () => {
      const town = await newTown();
      const both = await Promise.all([startDolt(town), startDolt(town)]);
      expect(both.map((server) => server.how).sort()).toEqual(['running', 'started']);
    });

    it('writes its pid, start, port and data folder where the Go gt looks', async () => {
      const town = await newTown();
      const { process: child } = await startDolt(town);
      expect(readFileSync(join(town.paths.daemonDir, 'dolt.pid'), 'utf8')).toBe(`${child?.pid}\n`);
      expect(readState(town)).toMatchObject({
        running: true,
        pid: child?.pid,
        start: child?.start,
        port: town.port,
        data_dir: town.paths.doltDir,
        databases: [],
      });
    });

    it('ends it by TERM, keeps what it held, and frees the port', async () => {
      const town = await newTown();
      const started = await startDolt(town);
      const db = await storeOf(town).create('hq', IDENTITY);
      await insertIssue(db, 'gt-1');
      expect(await stopDolt(town)).toEqual(started.process);
      expect(await stateOf(town)).toBe('stopped');
      expect(readState(town)).toMatchObject({ running: false });
      expect(existsSync(join(town.paths.daemonDir, 'dolt.pid'))).toBe(false);
      expect(await stopDolt(town)).toBeUndefined();
      const again = await startDolt(town);
      expect(again.databases).toEqual(['hq']);
      expect(await titlesOf(await storeOf(town).open('hq'))).toHaveLength(1);
    });

    it('starts again after kill -9, over the stale record', async () => {
      const town = await newTown();
      await killHard(town, await startDolt(town));
      expect(await stateOf(town)).toBe('stopped');
      expect((await startDolt(town)).how).toBe('started');
    });

    it('adopts a server whose starter died before it wrote anything', async () => {
      const town = await newTown();
      const { process: child } = await startDolt(town);
      rmSync(town.paths.daemonDir, { recursive: true });
      const adopted = await startDolt(town);
      expect(adopted).toMatchObject({ how: 'running', process: child });
      expect(readState(town)).toMatchObject({ pid: child?.pid, start: child?.start });
    });

    it('survives the process that started it, and reports no usage', async () => {
      const town = await newTown();
      const { process: child } = await startDolt(town);
      const environment = readFileSync(`/proc/${child?.pid}/environ`, 'utf8').split('\0');
      expect(environment).toContain('DOLT_DISABLE_EVENT_FLUSH=true');
      expect(environment.some((entry) => entry.startsWith('DOLT_ROOT_PATH='))).toBe(true);
      expect(existsSync(join(town.root, '.dolt'))).toBe(false);
      const session = readFileSync(`/proc/${child?.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[3];
      expect(session).toBe(String(child?.pid));
    });

    it('says why it did not come up', async () => {
      const town = await newTown();
      // A folder that looks like a database and is none makes the server give up.
      mkdirSync(join(town.paths.doltDir, 'broken/.dolt/noms'), { recursive: true });
      writeFileSync(join(town.paths.doltDir, 'broken/.dolt/noms/manifest'), 'nonsense');
      await expect(startDolt(town)).rejects.toMatchObject({ code: 'dolt.not-ready' });
      expect(await stateOf(town)).toBe('stopped');
    });

    it('names the command that installs dolt when there is none', async () => {
      const town = await newTown();
      const without = { ...town, env: { ...town.env, PATH: '/nowhere' } };
      await expect(startDolt(without)).rejects.toMatchObject({
        code: 'dolt.not-installed',
        hint: expect.stringContaining('go install') as string,
      });
    });
  });

  describe('P4: whose server is it', () => {
    it.each(['mute', 'talking'] as const)(
      'a %s program on the port is named and left alone',
      async (manner) => {
        const town = await newTown();
        const squatter = startWorker(SQUATTER, { port: town.port, manner });
        cleanUps.push(() => void squatter.child.kill());
        await squatter.line((line) => line === 'listening');
        for (const act of [startDolt, stopDolt]) {
          await expect(act(town)).rejects.toMatchObject({
            code: 'dolt.squatter',
            message: expect.stringMatching(
              new RegExp(`port ${town.port} .*pid ${squatter.child.pid} .*cwd ${process.cwd()}`),
            ) as string,
          });
        }
        expect(squatter.child.exitCode).toBeNull();
        expect(existsSync(town.paths.doltDir)).toBe(false);
      },
    );

    it("another town's server is named with its data folder; neither adopted, killed nor written to", async () => {
      const theirs = await newTown();
      const server = await startDolt(theirs);
      await storeOf(theirs).create('hq', IDENTITY);
      const ours = await newTown({ port: theirs.port });
      for (const act of [startDolt, stopDolt]) {
        const failure = await act(ours).catch((error: unknown) => error);
        expect(failure).toMatchObject({ code: 'dolt.squatter' });
        expect(String(failure)).toContain(`pid ${server.process?.pid}`);
        expect(String(failure)).toContain(`data dir ${theirs.paths.doltDir}`);
      }
      const store = storeOf(ours);
      await expect(store.list()).rejects.toMatchObject({ code: 'dolt.squatter' });
      await expect(store.open('hq')).rejects.toMatchObject({ code: 'dolt.squatter' });
      await expect(store.create('mine', IDENTITY)).rejects.toMatchObject({ code: 'dolt.squatter' });
      expect((await store.health()).ok).toBe(false);
      expect(await stateOf(theirs)).toBe('running');
      expect(await storeOf(theirs).list()).toEqual(['hq']);
    });

    it('a server whose data folder was deleted is refused, also when the folder is back', async () => {
      const town = await newTown();
      const server = await startDolt(town);
      cleanUps.push(() => killHard(town, server));
      await storeOf(town).create('hq', IDENTITY);
      rmSync(town.paths.doltDir, { recursive: true });
      // With config.yaml the port is forgotten too; the environment still names it.
      expect(await readDoltStatus(town)).toMatchObject({
        state: 'squatter',
        holder: expect.stringContaining('deleted') as string,
      });
      mkdirSync(town.paths.doltDir);
      await expect(startDolt(town)).rejects.toMatchObject({ code: 'dolt.squatter' });
      await expect(storeOf(town).open('hq')).rejects.toMatchObject({ code: 'dolt.squatter' });
      expect(readdirSync(town.paths.doltDir)).toEqual([]);
    });

    it('two towns on one machine do not see each other', async () => {
      const [one, two] = [await newTown(), await newTown()];
      await startDolt(one);
      await startDolt(two);
      await storeOf(one).create('hq', IDENTITY);
      expect(await storeOf(two).list()).toEqual([]);
      await stopDolt(one);
      expect([await stateOf(one), await stateOf(two)]).toEqual(['stopped', 'running']);
    });

    it('a server that was replaced under a running process is found out at the next connection', async () => {
      const town = await newTown();
      const server = await startDolt(town);
      const store = storeOf(town);
      await store.create('hq', IDENTITY);
      await killHard(town, server);
      const other = await newTown({ port: town.port });
      await startDolt(other);
      await expect(store.list()).rejects.toMatchObject({ code: 'dolt.squatter' });
    });

    it('a record whose pid now belongs to another process stops nobody', async () => {
      const town = await newTown();
      const bystander = spawn('sleep', ['60'], { stdio: 'ignore' });
      cleanUps.push(() => void bystander.kill());
      mkdirSync(town.paths.daemonDir, { recursive: true });
      const state = { running: true, pid: bystander.pid, start: '1-other', port: town.port };
      writeFileSync(join(town.paths.daemonDir, 'dolt-state.json'), JSON.stringify(state));
      expect(await stateOf(town)).toBe('stopped');
      expect(await stopDolt(town)).toBeUndefined();
      expect(bystander.exitCode).toBeNull();
    });
  });

  describe('the port has one source', () => {
    it('is what config.yaml says while a server may run on it, whatever the environment says', async () => {
      const town = await newTown();
      await startDolt(town);
      const elsewhere = { ...town, env: { ...town.env, GT_DOLT_PORT: '1025' } };
      expect((await readDoltAddress(elsewhere)).port).toBe(town.port);
      expect((await startDolt(elsewhere)).how).toBe('running');
    });

    it('moves with daemon.json at the next start', async () => {
      const town = await newTown();
      await startDolt(town);
      await stopDolt(town);
      const port = await freePort();
      mkdirSync(join(town.root, 'mayor'));
      writeFileSync(town.paths.daemonConfigFile, JSON.stringify({ env: { GT_DOLT_PORT: String(port) } }));
      expect(await startDolt(town)).toMatchObject({ how: 'started', port });
      expect((await readDoltAddress(town)).port).toBe(port);
    });

    it('is in the environment of every child, with the switch that keeps bd from starting a server', async () => {
      const town = await newTown();
      expect(doltChildEnv(await readDoltAddress(town))).toEqual({
        GT_DOLT_PORT: String(town.port),
        BEADS_DOLT_PORT: String(town.port),
        BEADS_DOLT_SERVER_PORT: String(town.port),
        BEADS_DOLT_SERVER_HOST: '127.0.0.1',
        BEADS_DOLT_AUTO_START: '0',
      });
    });

    it('names a remote server to children, and who we are there', async () => {
      const town = await newTown();
      const env = { ...town.env, GT_DOLT_HOST: 'db.example.com', GT_DOLT_USER: 'gt', GT_DOLT_PASSWORD: 'pw' };
      expect(doltChildEnv(await readDoltAddress({ ...town, env }))).toEqual({
        GT_DOLT_HOST: 'db.example.com',
        GT_DOLT_PORT: String(town.port),
        GT_DOLT_USER: 'gt',
        GT_DOLT_PASSWORD: 'pw',
        BEADS_DOLT_PORT: String(town.port),
        BEADS_DOLT_SERVER_PORT: String(town.port),
        BEADS_DOLT_SERVER_HOST: 'db.example.com',
        BEADS_DOLT_SERVER_USER: 'gt',
        BEADS_DOLT_PASSWORD: 'pw',
        BEADS_DOLT_AUTO_START: '0',
      });
    });

    it('is never that of real towns in a test', async () => {
      const town = await newTown();
      const real = { ...town, env: { ...town.env, GT_DOLT_PORT: '3307' } };
      for (const act of [startDolt, stopDolt, readDoltStatus]) {
        await expect(act(real)).rejects.toMatchObject({ code: 'store.test-port' });
      }
    });

    it('a remote server is used, never started or stopped', async () => {
      const town = await newTown();
      const remote = { ...town, env: { ...town.env, GT_DOLT_HOST: 'db.example.com' } };
      expect(await readDoltStatus(remote)).toMatchObject({ state: 'remote', host: 'db.example.com' });
      expect((await startDolt(remote)).process).toBeUndefined();
      expect(await stopDolt(remote)).toBeUndefined();
    });
  });
});

function readState(town: TestTown): unknown {
  return JSON.parse(readFileSync(join(town.paths.daemonDir, 'dolt-state.json'), 'utf8'));
}
