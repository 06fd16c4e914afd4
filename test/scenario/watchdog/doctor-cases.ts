import type { TownContext } from '../../../src/beads/context.ts';
import type { Rig } from '../../../src/rig/registry.ts';
import { unitText } from '../../../src/town/machine/unit-text.ts';
import { setTownWanted } from '../../../src/town/wanted.ts';
import type { FakeMachine } from '../town/fake-town.ts';

/** A well town with a rig and a worker's worktree, about to be damaged. */
export interface Patient {
  readonly machine: FakeMachine;
  readonly ctx: TownContext;
  readonly rig: Rig;
  readonly worktree: string;
}

export type Break = (patient: Patient) => Promise<unknown> | void;

const edit =
  (path: string, change: (doc: Record<string, unknown>) => unknown): Break =>
  async ({ machine: { files } }) => {
    const doc = JSON.parse((await files.readText(`/town/${path}`)) ?? '{}') as Record<string, unknown>;
    await files.writeAtomic(`/town/${path}`, JSON.stringify(change(doc)), { mode: 0o600 });
  };
const write =
  (path: string, text: string): Break =>
  ({ machine: { files } }) =>
    files.writeAtomic(`/town/${path}`, text, { mode: 0o600 });
const remove =
  (path: string): Break =>
  ({ machine: { files } }) =>
    files.remove(`/town/${path}`);
const sql =
  (database: string, statement: string): Break =>
  async ({ ctx }) =>
    (await ctx.ports.store.open(database)).transaction((tx) => tx.run(statement));

/** For each check of `gt doctor` one or more ways to make it find something. */
export const DAMAGE: Readonly<Record<string, Readonly<Record<string, Break>>>> = {
  'town-opens': {
    'the copy for bd names another ledger': edit('.beads/metadata.json', (doc) => ({
      ...doc,
      backend: 'dolt',
    })),
  },
  programs: {
    'git is too old': ({ machine }) => machine.processes.program('git', () => ({ code: 0, stdout: 'usage' })),
  },
  'disk-space': {
    'the disk is full': ({ machine }) =>
      machine.processes.program('df', () => ({
        code: 0,
        stdout: 'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/x 100 99 1000 99% /\n',
      })),
  },
  supervisor: {
    'the gt that it starts is gone': async ({ machine }) => {
      machine.processes.program('systemctl', () => ({ code: 0 }));
      await machine.files.writeAtomic('/bin/gt', '');
      await machine.files.writeAtomic(
        '/home/.config/systemd/user/gastown-daemon.service',
        unitText({ root: '/town', gt: '/old/gt', label: '', env: {} }),
      );
    },
    'it runs something else': async ({ machine }) => {
      machine.processes.program('systemctl', () => ({ code: 0 }));
      await machine.files.writeAtomic('/bin/gt', '');
      await machine.files.writeAtomic(
        '/home/.config/systemd/user/gastown-daemon.service',
        unitText({ root: '/town', gt: '/old/gt', label: '', env: {} }).replace(' --supervised', ''),
      );
    },
  },
  'town-anchor': {
    'CLAUDE.md is gone': remove('CLAUDE.md'),
    'somebody has rewritten it': write('CLAUDE.md', '# My own words\n'),
    'AGENTS.md is gone': remove('AGENTS.md'),
  },
  'town-branch': {
    'the town is on another branch': ({ machine }) => void machine.git.init('/town', 'feature'),
  },
  'config-files': {
    'a torn file': write('mayor/accounts.json', '{"accounts":'),
    'a file of a newer gt': edit('mayor/daemon.json', (doc) => ({ ...doc, version: 99 })),
    'a wrong shape': write('config/messaging.json', '{"nudge_channels":["all"]}'),
  },
  'config-values': {
    'a number that is none': edit('settings/config.json', (doc) => ({
      ...doc,
      scheduler: { batch_size: 'x' },
    })),
    'a rig’s choice that is none': write(
      'shop/settings/config.json',
      '{"merge_queue":{"merge_method":"octopus"}}',
    ),
  },
  'config-keys': {
    'a misspelt setting': edit('settings/config.json', (doc) => ({ ...doc, schedular: {} })),
    'one that means nothing any more': write(
      'shop/settings/config.json',
      '{"merge_queue":{"target_branch":"main"}}',
    ),
  },
  'file-rights': {
    'settings that all may read': async ({ machine: { files } }) => {
      const path = '/town/mayor/town.json';
      await files.writeAtomic(path, (await files.readText(path)) ?? '', { mode: 0o644 });
    },
  },
  routes: {
    'the prefix of the rig leads nowhere': write('.beads/routes.jsonl', '{"prefix":"hq-","path":"."}\n'),
    'one leads to a ledger that does not exist': write(
      '.beads/routes.jsonl',
      '{"prefix":"sh-","path":"shop"}\n{"prefix":"zz-","path":"zz"}\n',
    ),
    'it leads to another rig': write('.beads/routes.jsonl', '{"prefix":"sh-","path":"other"}\n'),
  },
  'agents-fit': {
    'an agent with hooks that gt cannot write': edit('settings/config.json', (doc) => ({
      ...doc,
      agents: { odd: { command: 'odd', hooks: { provider: 'emacs' } } },
    })),
  },
  'ledger-answers': {
    'a database is gone': ({ ctx }) => {
      const { store } = ctx.ports;
      Object.assign(store, { list: async () => ['hq'] });
    },
  },
  'beads-folders': {
    'the rig’s folder leads bd elsewhere': edit('shop/.beads/metadata.json', (doc) => ({
      ...doc,
      sqlite_database: 'other',
    })),
    'the file is gone': remove('shop/.beads/metadata.json'),
  },
  'standing-beads': {
    'the rig’s own bead is gone': sql('shop', "DELETE FROM issues WHERE id = 'sh-rig-shop'"),
    'the mayor’s is gone': sql('hq', "DELETE FROM issues WHERE id = 'hq-mayor'"),
  },
  'ledger-content': {
    'a bead is marked blocked by nothing': async (patient) => {
      await (await patient.ctx.ledgers.open('shop')).transaction('jo', (tx) => tx.create({ title: 'One' }));
      await sql('shop', "UPDATE issues SET is_blocked = 1 WHERE title = 'One'")(patient);
    },
  },
  'rigs-readable': {
    'the rig’s file is torn': write('shop/config.json', '{'),
  },
  'rig-properties': {
    'a property that cannot be': write('.beads-wisp/config/shop.json', '{"values":{"max_polecats":0}}'),
    'one that there is not': write('.beads-wisp/config/shop.json', '{"values":{"max_polecat":3}}'),
  },
  repositories: {
    'the repository is gone': ({ machine }) => machine.files.remove('/town/shop/.repo.git'),
  },
  'refinery-worktree': { 'it is gone': remove('shop/refinery/rig') },
  'mayor-clone': { 'it is gone': remove('shop/mayor/rig') },
  excludes: { 'somebody has emptied the file': write('shop/.repo.git/info/exclude', '# mine\n') },
  'git-hooks': {
    'one is gone': remove('shop/.runtime/git-hooks/pre-push'),
    'one was changed': write('shop/.runtime/git-hooks/pre-push', '#!/bin/sh\nexit 0\n'),
  },
  redirects: {
    'git clean took it': ({ machine, worktree }) => machine.files.remove(`${worktree}/.beads`),
    'it leads elsewhere': ({ machine, worktree }) =>
      machine.files.writeAtomic(`${worktree}/.beads/redirect`, '../../../other/.beads\n'),
  },
  worktrees: {
    'a worktree was deleted by hand': ({ machine, worktree }) => machine.files.remove(worktree),
    'files where a worktree was': async ({ machine, worktree }) => {
      await machine.files.remove(`${worktree}/.git`);
      await machine.files.writeAtomic(`${worktree}/mine.txt`, 'precious');
    },
  },
  'shutting-down': { 'a gt down was killed': write('daemon/shutting-down', '99999\nlong ago\n') },
  reservations: {
    'a dispatch was killed': write('shop/.runtime/zoe.pending', '{"at":"2020-01-01T00:00:00Z"}'),
  },
  daemon: {
    'it was killed': ({ ctx }) => setTownWanted(ctx, 'up'),
  },
};
