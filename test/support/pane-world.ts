import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createClock } from '../../src/adapters/clock.ts';
import { createFiles } from '../../src/adapters/files.ts';
import { createIpc } from '../../src/adapters/ipc.ts';
import { createPanes } from '../../src/adapters/panes.ts';
import { createProcesses } from '../../src/adapters/processes.ts';
import { createTmux } from '../../src/adapters/tmux.ts';
import type { SessionName } from '../../src/core/names.ts';
import type { PaneObservation, PaneRules, PaneStart, PaneState, Panes } from '../../src/ports/panes.ts';
import type { ProcessIdentity, Processes } from '../../src/ports/processes.ts';
import type { Tmux } from '../../src/ports/tmux.ts';
import { PRESETS } from '../../src/runtimes/presets.ts';
import { makeRecord } from '../../src/runtimes/record.ts';
import { PANE_HOST_ARGV } from '../../src/self.ts';
import { panePaths, townPaths } from '../../src/town/layout.ts';
import type { TownPaths } from '../../src/town/layout.ts';
import type { Happening } from '../agent/fake/log.ts';
import type { Step } from '../agent/fake/steps.ts';

const FAKE_AGENT = resolve(import.meta.dirname, '../agent/fake-agent.ts');

const preset = PRESETS['claude'] ?? {};
export const CLAUDE_RULES: PaneRules = makeRecord({
  name: 'claude',
  presetName: 'claude',
  preset,
  custom: false,
}).rules;

export interface AgentPlan {
  readonly spawn?: number;
  readonly steps?: readonly Step[];
  readonly flags?: readonly string[];
  readonly rules?: PaneRules;
  readonly prompt?: string;
  /** Another program instead of the fake agent. */
  readonly argv?: readonly [string, ...string[]];
  readonly cwd?: string;
  /** Added to the world's own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly rootEnv?: Readonly<Record<string, string>>;
}

/** Real hosts with scripted agents in a town folder of their own. */
export class PaneWorld {
  readonly root: string;
  readonly paths: TownPaths;
  readonly panes: Panes;
  readonly tmux: Tmux;
  readonly processes: Processes = createProcesses();
  readonly clock = createClock();
  readonly env: Readonly<Record<string, string>>;
  readonly #started = new Map<SessionName, number>();
  /** Kept apart from the state files, which a test may damage. */
  readonly #processesStarted: ProcessIdentity[] = [];

  /** @param hostArgv another build of the host */
  constructor(root: string, hostArgv: readonly [string, ...string[]] = PANE_HOST_ARGV) {
    this.root = root;
    this.paths = townPaths(root);
    mkdirSync(this.paths.runtimeDir, { recursive: true, mode: 0o700 });
    this.env = {
      PATH: process.env['PATH'] ?? '',
      HOME: root,
      TMUX_TMPDIR: root,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      GT_TEST: '1',
      GT_TEST_RUN: process.env['GT_TEST_RUN'] ?? '',
    };
    const files = createFiles();
    const { processes, clock, paths } = this;
    const filesOf = (session: SessionName) => panePaths(paths, session);
    this.panes = createPanes({
      folder: paths.panesDir,
      filesOf,
      hostArgv,
      hostWords: [root],
      files,
      ipc: createIpc(),
      processes,
      clock,
    });
    this.tmux = createTmux({
      socket: `gt-test-${randomBytes(4).toString('hex')}`,
      configFile: join(root, 'tmux.conf'),
      files,
      processes,
      env: this.env,
      gtLine: 'true',
      barsFile: join(root, 'status-bars'),
    });
  }

  get socket(): string {
    return this.tmux.socket;
  }

  /** Writes start.json and runs the host, in tmux or by itself; resolves when it has written its first state. */
  async start(
    session: SessionName,
    plan: AgentPlan,
    where: 'tmux' | 'detached' = 'detached',
  ): Promise<PaneState> {
    const spawn = await this.prepare(session, plan);
    const argv = this.panes.hostArgv(session);
    if (where === 'tmux')
      await this.tmux.start({
        session,
        cwd: this.root,
        argv,
        env: {},
        look: { address: session, label: session },
      });
    else await this.processes.startDetached({ argv, cwd: this.root, env: this.env, logFile: this.hostLog });
    const seen = await this.until(session, (now) => 'state' in now && now.state.spawn >= spawn);
    const state = stateOf(seen);
    this.#processesStarted.push(...(state.child === undefined ? [] : [state.child]), state.host);
    return state;
  }

  /** Writes start.json; returns the number of the start. */
  async prepare(session: SessionName, plan: AgentPlan): Promise<number> {
    const spawn = plan.spawn ?? (this.#started.get(session) ?? 0) + 1;
    this.#started.set(session, spawn);
    await this.panes.prepare(this.#startOf(session, spawn, plan));
    return spawn;
  }

  #startOf(session: SessionName, spawn: number, plan: AgentPlan): PaneStart {
    const script = join(this.root, `${session}.${spawn}.script.json`);
    writeFileSync(script, JSON.stringify(plan.steps ?? []));
    const fake = [
      process.execPath,
      FAKE_AGENT,
      '--script',
      script,
      '--log',
      this.logOf(session),
      ...(plan.flags ?? []),
    ];
    const [program = '', ...words] = plan.argv ?? fake;
    return {
      session,
      spawn,
      argv: [program, ...words],
      env: { ...this.env, ...plan.env },
      ...(plan.rootEnv === undefined ? {} : { rootEnv: plan.rootEnv }),
      cwd: plan.cwd ?? this.root,
      runtime: 'fake',
      bead: 'pj-1',
      ...(plan.prompt === undefined ? {} : { prompt: plan.prompt }),
      rules: plan.rules ?? CLAUDE_RULES,
    };
  }

  get hostLog(): string {
    return join(this.root, 'host.log');
  }

  logOf(session: SessionName): string {
    return join(this.root, `${session}.log.jsonl`);
  }

  happenings(session: SessionName): readonly Happening[] {
    const path = this.logOf(session);
    if (!existsSync(path)) return [];
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Happening);
  }

  submitted(session: SessionName): readonly string[] {
    return this.happenings(session).flatMap((event) => (event.type === 'submitted' ? [event.text] : []));
  }

  async until(session: SessionName, fits: (seen: PaneObservation) => boolean): Promise<PaneObservation> {
    return this.eventually(`session ${session}`, async () => {
      const seen = await this.panes.observe(session);
      return fits(seen) ? seen : undefined;
    });
  }

  becomes(session: SessionName, phase: PaneState['state']): Promise<PaneObservation> {
    return this.until(session, (seen) => 'state' in seen && seen.state.state === phase);
  }

  /** Polls until there is something; fails after half a minute. */
  async eventually<T>(what: string, check: () => Promise<T | undefined> | T | undefined): Promise<T> {
    const end = performance.now() + 30_000;
    for (;;) {
      const found = await check();
      if (found !== undefined) return found;
      if (performance.now() > end) throw new Error(`waited too long for ${what}\n${await this.#picture()}`);
      await this.clock.sleep(20);
    }
  }

  async #picture(): Promise<string> {
    const log = existsSync(this.hostLog) ? readFileSync(this.hostLog, 'utf8') : '';
    const sessions = [...this.#started.keys()];
    const seen = await Promise.all(sessions.map((session) => this.panes.observe(session)));
    const screens = await Promise.all(
      sessions.map((session) => this.panes.screen(session, 20).catch(String)),
    );
    return [log, ...seen.map((one) => JSON.stringify(one)), ...screens].join('\n');
  }

  /** Runs tmux on the world's own server. */
  async tmuxRun(...args: readonly string[]): Promise<string> {
    const argv = ['tmux', '-L', this.socket, ...args] as const;
    const result = await this.processes.run({ argv, env: this.env });
    if (result.end !== 'exit' || result.code !== 0)
      throw new Error(`tmux ${args.join(' ')}: ${result.stderr}`);
    return result.stdout;
  }

  /** Ends everything by its identity. */
  async dispose(): Promise<void> {
    for (const identity of this.#processesStarted) await this.processes.stopTree(identity, 0);
    await this.processes.run({ argv: ['tmux', '-L', this.socket, 'kill-server'], env: this.env });
  }
}

export function stateOf(seen: PaneObservation): PaneState {
  if (!('state' in seen)) throw new Error(`no state: ${JSON.stringify(seen)}`);
  return seen.state;
}
