import type { Socket } from 'node:net';
import { TAKEN_MARK } from '../adapters/panes/protocol.ts';
import type { PaneState } from '../ports/panes.ts';

/** A looker-on that takes nothing any more is dropped: it must not hold the agent. */
const MAX_PENDING_BYTES = 4 * 1024 * 1024;

/** Who is connected over the socket: at most one terminal, and any number of listeners to the state. */
export class Audience {
  #terminal: Socket | undefined;
  readonly #listeners = new Set<Socket>();

  get attached(): boolean {
    return this.#terminal !== undefined;
  }

  /** The newest terminal wins; two would both answer the agent's queries. */
  attach(socket: Socket, onInput: (bytes: Uint8Array) => void, onClose: () => void): void {
    this.#terminal?.end(TAKEN_MARK);
    this.#terminal = socket;
    socket.on('data', onInput);
    socket.once('close', () => {
      if (this.#terminal === socket) this.#terminal = undefined;
      onClose();
    });
    socket.resume();
  }

  show(bytes: Uint8Array | string): void {
    const terminal = this.#terminal;
    if (terminal === undefined) return;
    terminal.write(bytes);
    if (terminal.writableLength > MAX_PENDING_BYTES) terminal.destroy();
  }

  subscribe(socket: Socket): void {
    this.#listeners.add(socket);
    socket.once('close', () => this.#listeners.delete(socket));
    socket.resume();
  }

  tell(state: PaneState): void {
    for (const socket of this.#listeners) socket.write(`${JSON.stringify(state)}\n`);
  }
}
