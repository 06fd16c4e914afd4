import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseAddress } from '../../../src/core/address.ts';
import type { AgentAddress } from '../../../src/core/address.ts';
import type { TownContext } from '../../../src/beads/context.ts';
import { parsePrefix } from '../../../src/core/names.ts';
import type { SessionName } from '../../../src/core/names.ts';
import { makeCatalog } from '../../../src/runtimes/catalog.ts';
import type { RuntimeRecord } from '../../../src/runtimes/types.ts';
import type { SessionRequest } from '../../../src/sessions/start.ts';
import type { FakeTmux } from '../../fakes/tmux.ts';
import { ROOT, makeMachine } from '../town/fake-town.ts';
import type { FakeMachine } from '../town/fake-town.ts';

export { ROOT };
const TEMPLATES = resolve(import.meta.dirname, '../../../templates');
export const TOAST = 'pj-toast' as SessionName;
export const WORKTREE = `${ROOT}/proj/polecats/toast/proj`;

/** A town with rig `proj` (prefix `pj`) and the worktree of its polecat toast; no ledger. */
export interface SessionTown extends Omit<FakeMachine, 'context' | 'install'> {
  readonly ctx: TownContext;
  readonly tmux: FakeTmux;
  runtime(name: string): RuntimeRecord;
  request(more?: Partial<SessionRequest>): SessionRequest;
  json(path: string): Promise<Readonly<Record<string, unknown>>>;
}

export async function makeSessionTown(env: Readonly<Record<string, string>> = {}): Promise<SessionTown> {
  const machine = makeMachine();
  const { files } = machine;
  await files.writeAtomic(
    `${ROOT}/mayor/rigs.json`,
    '{"version":1,"rigs":{"proj":{"git_url":"/r.git","beads":{"prefix":"pj"}}}}',
  );
  await files.writeAtomic(
    `${ROOT}/proj/config.json`,
    '{"type":"rig","version":1,"name":"proj","default_branch":"main"}',
  );
  for (const folder of ['commands', 'runtimes']) {
    for (const name of readdirSync(join(TEMPLATES, folder)))
      await files.writeAtomic(`/templates/${folder}/${name}`, readFileSync(join(TEMPLATES, folder, name)));
  }
  await files.makeDir(`${ROOT}/proj/.repo.git`);
  await files.makeDir(WORKTREE);
  const base = machine.context();
  const ctx = { ...base, env: { PATH: '/usr/bin:/bin', HOME: '/home/jo', ...env } };
  const catalog = makeCatalog({ town: {}, rig: {}, custom: [], registries: [] }, ctx.gtArgv);
  const runtime = (name: string): RuntimeRecord => catalog.get(name);
  return {
    ...machine,
    ctx,
    tmux: machine.ports.tmux as FakeTmux,
    runtime,
    request: (more = {}) => ({
      address: toast(),
      prefix: parsePrefix('pj'),
      spawn: 1,
      runtime: runtime('claude'),
      cwd: WORKTREE,
      bead: 'pj-1',
      branch: 'polecat/toast/pj-1@abc',
      prompt: 'work on pj-1',
      ...more,
    }),
    json: async (path) =>
      JSON.parse((await files.readText(path)) ?? 'null') as Readonly<Record<string, unknown>>,
  };
}

export function toast(): AgentAddress {
  return parseAddress('proj/polecats/toast');
}
