import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentAddress } from '../../../src/core/address.ts';
import { OVERSEER, parseAddress } from '../../../src/core/address.ts';
import type { Store } from '../../../src/ports/store.ts';
import { agentEnv, identityEnv } from '../../../src/sessions/agent-env.ts';
import { agentHome } from '../../../src/town/agent-home.ts';
import { whoAmI } from '../../../src/town/identity.ts';
import { asProcess, makeWorkTown } from '../../scenario/work/town.ts';
import type { ProcessView, WorkTown } from '../../scenario/work/town.ts';

const POLECAT = parseAddress('proj/polecats/nux');

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
});
afterEach(() => town.close());

async function envOf(
  env: Readonly<Record<string, string>>,
  { view, address = POLECAT }: { readonly view?: ProcessView; readonly address?: AgentAddress } = {},
): Promise<Record<string, string>> {
  const { ctx } = await asProcess(town, { ...view, env });
  const installed = { ...ctx, gtArgv: ['/gt/node', '/gt/src/main.ts'] as const };
  return agentEnv(installed, { address, prefix: town.rig.prefix, spawn: 3 });
}

describe('the environment of an agent', () => {
  test('P18: who it is comes from its address, whatever the caller was', async () => {
    const caller = {
      GT_ROLE: 'mayor/',
      BD_ACTOR: 'mayor/',
      GT_CREW: 'joe',
      GT_SPAWN: '9',
      BEADS_DIR: '/other',
    };
    const env = await envOf(caller);
    expect(env).toMatchObject({
      GT_ROLE: 'proj/polecats/nux',
      BD_ACTOR: 'proj/polecats/nux',
      GT_RIG: 'proj',
      GT_POLECAT: 'nux',
      GT_SPAWN: '3',
      GT_ROOT: '/town',
    });
    expect(Object.keys(env)).not.toContain('GT_CREW');
    expect(Object.keys(env)).not.toContain('BEADS_DIR');
  });

  test('P18: has HOME, and finds our gt and bd before any other', async () => {
    const env = await envOf({ HOME: '/home/ann', PATH: '/usr/bin:/gt/bin:/bin' });
    expect(env).toMatchObject({ HOME: '/home/ann', PATH: '/gt/bin:/usr/bin:/bin' });
  });

  test('takes PATH from daemon.json, still after our own programs', async () => {
    await town.files.writeAtomic('/town/mayor/daemon.json', JSON.stringify({ env: { PATH: '/opt/bin' } }));
    expect(await envOf({ PATH: '/bin' })).toMatchObject({ PATH: '/gt/bin:/opt/bin' });
  });

  test("P25: has a test's marks, but no failpoint that is for one process", async () => {
    const marks = { GT_TEST: '1', GT_TEST_RUN: 'run-1', GT_TEST_HOLD: '/holds' };
    const env = await envOf({ ...marks, GT_TEST_STOP: 'G3:after' });
    expect(env).toMatchObject(marks);
    expect(Object.keys(env)).not.toContain('GT_TEST_STOP');
  });

  test('leads to no database server in a SQLite town', async () => {
    const env = await envOf({ GT_DOLT_PORT: '4000', BEADS_DOLT_PORT: '4000' });
    expect(Object.keys(env).filter((name) => name.includes('DOLT'))).toEqual(['BD_DOLT_AUTO_COMMIT']);
  });

  test("leads to the town's Dolt server, and bd never starts one of its own", async () => {
    const store: Store = { ...town.ctx.ports.store, kind: 'dolt' };
    const config = 'listener:\n  host: 127.0.0.1\n  port: 4406\n';
    await town.files.writeAtomic('/town/.dolt-data/config.yaml', config);
    expect(await envOf({ GT_DOLT_PORT: '4000' }, { view: { ports: { store } } })).toMatchObject({
      GT_DOLT_PORT: '4406',
      BEADS_DOLT_SERVER_PORT: '4406',
      BEADS_DOLT_SERVER_HOST: '127.0.0.1',
      BEADS_DOLT_AUTO_START: '0',
    });
  });
});

describe('P18: each agent is itself wherever it stands', () => {
  const LIVES: readonly string[] = [
    'mayor/',
    'deacon/',
    'deacon/boot',
    'deacon/dogs/rex',
    'proj/witness',
    'proj/refinery',
    'proj/polecats/nux',
    'proj/crew/ann',
  ];

  test.each(LIVES)('%s', async (text) => {
    const address = parseAddress(text);
    const parent = {
      GT_ROLE: 'proj/crew/joe',
      GT_RIG: 'x',
      GT_CREW: 'joe',
      GT_POLECAT: 'zed',
      BD_ACTOR: 'me',
    };
    const env = await envOf(parent, { address });
    const home = agentHome('/town', address);
    await town.files.makeDir(`${home}/src`);
    await town.files.link('/link', '/town');
    const linked = home.replace('/town', '/link');
    for (const cwd of [home, `${home}/src`, linked, `${linked}/src`, '/town', '/elsewhere', '']) {
      const facts = { env, cwd, files: town.files, root: '/town' };
      expect(await whoAmI(facts), cwd).toEqual({ address, source: 'env', conflict: undefined });
      const bare = await whoAmI({ ...facts, env: {} });
      if (cwd.includes(home.slice(5))) expect(bare).toEqual({ address, source: 'cwd', conflict: undefined });
      else expect(bare.address).toEqual(OVERSEER);
    }
  });

  test('daemon.json cannot make it somebody else', async () => {
    const env = { GT_ROLE: 'mayor/', GT_CREW: 'joe', BEADS_DIR: '/x', GIT_AUTHOR_EMAIL: 'a@b', EXTRA: '1' };
    await town.files.writeAtomic('/town/mayor/daemon.json', JSON.stringify({ env }));
    const own = await envOf({});
    expect(own).toMatchObject({ GT_ROLE: 'proj/polecats/nux', EXTRA: '1' });
    expect(Object.keys(own)).not.toEqual(expect.arrayContaining(['GT_CREW']));
    expect(Object.keys(own)).not.toEqual(expect.arrayContaining(['BEADS_DIR']));
  });
});

test("P18: a person's own clone commits under that person's address", () => {
  const crew = identityEnv(parseAddress('proj/crew/joe'), 'gastown.local');
  expect(crew).toMatchObject({ GT_CREW: 'joe', GIT_AUTHOR_NAME: 'joe' });
  expect(Object.keys(crew)).not.toContain('GIT_AUTHOR_EMAIL');
  expect(identityEnv(POLECAT, 'gastown.local')).toHaveProperty('GIT_AUTHOR_EMAIL');
});
