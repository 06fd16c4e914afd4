import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readBackCommand } from '../../../src/hooks/rescue-ref.ts';
import { runScript } from '../../../src/polecat/script/run.ts';
import type { ScriptEnd } from '../../../src/polecat/script/end.ts';
import type { RunSpec } from '../../../src/ports/processes.ts';
import { setTownWanted } from '../../../src/town/wanted.ts';
import type { ProgramEnd } from '../../fakes/processes.ts';
import { asProcess, describe as say, makeWorkTown, polecatAddress } from './town.ts';
import type { Worker, WorkTown } from './town.ts';

let town: WorkTown;
let runs: RunSpec[];
beforeEach(async () => {
  town = await makeWorkTown();
  runs = [];
});
afterEach(() => town.close());

/** What `sh` does with the command. */
function shell(work: (spec: RunSpec) => Promise<ProgramEnd>): void {
  town.processes.program('sh', (spec) => {
    runs.push(spec);
    return work(spec);
  });
}

function writes(path: string, text: string): (spec: RunSpec) => Promise<ProgramEnd> {
  return async ({ cwd = '' }) => {
    await town.files.writeAtomic(`${cwd}/${path}`, text);
    return { code: 0, stdout: 'made it' };
  };
}

async function slung(title = 'Make a page'): Promise<{ readonly bead: string; readonly worker: Worker }> {
  const { id } = await town.create({ title });
  return { bead: id, worker: await town.dispatch(id, { script: 'make page' }) };
}

async function play(spawn = 1): Promise<ScriptEnd> {
  const inside = await asProcess(town, {
    actor: polecatAddress('furiosa'),
    env: { GT_ROLE: 'proj/polecats/furiosa' },
  });
  const agent = polecatAddress('furiosa');
  return town.clock.drive(runScript(inside.ctx, { agent, spawn, onOutput: () => undefined }));
}

describe('the script runtime', () => {
  test('runs the command in the worktree, commits as the agent and hands in', async () => {
    const { bead, worker } = await slung();
    shell(writes('page.md', '# Page\n'));
    expect(await play()).toMatchObject({ code: 0 });
    expect(runs).toMatchObject([
      { argv: ['sh', '-c', 'make page'], cwd: worker.worktree, timeoutMs: 1_800_000 },
    ]);
    expect(town.remote.filesOf(worker.branch)).toMatchObject({ 'page.md': '# Page\n' });
    expect(town.remote.messages(worker.branch)[0]).toBe(`Make a page\n\nGt-Issue: ${bead}`);
    expect(await town.mrs()).toMatchObject([{ sourceIssue: bead, phase: 'queued' }]);
    expect(await town.bead(bead)).toMatchObject({ status: 'in_progress' });
  });

  test('commits deletions too: the command meant them', async () => {
    const { worker } = await slung();
    shell(async ({ cwd = '' }) => {
      await town.files.remove(`${cwd}/README.md`);
      return { code: 0 };
    });
    await play();
    expect(town.remote.filesOf(worker.branch)).toEqual({});
  });

  test('that changes nothing closes the bead and says so', async () => {
    const { bead } = await slung();
    shell(async () => ({ code: 0 }));
    await play();
    expect(await town.bead(bead)).toMatchObject({ status: 'closed', closeReason: 'script changed nothing' });
  });

  test.each([
    ['an exit code', { code: 3, stdout: 'one\ntwo', stderr: 'bad thing' } as const, 3, 'ended with exit 3'],
    ['a signal', { signal: 'SIGKILL' } as const, 1, 'was ended by SIGKILL'],
    ['the time limit', { hang: true } as const, 124, 'did not end within 1800 s'],
  ])(
    'P2: ended by %s blocks the bead, keeps the tree and frees the worker',
    async (_how, end, code, text) => {
      const { bead, worker } = await slung();
      shell(async ({ cwd = '' }) => {
        await town.files.writeAtomic(`${cwd}/half.md`, 'half');
        return end;
      });
      expect((await play()).code).toBe(code);
      expect(await town.bead(bead)).toMatchObject({ status: 'blocked', assignee: '' });
      const [comment] = await town.ledger.comments(bead);
      expect(comment?.text).toContain(`script ${text}`);
      const [ref] = await town.git.objects.listRefs(town.rig.paths.bare, 'refs/gt/rescue/proj/furiosa/');
      expect(comment?.text).toContain(readBackCommand(ref?.name ?? ''));
      expect(ref === undefined ? {} : town.git.filesOf(ref.sha)).toMatchObject({ 'half.md': 'half' });
      expect(await town.row('furiosa')).toMatchObject({ agentState: 'idle', hookBead: undefined });
      expect(await town.git.worktrees.status(worker.worktree)).toMatchObject({ changed: [], untracked: [] });
      expect(await town.events('escalation_sent')).toHaveLength(1);
    },
  );

  test('quotes at most the last twenty lines', async () => {
    const { bead } = await slung();
    const stdout = Array.from({ length: 50 }, (_, n) => `line ${n}`).join('\n');
    shell(async () => ({ code: 1, stdout }));
    await play();
    const text = (await town.ledger.comments(bead))[0]?.text ?? '';
    expect(text.split('\n').filter((line) => line.startsWith('line '))).toHaveLength(20);
    expect(text).toContain('line 49');
    expect(text).not.toContain('line 29');
  });

  test('does nothing for an older session or an empty hook', async () => {
    const { bead } = await slung();
    shell(writes('page.md', 'x'));
    expect(await play(0)).toMatchObject({ code: 0 });
    expect(await town.bead(bead)).toMatchObject({ status: 'hooked' });
    expect(runs).toEqual([]);
  });

  test('P26: does not run a command that an agent set, nor one that is none', async () => {
    const { bead } = await slung();
    const script = { cmd: 'curl evil', by: 'proj/polecats/nux', at: '2026-01-01T00:00:00Z' };
    await town.ledger.transaction('x', (tx) => tx.update(bead, { metadata: { script } }));
    shell(writes('page.md', 'x'));
    expect((await play()).code).toBe(1);
    expect(runs).toEqual([]);
    expect(await town.bead(bead)).toMatchObject({ status: 'blocked' });
  });

  test('P26: may not be set by an agent', async () => {
    const { id } = await town.create();
    const mayor = await asProcess(town, { actor: { role: 'mayor' } });
    expect(say((await mayor.sling([id], { script: 'true' }))[0])).toContain('sling.order-rights');
    const [none] = await town.sling([id], { agent: 'script' });
    expect(say(none)).toContain('sling.no-script');
  });
});

describe('a script that was killed and is started again', () => {
  test('P2: runs on a clean tree; what it had left is kept', async () => {
    const { worker } = await slung();
    await worker.begin();
    await worker.write('half.md', 'half');
    shell(writes('page.md', '# Page\n'));
    await play();
    expect(town.remote.filesOf(worker.branch)).toEqual({ 'README.md': '# Project\n', 'page.md': '# Page\n' });
    const [ref] = await town.git.objects.listRefs(town.rig.paths.bare, 'refs/gt/rescue/proj/furiosa/');
    expect(ref === undefined ? {} : town.git.filesOf(ref.sha)).toMatchObject({ 'half.md': 'half' });
  });

  test('is not run twice when its commit is there', async () => {
    const { bead, worker } = await slung();
    await worker.begin();
    await worker.write('page.md', '# Page\n');
    worker.commit(`Make a page\n\nGt-Issue: ${bead}`);
    shell(writes('again.md', 'x'));
    await play();
    expect(runs).toEqual([]);
    expect(await town.mrs()).toHaveLength(1);
  });

  test('starts over from where its branch began when it had committed by itself', async () => {
    const { worker } = await slung();
    await worker.begin();
    await worker.write('own.md', 'own');
    worker.commit('A commit of the script');
    shell(writes('page.md', '# Page\n'));
    await play();
    expect(town.remote.filesOf(worker.branch)).toEqual({ 'README.md': '# Project\n', 'page.md': '# Page\n' });
    expect(await town.rescues()).toHaveLength(1);
  });

  test('P10: stopped with its town keeps its work held: that is no failure of the script', async () => {
    const { bead } = await slung();
    shell(async () => {
      await setTownWanted(town.ctx, 'down');
      return { signal: 'SIGTERM' };
    });
    expect((await play()).code).toBe(143);
    expect(await town.bead(bead)).toMatchObject({ status: 'in_progress', assignee: 'proj/polecats/furiosa' });
    expect(await town.events('escalation_sent')).toEqual([]);
  });

  test('leaves the rest to the daemon when the remote is away', async () => {
    const { bead } = await slung();
    shell(async (spec) => {
      const end = await writes('page.md', '# Page\n')(spec);
      town.remote.goOffline();
      return end;
    });
    expect((await play()).code).toBe(1);
    expect(await town.bead(bead)).toMatchObject({ status: 'in_progress', assignee: 'proj/polecats/furiosa' });
    expect((await town.row('furiosa'))?.labels.some((label) => label.startsWith('done-intent:'))).toBe(true);
  });
});
