import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createIpc } from '../../../src/adapters/ipc.ts';
import type { TestHome } from './town.ts';

/** What a pane host has written of its session. */
export interface PaneFile {
  readonly spawn: number;
  readonly state: string;
  readonly bead?: string;
  readonly conversation?: string;
  readonly host: { readonly pid: number };
  readonly child?: { readonly pid: number };
}

/** One session of a town, by what its host says of it. */
export class Pane {
  readonly session: string;
  readonly #home: TestHome;

  constructor(home: TestHome, session: string) {
    this.#home = home;
    this.session = session;
  }

  read(): PaneFile | undefined {
    const file = join(this.#home.town, `.runtime/panes/${this.session}.state.json`);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PaneFile) : undefined;
  }

  until(what: string, fits: (pane: PaneFile) => boolean): Promise<PaneFile> {
    return this.#home.until(`${this.session}: ${what}`, async () => {
      const seen = this.read();
      return seen !== undefined && fits(seen) ? seen : undefined;
    });
  }

  untilIdle(spawn = 1): Promise<PaneFile> {
    return this.until(
      `at its prompt, start ${spawn}`,
      (pane) => pane.spawn === spawn && pane.state === 'idle',
    );
  }

  /** Types into it what no nudge could be, as a person at its terminal. */
  type(text: string): Promise<unknown> {
    return this.ask({ op: 'inject', text, mode: 'when-idle', waitMs: 5000 });
  }

  ask(request: Readonly<Record<string, unknown>>): Promise<unknown> {
    const socket = join(this.#home.town, `.runtime/panes/${this.session}.sock`);
    return createIpc().request(socket, { spawn: this.read()?.spawn, ...request }, 10_000);
  }
}

export interface Worker {
  readonly id: string;
  readonly name: string;
  readonly worktree: string;
  readonly pane: Pane;
}

/** A new bead of the rig `proj`, slung. */
export async function slingBead(
  home: TestHome,
  title: string,
  words: readonly string[] = [],
): Promise<Worker> {
  const { id } = (await home.bdJson('create', title, '--rig', 'proj')) as { readonly id: string };
  await home.gt('sling', id, 'proj', ...words);
  const rows = (await home.gtJson('polecat', 'list', 'proj')) as readonly { name: string; issue?: string }[];
  const name = rows.find(({ issue }) => issue === id)?.name ?? '';
  const worktree = join(home.town, 'proj/polecats', name, 'proj');
  return { id, name, worktree, pane: new Pane(home, `pj-${name}`) };
}
