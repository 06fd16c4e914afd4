import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAgentRow } from '../../../src/beads/forms/agent-row.ts';
import { parseAddress } from '../../../src/core/address.ts';
import { parsePrefix } from '../../../src/core/names.ts';
import type { SessionName } from '../../../src/core/names.ts';
import { readRoleDefinition } from '../../../src/runtimes/role-definition.ts';
import { startAgent } from '../../../src/sessions/start-agent.ts';
import type { AgentStart } from '../../../src/sessions/start-agent.ts';
import { makeWorkTown } from './town.ts';
import type { WorkTown } from './town.ts';

const MAYOR = 'hq-mayor' as SessionName;

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
  await town.setTown({ agents: { helper: { command: 'helper', provider: 'claude' } } });
});
afterEach(() => town.close());

const start = (more: Partial<AgentStart> = {}) =>
  town.clock.drive(startAgent(town.ctx, { address: parseAddress('mayor'), ...more }));
const mayorRow = async () => readAgentRow(town.hq, parseAddress('mayor'), parsePrefix('hq'));

describe('a standing agent', () => {
  it('starts in its home with the next number of its row', async () => {
    expect(await start()).toMatchObject({ session: MAYOR, how: 'tmux', spawn: 1, runtime: 'helper' });
    expect(town.panes.started(MAYOR)).toMatchObject({ spawn: 1, cwd: `${town.root}/mayor` });
    expect(await mayorRow()).toMatchObject({ spawn: 1, agentState: 'running' });
  });

  it('that lives is left alone, by two starts at once too', async () => {
    const both = await Promise.all([start(), start()]);
    expect(both.map(({ how }) => how).sort()).toEqual(['already', 'tmux']);
    expect(await mayorRow()).toMatchObject({ spawn: 1 });
  });

  it('is replaced when a fresh session is asked for', async () => {
    await start();
    expect(await start({ fresh: true })).toMatchObject({ how: 'tmux', spawn: 2 });
    expect(town.panes.started(MAYOR)).toMatchObject({ spawn: 2 });
  });

  it('whose row was made anew starts above the number its host has seen', async () => {
    await start();
    await start({ fresh: true });
    town.panes.exit(MAYOR, { code: 0 });
    await town.hq.transaction('test', (tx) => tx.update('hq-mayor', { description: '' }));
    expect(await start()).toMatchObject({ spawn: 3 });
  });

  it('goes on with its conversation, and keeps its id', async () => {
    await start();
    const conversation = town.panes.started(MAYOR)?.conversation;
    expect(conversation).toBeDefined();
    await start({ fresh: true, resume: { conversation } });
    expect(town.panes.started(MAYOR)).toMatchObject({ conversation });
    expect(town.panes.started(MAYOR)?.argv).toEqual(expect.arrayContaining(['--resume', conversation]));
    expect(town.panes.started(MAYOR)?.argv).not.toContain('--session-id');
  });

  it('without a clone is refused, and no number is spent', async () => {
    const address = parseAddress('proj/crew/ann');
    await expect(start({ address })).rejects.toMatchObject({ code: 'agent.no-home' });
    expect(await readAgentRow(town.ledger, address, town.rig.prefix)).toBeUndefined();
  });
});

describe('what the files of a role say', () => {
  const ANN = 'pj-crew-ann' as SessionName;
  const says = async (folder: string, text: string): Promise<void> => {
    await town.files.makeDir(`${folder}/roles`);
    await town.files.writeAtomic(`${folder}/roles/crew.toml`, text);
  };
  beforeEach(async () => {
    await town.files.makeDir(`${town.root}/proj/crew/ann/.git`);
    await says(
      town.root,
      'nudge = "Look after {rig}, {name}"\n[env]\nFOO = "town"\nHOME_OF = "{town}/{role}"\n',
    );
  });
  const ann = () => start({ address: parseAddress('proj/crew/ann') });

  it('goes to its agents, the rig’s over the town’s, with the agent’s own words filled in', async () => {
    await says(`${town.root}/proj`, '[env]\nFOO = "rig"\n');
    await ann();
    const started = town.panes.started(ANN);
    expect(started?.argv.at(-1)).toContain('Look after proj, ann');
    expect(started?.env).toMatchObject({ FOO: 'rig', HOME_OF: `${town.root}/crew` });
    await start();
    expect(town.panes.started(MAYOR)?.env).not.toHaveProperty('FOO');
  });

  it('P18: cannot make it somebody else, and says so', async () => {
    const rig = `${town.root}/proj`;
    await says(
      rig,
      '[env]\nGT_ROLE = "mayor"\nBD_ACTOR = "mayor"\nGIT_AUTHOR_NAME = "x"\n[health]\nx = 1\n[nudgee]\n',
    );
    await ann();
    expect(town.panes.started(ANN)?.env).toMatchObject({
      GT_ROLE: 'proj/crew/ann',
      BD_ACTOR: 'proj/crew/ann',
      GIT_AUTHOR_NAME: 'ann',
    });
    const { env, warnings } = await readRoleDefinition(town.ctx, 'crew', town.rig.name);
    expect(Object.keys(env)).toEqual(['FOO', 'HOME_OF']);
    expect(warnings.map((line) => line.replace(`${rig}/roles/crew.toml: `, ''))).toEqual([
      "'health' is not read: it follows from the town",
      "unknown key 'nudgee', did you mean nudge?",
      "'GT_ROLE' is not read: who an agent is follows from the town",
      "'BD_ACTOR' is not read: who an agent is follows from the town",
      "'GIT_AUTHOR_NAME' is not read: who an agent is follows from the town",
    ]);
  });

  it('that nobody can read starts nobody, and is named', async () => {
    await says(`${town.root}/proj`, 'x = [');
    await expect(ann()).rejects.toMatchObject({ code: 'file.corrupt' });
    expect(town.panes.started(ANN)).toBeUndefined();
  });
});
