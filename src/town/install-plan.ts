import { basename, join } from 'node:path';
import { RefusedError } from '../core/errors.ts';
import type { StoreKind } from '../ports/store.ts';
import type { DoltEndpoint } from './beads-files.ts';
import { anchorText } from './anchor.ts';
import { isLocalDolt } from './dolt-address.ts';
import { formatJson } from './json-file.ts';
import { townPaths, type TownPaths } from './layout.ts';
import { howToGet, refuseUnfit, type GitIdentity, type Tools } from './tools.ts';

export interface InstallRequest {
  /** Absolute. */
  readonly root: string;
  readonly store: StoreKind;
  readonly name?: string;
  readonly owner?: string;
  readonly publicName?: string;
  /** Repair an existing town, or make one inside another. */
  readonly force: boolean;
  readonly dolt: DoltEndpoint;
  /** Whether agents start with the flag that turns their own questions off. */
  readonly permissions: 'skip' | 'ask';
}

/** What was found out before anything is written. */
export interface InstallFacts {
  readonly tools: Tools;
  /** The outermost town around `root`, which may be `root` itself. */
  readonly townAround: string | undefined;
  /** An earlier install of `root` did not finish. */
  readonly unfinished: boolean;
  readonly target: 'absent' | 'folder' | 'other';
  readonly human: GitIdentity & { readonly username: string };
  /** RFC 3339. */
  readonly now: string;
  /** Who listens on the Dolt port now; asked only for a Dolt town. */
  readonly portHolder: PortHolder | undefined;
}

export interface PortHolder {
  /** 0 = somebody we may not see. */
  readonly pid: number;
  /** Executable base name, where we may see it. */
  readonly program?: string;
  /** A port nearby on which nobody listens. */
  readonly free: number;
}

/** One thing to make. Existing files, folders and links are never changed. */
export type InstallAction =
  | { readonly kind: 'folder'; readonly path: string; readonly mode: number }
  | { readonly kind: 'file'; readonly path: string; readonly content: string; readonly mode: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

export interface InstallPlan {
  readonly root: string;
  readonly name: string;
  readonly store: StoreKind;
  readonly actions: readonly InstallAction[];
  /** Lines for the person who installs. */
  readonly notes: readonly string[];
}

/** Stands in the town while it is being made; an install that finds it goes on where the last one ended. */
export const INSTALLING_MARKER = '.gt-installing';

/** Decides an install, or refuses it before anything was touched. */
export function planInstall(request: InstallRequest, facts: InstallFacts): InstallPlan {
  refuseUnfit(facts.tools, { needsDolt: request.store === 'dolt' && isLocalDolt(request.dolt.host) });
  refusePlace(request, facts);
  refusePort(request, facts);
  const name = request.name ?? basename(request.root);
  return {
    root: request.root,
    name,
    store: request.store,
    actions: [...folders(townPaths(request.root)), ...files(request, facts, name)],
    notes: notesOf(request, facts),
  };
}

function refusePlace(request: InstallRequest, facts: InstallFacts): void {
  const { root, force } = request;
  if (facts.target === 'other') {
    throw new RefusedError({ code: 'install.not-a-folder', message: `${root} is a file, not a folder` });
  }
  if (force || facts.unfinished || facts.townAround === undefined) return;
  const here = facts.townAround === root;
  throw new RefusedError({
    code: here ? 'install.exists' : 'install.nested',
    message: here ? `${root} is a town already` : `${root} lies inside the town ${facts.townAround}`,
    hint: here ? 'Run: gt up' : 'Choose a folder outside of it',
  });
}

function refusePort(request: InstallRequest, facts: InstallFacts): void {
  const { portHolder: holder } = facts;
  if (request.store !== 'dolt' || holder === undefined) return;
  const who = holder.pid === 0 ? 'another program' : `${holder.program ?? 'a process'} (pid ${holder.pid})`;
  throw new RefusedError({
    code: 'install.port-taken',
    message: `port ${request.dolt.port} is used by ${who}`,
    hint: `Choose a free one: --dolt-port ${holder.free}`,
  });
}

function folders(paths: TownPaths): readonly InstallAction[] {
  const open = [
    paths.root,
    join(paths.root, 'mayor'),
    join(paths.root, 'settings'),
    join(paths.root, 'logs'),
  ];
  const own = [paths.daemonDir, paths.runtimeDir, paths.locksDir, paths.panesDir, paths.beadsDir];
  return [
    ...open.map((path): InstallAction => ({ kind: 'folder', path, mode: 0o755 })),
    ...own.map((path): InstallAction => ({ kind: 'folder', path, mode: 0o700 })),
  ];
}

function files(request: InstallRequest, facts: InstallFacts, name: string): readonly InstallAction[] {
  const paths = townPaths(request.root);
  const json = (path: string, doc: unknown): InstallAction => ({
    kind: 'file',
    path,
    content: formatJson(doc),
    mode: 0o600,
  });
  const owner = request.owner ?? facts.human.email;
  return [
    // First: whoever finds the other files without this one knows that they are somebody else's.
    json(join(request.root, INSTALLING_MARKER), { since: facts.now }),
    json(paths.townFile, {
      type: 'town',
      version: 2,
      name,
      ...(owner === '' ? {} : { owner }),
      public_name: request.publicName ?? name,
      created_at: facts.now,
      store: { kind: request.store },
    }),
    json(paths.rigsFile, { version: 1, rigs: {} }),
    json(paths.daemonConfigFile, daemonConfig(request)),
    json(paths.overseerFile, overseer(facts)),
    json(paths.settingsFile, { type: 'town-settings', version: 1, ...agentSettings(request, facts.tools) }),
    json(paths.escalationFile, ESCALATION),
    { kind: 'file', path: join(paths.root, 'CLAUDE.md'), content: anchorText(name), mode: 0o644 },
    { kind: 'link', path: join(paths.root, 'AGENTS.md'), target: 'CLAUDE.md' },
  ];
}

const OFF = { enabled: false, interval: '5m' };

/** AI patrols are off: watching costs no tokens (DESIGN D6). */
export const DAEMON_DEFAULTS = {
  type: 'daemon-patrol-config',
  version: 1,
  heartbeat: { enabled: true, interval: '3m' },
  patrols: { deacon: OFF, witness: OFF, refinery: OFF },
};

function daemonConfig({ store, dolt }: InstallRequest): unknown {
  const host = isLocalDolt(dolt.host) ? {} : { GT_DOLT_HOST: dolt.host };
  return {
    ...DAEMON_DEFAULTS,
    ...(store === 'dolt' ? { env: { ...host, GT_DOLT_PORT: String(dolt.port) } } : {}),
  };
}

function overseer({ human }: InstallFacts): unknown {
  const known = human.name !== '' || human.email !== '';
  return {
    type: 'overseer',
    version: 1,
    name: human.name || human.username || 'overseer',
    ...(human.email === '' ? {} : { email: human.email }),
    ...(human.username === '' ? {} : { username: human.username }),
    source: known ? 'git-config' : 'environment',
  };
}

const ESCALATION = {
  type: 'escalation',
  version: 1,
  routes: {
    critical: ['bead', 'mail:mayor', 'email:human', 'sms:human'],
    high: ['bead', 'mail:mayor', 'email:human'],
    medium: ['bead', 'mail:mayor'],
    low: ['bead'],
  },
  contacts: {},
  stale_threshold: '4h',
  max_reescalations: 2,
};

function notesOf(request: InstallRequest, { tools, human }: InstallFacts): readonly string[] {
  return [
    ...(tools.tmux.state === 'ok'
      ? []
      : [`tmux is not installed: agents run detached, see them with gt attach (${howToGet(tools, 'tmux')})`]),
    ...agentNotes(request, tools),
    ...(request.store === 'sqlite' && tools.dolt.state === 'ok'
      ? ['Dolt is installed: history, branches and federation come with gt install --store dolt']
      : []),
    ...(human.email === ''
      ? ['git has no user.email: set it before you commit by hand in a crew clone']
      : []),
  ];
}

/** What agents may do is the person's choice, and said once (P26). */
function agentNotes({ permissions }: InstallRequest, { agents }: Tools): readonly string[] {
  const [first] = agents;
  if (first === undefined) {
    return [
      'no agent program was found: install one (npm install -g @anthropic-ai/claude-code), or work with --agent script',
    ];
  }
  return permissions === 'skip'
    ? [
        `agents (${first}) run with their own permission checks off and can do what you can do; otherwise: --permissions ask`,
      ]
    : [`agents (${first}) ask before they act: somebody has to answer in their terminals (gt attach)`];
}

/** The runtime that is here; the settings of one that shall ask leave the flag out that turns its questions off. */
function agentSettings(
  { permissions }: InstallRequest,
  { agents }: Tools,
): Readonly<Record<string, unknown>> {
  const name = agents[0] ?? 'claude';
  const asking = { [name]: { provider: name, command: ASKING[name] ?? name, args: [] } };
  return { default_agent: name, ...(permissions === 'skip' ? {} : { agents: asking }) };
}

const ASKING: Readonly<Record<string, string>> = { cursor: 'cursor-agent' };
