import { resolve } from 'node:path';
import { spawn } from 'node-pty';
import type { Pty } from 'node-pty';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionName } from '../../src/core/names.ts';
import { PaneWorld, stateOf } from '../support/pane-world.ts';
import { tempDirs } from '../support/temp-dir.ts';

const tempDir = tempDirs();
const TOAST = 'pj-toast' as SessionName;
const CLIENT = resolve(import.meta.dirname, '../support/attach-client.ts');
const DETACH = '\u001D';

let world: PaneWorld;
const terminals: Terminal[] = [];
beforeEach(() => {
  world = new PaneWorld(tempDir());
});
afterEach(async () => {
  for (const terminal of terminals.splice(0)) terminal.close();
  await world.dispose();
});

/** A person's terminal that runs the attach client. */
class Terminal {
  shown = '';
  readonly #pty: Pty;

  constructor(size: { readonly columns: number; readonly rows: number }) {
    this.#pty = spawn(process.execPath, [CLIENT, world.root, TOAST], {
      name: 'xterm-256color',
      cols: size.columns,
      rows: size.rows,
      cwd: world.root,
      env: world.env,
      encoding: null,
    });
    this.#pty.onData((bytes) => (this.shown += bytes.toString('utf8')));
    terminals.push(this);
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  resize(columns: number, rows: number): void {
    this.#pty.resize(columns, rows);
  }

  async shows(text: string): Promise<void> {
    await world.eventually(`'${text}' in ${JSON.stringify(this.shown)}`, () =>
      this.shown.includes(text) ? true : undefined,
    );
  }

  close(): void {
    this.#pty.kill('SIGKILL');
  }
}

describe('gt attach without tmux', () => {
  it('shows the screen, passes keys on, and leaves the agent alone', async () => {
    await world.start(TOAST, { steps: [{ print: 'printed before' }] });
    await world.becomes(TOAST, 'idle');
    const terminal = new Terminal({ columns: 100, rows: 30 });
    await terminal.shows('printed before');
    expect(stateOf(await world.until(TOAST, (seen) => stateOf(seen).attached)).attached).toBe(true);
    terminal.type('hello from a person\r');
    await world.eventually('the text', () => (world.submitted(TOAST).length > 0 ? true : undefined));
    await terminal.shows('• hello from a person');
    terminal.type(DETACH);
    await terminal.shows('END detached');
    expect(stateOf(await world.until(TOAST, (seen) => !stateOf(seen).attached)).state).toBe('idle');
    expect(world.submitted(TOAST)).toEqual(['hello from a person']);
  });

  it('gives the agent the size of the terminal, also when it changes', async () => {
    const script = 'trap "stty size" WINCH; echo up; while :; do sleep 0.05; done';
    await world.start(TOAST, { argv: ['sh', '-c', script] });
    const terminal = new Terminal({ columns: 91, rows: 31 });
    await terminal.shows('31 91');
    terminal.resize(77, 22);
    await terminal.shows('22 77');
  });

  it('P12: what is typed there counts as a person typing', async () => {
    await world.start(TOAST, {});
    await world.becomes(TOAST, 'idle');
    const terminal = new Terminal({ columns: 100, rows: 30 });
    await terminal.shows('❯');
    terminal.type('half a sen');
    await terminal.shows('half a sen');
    expect(await world.panes.inject(TOAST, { text: 'nudge', mode: 'immediate', waitMs: 0 })).toEqual({
      sent: false,
      why: 'a person is typing',
    });
  });

  it('the newest terminal takes over', async () => {
    await world.start(TOAST, {});
    await world.becomes(TOAST, 'idle');
    const first = new Terminal({ columns: 100, rows: 30 });
    await first.shows('❯');
    const second = new Terminal({ columns: 90, rows: 20 });
    await second.shows('❯');
    await first.shows('END taken');
  });

  it('ends with the agent', async () => {
    await world.start(TOAST, {});
    await world.becomes(TOAST, 'idle');
    const terminal = new Terminal({ columns: 100, rows: 30 });
    await terminal.shows('❯');
    terminal.type('/exit\r');
    await terminal.shows('END ended');
    expect(stateOf(await world.becomes(TOAST, 'exited')).exit).toEqual({ code: 0, signal: null });
  });

  it('is refused by a host in tmux, which has its own way', async () => {
    await world.start(TOAST, {}, 'tmux');
    const terminal = new Terminal({ columns: 100, rows: 30 });
    await terminal.shows('attach there');
  });

  it('a terminal that takes nothing more is let go, and the agent goes on', async () => {
    const flood =
      'while :; do echo "a flood that fills every buffer on its way to a terminal that has stopped reading"; done';
    await world.start(TOAST, { argv: ['sh', '-c', flood] });
    const terminal = new Terminal({ columns: 100, rows: 30 });
    await terminal.shows('flood');
    await world.until(TOAST, (seen) => stateOf(seen).attached);
    const client = (await world.processes.list()).find(
      ({ argv }) => argv.includes(CLIENT) && argv.includes(world.root),
    );
    process.kill(client?.pid ?? 0, 'SIGSTOP');
    await world.until(TOAST, (seen) => !stateOf(seen).attached);
    expect((await world.panes.observe(TOAST)).kind).toBe('live');
  });
});
