import type { TownContext } from '../beads/context.ts';
import { messageOf } from '../core/errors.ts';
import type { ProcessIdentity } from '../ports/processes.ts';
import { readRigs } from '../rig/registry.ts';
import { readTownSettings } from '../town/settings.ts';
import { readWanted, refineryWanted } from '../town/wanted.ts';
import { createBell } from './bell.ts';
import type { Bell } from './bell.ts';
import { parseDaemonRequest } from './daemon-protocol.ts';
import type { DaemonAnswer, DaemonView } from './daemon-protocol.ts';
import { writeDaemonPid, writeDaemonRecord } from './daemon-files.ts';
import { rotateDaemonLog } from './daemon-log.ts';
import type { CodeWatch } from './code-watch.ts';
import type { EngineDeps } from './engine-loop.ts';
import { createEngines } from './engines.ts';
import type { Engines } from './engines.ts';
import type { Hands } from './hands.ts';
import { commitVersions } from './version-commits.ts';
import { createTownWatch } from './town-watch.ts';
import type { TownWatch } from './town-watch.ts';
import { NEW_MEMORY } from './memory.ts';
import { daemonPass } from './pass.ts';
import { guardSessions } from './session-guard.ts';
import { guardStore } from './store-guard.ts';
import { makeBars } from './view/bars.ts';
import type { DrawBars } from './view/bars.ts';
import { FRESH_MS } from './view/kept-bars.ts';
import type { Bars } from './view/kept-bars.ts';

/** Why the daemon ended. */
export type DaemonEnd = 'told' | 'wanted-down' | 'town-gone' | 'new-code';

export interface DaemonDeps {
  /** Aborted by TERM and INT. */
  readonly signal: AbortSignal;
  readonly hands: Hands;
  readonly tick: EngineDeps['tick'];
  readonly drawBars: DrawBars;
  /** Whether this program is another one on disk by now. */
  readonly code: CodeWatch;
}

/** Between two looks that cost no pass. */
const LIGHT_MS = 30_000;
/** For new code a gate that runs is waited for, but not for ever: it is run again. */
const GATE_PATIENCE_MS = 15 * 60_000;

/** The daemon without its lock and socket: `run` is its life, `answer` what it says meanwhile. */
export class Daemon {
  readonly #ctx: TownContext;
  readonly #deps: DaemonDeps;
  readonly #self: ProcessIdentity;
  readonly #town: TownWatch;
  readonly #bell: Bell;
  readonly #engines: Engines;
  readonly #stopping = new AbortController();
  readonly #startedAt: string;
  #heartbeats = 0;
  #look = '';
  #troubles: readonly string[] = [];
  #memory = NEW_MEMORY;
  #guards: readonly Promise<void>[] = [];
  /** Those who asked for a pass and wait for its end. */
  #waiting: (() => void)[] = [];
  /** Monotonic ms of the next full pass, and of whatever the last pass said is due. */
  #fullAt: number;
  #dueAt = Infinity;
  /** Monotonic ms since when new code lies there. */
  #newSince: number | undefined;
  #drawn: { readonly at: number; readonly bars: Promise<Bars> } | undefined;

  static async create(ctx: TownContext, deps: DaemonDeps): Promise<Daemon> {
    return new Daemon(ctx, deps, {
      self: await ctx.ports.processes.self(),
      town: await createTownWatch(ctx),
    });
  }

  private constructor(
    ctx: TownContext,
    deps: DaemonDeps,
    { self, town }: { readonly self: ProcessIdentity; readonly town: TownWatch },
  ) {
    this.#ctx = ctx;
    this.#deps = deps;
    this.#self = self;
    this.#town = town;
    this.#bell = createBell(ctx.ports.clock);
    this.#engines = createEngines(ctx, { tick: deps.tick, onProgress: () => this.#bell.ring() });
    this.#startedAt = new Date(ctx.ports.clock.now()).toISOString();
    this.#fullAt = ctx.ports.clock.monotonic();
  }

  /** Looks and acts until it has to end. */
  async run(): Promise<DaemonEnd> {
    const { clock } = this.#ctx.ports;
    const signal = AbortSignal.any([this.#deps.signal, this.#stopping.signal]);
    await writeDaemonPid(this.#ctx, this.#self.pid);
    const { hands } = this.#deps;
    this.#guards = [
      guardStore(this.#ctx, { hands, onStarted: () => this.#wake(), signal }),
      guardSessions({ clock, town: this.#town, onEnded: () => this.#bell.ring(), signal }),
    ];
    let isRung = true;
    while (!signal.aborted) {
      const end = await this.#round(isRung);
      if (end !== undefined) return end;
      const pause = Math.min(LIGHT_MS, this.#fullAt - clock.monotonic(), this.#dueAt - clock.monotonic());
      isRung = await this.#bell.wait(Math.max(0, pause), signal);
    }
    return 'told';
  }

  /** A disk that is full or cannot be read ends no daemon either: nobody would be there when it is well again. */
  async #round(isRung: boolean): Promise<DaemonEnd | undefined> {
    const { clock } = this.#ctx.ports;
    try {
      if (await this.#town.isGone()) return 'town-gone';
      const before = this.#look;
      this.#look = await this.#town.look();
      const isDue = clock.monotonic() >= Math.min(this.#fullAt, this.#dueAt);
      if ((isRung || isDue || this.#look !== before) && (await this.#pass()) === 'down') return 'wanted-down';
      if (await this.#town.isGone()) return 'town-gone';
      this.#heartbeats += 1;
      await this.#record(true);
      if (await this.#mustRenew()) return 'new-code';
    } catch (error) {
      this.#fail(error);
    }
    return undefined;
  }

  /** Between two passes, and not in the middle of a merge engine's work. */
  async #mustRenew(): Promise<boolean> {
    if (!(await this.#deps.code.isNew())) return false;
    const now = this.#ctx.ports.clock.monotonic();
    this.#newSince ??= now;
    const isAtWork = this.#engines.views().some(({ state }) => state === 'working');
    return !isAtWork || now - this.#newSince >= GATE_PATIENCE_MS;
  }

  /** One request of the socket. */
  async answer(message: unknown): Promise<DaemonAnswer> {
    const { op } = parseDaemonRequest(message);
    switch (op) {
      case 'wake':
        this.#wake();
        return { ok: true };
      case 'stop':
        this.#stopping.abort();
        return { ok: true };
      case 'pass':
        await this.#nextPass();
        return { ok: true, view: this.#view() };
      case 'status':
        return { ok: true, view: this.#view() };
      case 'bars':
        return { ok: true, bars: await this.#bars() };
    }
  }

  /** Ends the engines and leaves word that nobody watches any more; in a lost town, ends all that still runs. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([this.#engines.stopAll(), ...this.#guards]);
    for (const done of this.#waiting.splice(0)) done();
    try {
      if (await this.#town.isGone()) return await this.#town.stopKnown();
      await this.#record(false);
      await commitVersions(this.#ctx, 'daemon ends');
    } catch (error) {
      // The rows are safe; only their history gets this entry later.
      this.#ctx.ports.log.warn('end not written down', { why: messageOf(error) });
    }
  }

  /** Trouble is kept for status and never ends the daemon. */
  async #pass(): Promise<'up' | 'down'> {
    const { clock } = this.#ctx.ports;
    const asked = this.#waiting.splice(0);
    const full = clock.monotonic() >= this.#fullAt;
    try {
      const { report, memory } = await daemonPass(this.#ctx, {
        hands: this.#deps.hands,
        memory: this.#memory,
        full,
      });
      this.#memory = memory;
      this.#troubles = report.troubles;
      this.#dueAt = report.nextInMs === undefined ? Infinity : clock.monotonic() + report.nextInMs;
      if (report.wanted === 'up') await followRigs(this.#ctx, this.#engines);
      if (full) {
        await rotateDaemonLog(this.#ctx);
        this.#fullAt = clock.monotonic() + (await fullInterval(this.#ctx));
      }
      return report.wanted;
    } catch (error) {
      this.#fail(error);
      return 'up';
    } finally {
      for (const done of asked) done();
    }
  }

  #fail(error: unknown): void {
    const { clock, log } = this.#ctx.ports;
    this.#troubles = [messageOf(error)];
    this.#fullAt = clock.monotonic() + LIGHT_MS;
    this.#dueAt = Infinity;
    log.warn('pass failed', { why: messageOf(error) });
  }

  #wake(): void {
    this.#bell.ring();
    this.#engines.wakeAll();
  }

  /** One look serves everybody who asks meanwhile and for some seconds after. */
  #bars(): Promise<Bars> {
    const now = this.#ctx.ports.clock.monotonic();
    if (this.#drawn === undefined || now - this.#drawn.at >= FRESH_MS) {
      const bars = makeBars(this.#ctx, this.#deps.drawBars);
      const drawn = { at: now, bars };
      this.#drawn = drawn;
      bars.catch(() => (this.#drawn = this.#drawn === drawn ? undefined : this.#drawn));
    }
    return this.#drawn.bars;
  }

  #nextPass(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#bell.ring();
    });
  }

  #record(running: boolean): Promise<void> {
    const { pid, start } = this.#self;
    const record = { running, pid, start, startedAt: this.#startedAt, heartbeats: this.#heartbeats };
    return writeDaemonRecord(this.#ctx, record);
  }

  #view(): DaemonView {
    return {
      pid: this.#self.pid,
      heartbeats: this.#heartbeats,
      troubles: [...this.#troubles],
      engines: [...this.#engines.views()],
    };
  }
}

async function followRigs(ctx: TownContext, engines: Engines): Promise<void> {
  const [{ rigs }, wanted] = await Promise.all([readRigs(ctx), readWanted(ctx)]);
  await engines.follow(rigs.filter((rig) => refineryWanted(wanted, rig.name)));
}

export async function fullInterval(ctx: TownContext): Promise<number> {
  return (await readTownSettings(ctx)).get('operational.daemon.recovery_heartbeat_interval');
}
