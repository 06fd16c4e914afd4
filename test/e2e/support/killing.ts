import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBareRepository, git } from './repository.ts';
import { createTestHome } from './town.ts';
import type { Outcome, TestHome } from './town.ts';

export interface BeadRow {
  readonly id: string;
  readonly status: string;
  readonly assignee?: string;
}

export interface PaneFile {
  readonly spawn: number;
  readonly state: string;
  readonly host: { readonly pid: number };
  readonly child: { readonly pid: number };
}

export interface Killing {
  readonly begin: () => Promise<Outcome>;
  readonly kill: () => Promise<void>;
}

/** `F1:before`, `F1:after`, `F2:before` … of the steps `from` to `to` of spec 11. */
export function stepsOf(letter: 'F' | 'G' | 'H', from: number, to: number): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `${letter}${from + index}`).flatMap((step) => [
    `${step}:before`,
    `${step}:after`,
  ]);
}

/** A town with one rig whose gate always passes, in which something is killed while a step is held. */
export class KillTown {
  readonly home: TestHome;
  readonly origin: string;

  private constructor(home: TestHome, origin: string) {
    this.home = home;
    this.origin = origin;
  }

  /** @param store words for `gt install` */
  static async create(...store: readonly string[]): Promise<KillTown> {
    const home = createTestHome();
    const origin = createBareRepository(join(home.home, 'origin.git'));
    mkdirSync(join(home.home, 'holds'));
    await home.gt('install', home.town, '--store', ...store);
    await home.gt('config', 'set', 'scheduler.max_polecats', '-1');
    await home.gt('rig', 'add', 'proj', origin, '--prefix', 'pj');
    await home.gt('rig', 'settings', 'set', 'proj', 'merge_queue.test_command', 'true');
    return new KillTown(home, origin);
  }

  dispose(): Promise<void> {
    return this.home.dispose();
  }

  async createBeads(titles: readonly string[]): Promise<readonly string[]> {
    const ids: string[] = [];
    for (const title of titles)
      ids.push(((await this.home.bdJson('create', title, '--rig', 'proj')) as BeadRow).id);
    return ids;
  }

  async bead(id: string): Promise<BeadRow> {
    const row = ((await this.home.bdJson('show', id)) as BeadRow[])[0];
    if (row === undefined) throw new Error(`no bead ${id}`);
    return row;
  }

  /** To the script runtime, with real edits of a file of its own. */
  sling(ids: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const script = 'echo work > file-$GT_ISSUE';
    return this.home.tryGt(['sling', ...ids, 'proj', '--agent', 'script', '--script', script], { env });
  }

  /** Beads by the trailers of the commits on the remote's main, sorted; one landed twice is there twice. */
  landed(): readonly string[] {
    return git(this.origin, 'log', '--format=%(trailers:key=Gt-Issue,valueonly,separator=%x2C)', 'main')
      .split('\n')
      .filter((line) => line !== '')
      .toSorted();
  }

  async untilClosed(ids: readonly string[]): Promise<void> {
    await this.home.until(`closed: ${ids.join(' ')}`, async () => {
      const listed = this.home.bdJson('-C', 'proj', 'list', '--all', '-n', '0', '-t', 'task');
      // A ledger that is just being started again answers the next question.
      const rows = (await listed.catch(() => [])) as BeadRow[];
      return ids.every((id) => rows.find((row) => row.id === id)?.status === 'closed') ? true : undefined;
    });
  }

  async untilSubmitted(count: number): Promise<void> {
    await this.home.until(`${count} merge requests`, async () =>
      ((await this.home.gtJson('mq', 'list', 'proj')) as unknown[]).length === count ? true : undefined,
    );
  }

  /** The first process that comes to this step waits there until `release`. */
  hold(step: string): void {
    writeFileSync(join(this.home.home, 'holds', step), '');
  }

  async untilHeld(step: string): Promise<void> {
    await this.home.until(`somebody at ${step}`, async () =>
      existsSync(join(this.home.home, 'holds', `${step}.held`)) ? true : undefined,
    );
  }

  release(step: string): void {
    rmSync(join(this.home.home, 'holds', `${step}.held`));
  }

  /** Kills what `begin` has brought to each step in turn, begun anew for each. */
  async killAtEach(steps: readonly string[], { begin, kill }: Killing): Promise<void> {
    this.hold(steps[0] ?? '');
    for (const index of steps.keys()) {
      const begun = begin();
      await this.killHeld(steps, index, kill);
      await begun;
    }
  }

  /** Kills at each step in turn what the process that `begin` starts needs; it lives on to the next. */
  async killBeside(steps: readonly string[], { begin, kill }: Killing): Promise<Outcome> {
    this.hold(steps[0] ?? '');
    const begun = begin();
    for (const index of steps.keys()) await this.killHeld(steps, index, kill);
    return begun;
  }

  private async killHeld(steps: readonly string[], index: number, kill: () => Promise<void>): Promise<void> {
    const [step = '', next] = steps.slice(index);
    await this.untilHeld(step);
    await kill();
    if (next !== undefined) this.hold(next);
    this.release(step);
  }

  /** Work of these beads in the merge queue, and no daemon to land it. */
  async submit(ids: readonly string[]): Promise<void> {
    await this.home.gt('daemon', 'stop');
    await this.sling(ids);
    await this.untilSubmitted(ids.length);
  }

  /**
   * The agents of these beads, one at each of these steps of `gt done`: every agent stops at the first one where
   * none waits yet. No daemon runs, which would be stopped there too.
   */
  async holdDone(ids: readonly string[], steps: readonly string[]): Promise<void> {
    await this.home.gt('daemon', 'stop');
    for (const step of steps) this.hold(step);
    const { code, stderr } = await this.sling(ids);
    if (code !== 0) throw new Error(stderr);
    for (const step of steps) await this.untilHeld(step);
  }

  async killDaemon(): Promise<void> {
    // Not state.json: a daemon that is held in its first pass has not written that yet.
    const pid = Number.parseInt(readFileSync(join(this.home.town, 'daemon/daemon.pid'), 'utf8'), 10);
    if (hasEnded(pid)) throw new Error(`the daemon ${pid} has ended by itself`);
    await this.kill(pid);
  }

  serverPid(): number {
    return (this.json('daemon/dolt-state.json') as { pid: number }).pid;
  }

  /** The live session of a bead's worker, once its agent runs. */
  async pane(id: string): Promise<PaneFile> {
    const worker = (await this.bead(id)).assignee?.split('/').at(-1) ?? '';
    const file = `.runtime/panes/pj-${worker}.state.json`;
    return this.home.until(`a session for ${id}`, async () => {
      if (!existsSync(join(this.home.town, file))) return undefined;
      const pane = this.json(file) as PaneFile;
      return pane.state === 'exited' || pane.child === undefined ? undefined : pane;
    });
  }

  /** SIGKILL; resolves when it has ended, collected by its parent or not. */
  async kill(pid: number): Promise<void> {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It had ended by itself.
    }
    await this.home.until(`the end of ${pid}`, async () => (hasEnded(pid) ? true : undefined));
  }

  private json(path: string): unknown {
    return JSON.parse(readFileSync(join(this.home.town, path), 'utf8')) as unknown;
  }
}

function hasEnded(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return true;
  }
}
